"""Accuracy on labels that are -1 or +1."""

from typing import Any

import keras
from keras import ops


def sign_matches(y_true: Any, y_pred: Any) -> Any:
    """Tell whether predictions lie on the side of zero that their labels name.

    A prediction of exactly 0 counts as negative, as `keras.metrics.BinaryAccuracy` counts one that
    equals its threshold.

    Args:
        y_true: Labels of -1 and +1; shape `(batch, 1)`.
        y_pred: Predictions, any numbers; as many as there are labels.

    Returns:
        1.0 where they match and 0.0 where not; of the labels' shape.
    """
    y_true, y_pred = ops.convert_to_tensor(y_true), ops.convert_to_tensor(y_pred)
    y_pred = ops.reshape(y_pred, ops.shape(y_true))  # rows against a column would broadcast
    matches = ops.equal(ops.greater(y_true, 0), ops.greater(y_pred, 0))
    return ops.cast(matches, keras.backend.floatx())


@keras.saving.register_keras_serializable(package="hornbook_metrics")
class SignAccuracy(keras.metrics.MeanMetricWrapper):
    """Measures the share of predictions that have the sign of their labels, for hinge losses.

    Args:
        name: What the metric is called in logs.
        dtype: The dtype of the result; Keras' default where it is left out.

    Example:
        >>> metric = SignAccuracy()
        >>> metric.update_state([[1.0], [-1.0], [-1.0]], [[0.3], [-2.0], [0.1]])
        >>> round(float(metric.result()), 3)
        0.667
    """

    def __init__(self, name: str = "sign_accuracy", dtype: Any = None) -> None:
        super().__init__(sign_matches, name=name, dtype=dtype)
        # What callbacks with `mode: auto` go by.
        self._direction = "up"

    def get_config(self) -> dict[str, Any]:
        """Return the arguments that make an equal metric."""
        return {"name": self.name, "dtype": self.dtype}
