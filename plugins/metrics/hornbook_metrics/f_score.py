"""F-scores as one number a run can log, deciding as the form of the labels asks."""

from typing import Literal

import keras

Average = Literal["micro", "macro", "weighted"]


def f1_score(
    labels: str,
    from_logits: bool = False,
    average: Average = "macro",
    threshold: float | None = None,
    name: str = "f1_score",
) -> keras.metrics.Metric:
    """Compute the harmonic mean of precision and recall.

    Args:
        labels: The form of the labels: `"one_hot"` or `"binary"`.
        from_logits: Whether predictions are logits; binary labels need probabilities.
        average: How the scores of several classes become one: `"macro"` is their plain mean,
            `"weighted"` weighs by how often classes occur, `"micro"` counts over all classes at once.
        threshold: Above which a prediction counts as yes, between 0 and 1. Left out, the largest column
            is the answer on one-hot labels, and 0.5 the threshold on binary ones.
        name: What the metric is called in logs.

    Returns:
        The metric of Keras.

    Raises:
        ValueError: If the score would not mean anything on these labels and predictions.

    Example:
        >>> f1_score("binary").threshold
        0.5
    """
    threshold = _threshold(labels, from_logits, threshold)
    return keras.metrics.F1Score(average=average, threshold=threshold, name=name)


def fbeta_score(
    labels: str,
    from_logits: bool = False,
    beta: float = 1.0,
    average: Average = "macro",
    threshold: float | None = None,
    name: str = "fbeta_score",
) -> keras.metrics.Metric:
    """Compute the harmonic mean of precision and recall that weighs recall `beta` times as much.

    Args:
        labels: As for `f1_score`.
        from_logits: As for `f1_score`.
        beta: The weight of recall, above 0.
        average: As for `f1_score`.
        threshold: As for `f1_score`.
        name: What the metric is called in logs.

    Returns:
        The metric of Keras.

    Raises:
        ValueError: If the score would not mean anything on these labels and predictions.

    Example:
        >>> fbeta_score("one_hot", beta=2.0).beta
        2.0
    """
    threshold = _threshold(labels, from_logits, threshold)
    return keras.metrics.FBetaScore(average=average, beta=float(beta), threshold=threshold, name=name)


def _threshold(labels: str, from_logits: bool, threshold: float | None) -> float | None:
    if labels not in ("one_hot", "binary"):
        raise ValueError(
            f"an F-score needs one_hot or binary labels; these are {labels!r}. "
            "On classes, categorical_crossentropy as the loss makes them one_hot."
        )
    decides_by_threshold = labels == "binary" or threshold is not None
    if decides_by_threshold and from_logits:
        raise ValueError(
            "an F-score compares probabilities with its threshold, but the loss takes logits: "
            "end the model in a sigmoid and leave from_logits out."
        )
    if threshold is None:
        # With one column, the largest column is always that one: every prediction would be a yes.
        return 0.5 if labels == "binary" else None
    return float(threshold)
