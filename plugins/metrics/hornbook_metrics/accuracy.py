"""The accuracy that the form of the labels asks for: what Keras means by the string `"accuracy"`."""

import keras

from hornbook_metrics.sign_accuracy import SignAccuracy


def accuracy(labels: str, from_logits: bool = False, name: str = "accuracy") -> keras.metrics.Metric:
    """Measure the share of examples that are told right.

    Args:
        labels: The form of the labels: `"one_hot"`, `"integer"`, `"binary"` or `"signed"`.
        from_logits: Whether predictions are logits rather than probabilities. It matters to binary
            labels alone, where the threshold is then 0 rather than 0.5.
        name: What the metric is called in logs.

    Returns:
        The accuracy of Keras for that form; for signed labels, one that compares signs.

    Raises:
        ValueError: If the labels are not classes.

    Example:
        >>> accuracy("binary", from_logits=True).threshold
        0.0
    """
    match labels:
        case "one_hot":
            return keras.metrics.CategoricalAccuracy(name=name)
        case "integer":
            return keras.metrics.SparseCategoricalAccuracy(name=name)
        case "binary":
            return keras.metrics.BinaryAccuracy(name=name, threshold=0.0 if from_logits else 0.5)
        case "signed":
            return SignAccuracy(name=name)
    raise ValueError(
        f"accuracy needs labels that are classes (one_hot, integer, binary or signed); these are {labels!r}. "
        "For numbers, use a metric such as mae or r2_score."
    )
