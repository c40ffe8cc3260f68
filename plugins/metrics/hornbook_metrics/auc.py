"""The area under a curve, of the probabilities that the model's outputs stand for."""

from collections.abc import Sequence
from typing import Any, Literal

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="hornbook_metrics")
class SoftmaxAUC(keras.metrics.AUC):
    """AUC of logits with a column a class. Keras' own takes the sigmoid of each column, which ranks otherwise."""

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Take a batch in.

        Args:
            y_true: One-hot labels, shape `(examples, classes)`.
            y_pred: Logits of the same shape.
            sample_weight: As for `keras.metrics.AUC`.
        """
        super().update_state(y_true, ops.softmax(ops.cast(y_pred, "float32")), sample_weight)


def auc(
    labels: str = "binary",
    from_logits: bool = False,
    num_thresholds: int = 200,
    curve: Literal["ROC", "PR"] = "ROC",
    summation_method: Literal["interpolation", "minoring", "majoring"] = "interpolation",
    name: str | None = None,
    thresholds: Sequence[float] | None = None,
    multi_label: bool = False,
    num_labels: int | None = None,
    label_weights: Sequence[float] | None = None,
) -> keras.metrics.Metric:
    """Compute the area under the ROC or the precision-recall curve.

    Args:
        labels: The form of the labels: `"one_hot"` or `"binary"`.
        from_logits: Whether predictions are logits: of the columns of one-hot labels the softmax is taken, of
            binary ones the sigmoid.
        num_thresholds: At how many thresholds the curve is measured, at least 2.
        curve: Which curve.
        summation_method: How the area between two thresholds is taken.
        name: What the metric is called in logs.
        thresholds: Between 0 and 1, in place of evenly spread ones.
        multi_label: Whether the area is taken for each column and then averaged.
        num_labels: How many columns there are, where `multi_label` is set.
        label_weights: What the area of each column counts for in the average.

    Returns:
        The metric.

    Reference:
        Hanley and McNeil 1982, "The meaning and use of the area under a receiver operating characteristic curve".

    Example:
        >>> metric = auc("one_hot", from_logits=True)
        >>> metric.update_state([[1.0, 0.0], [0.0, 1.0]], [[10.0, 9.0], [-5.0, 1.0]])
        >>> round(float(metric.result()), 3)
        1.0
    """
    is_softmax = from_logits and labels == "one_hot"
    made = SoftmaxAUC if is_softmax else keras.metrics.AUC
    return made(
        num_thresholds=num_thresholds,
        curve=curve,
        summation_method=summation_method,
        name=name,
        thresholds=thresholds,
        multi_label=multi_label,
        num_labels=num_labels,
        label_weights=label_weights,
        from_logits=from_logits and not is_softmax,
    )
