"""sparsemax: probabilities of which some are exactly 0."""

from typing import Any

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="hornbook_layers")
def sparsemax(x: Any, axis: int = -1) -> Any:
    """Project onto the probabilities: the nearest numbers that are not negative and add up to 1.

    Martins and Astudillo, "From Softmax to Sparsemax" (2016), algorithm 1. Keras' own function of this name
    does not add up to 1 in version 3.15, as soon as two numbers stay above 0.

    Args:
        x: A float tensor of any shape.
        axis: The axis that adds up to 1.

    Returns:
        A tensor like `x`.

    Example:
        >>> import numpy as np
        >>> [float(one) for one in sparsemax(np.array([0.0, 0.5, 1.0], "float32"))]
        [0.0, 0.25, 0.75]
    """
    given = ops.convert_to_tensor(x)
    precision = keras.backend.result_type(given.dtype, "float32")
    x = ops.moveaxis(ops.cast(given, precision), axis, -1)
    # Only differences count, and a sum of large numbers would lose the 1.
    x = x - ops.max(x, axis=-1, keepdims=True)
    descending = ops.flip(ops.sort(x, axis=-1), axis=-1)
    ranks = ops.arange(1, x.shape[-1] + 1, dtype=precision)
    support = 1 + ranks * descending > ops.cumsum(descending, axis=-1)
    above = ops.sum(ops.where(support, descending, 0.0), axis=-1, keepdims=True) - 1
    threshold = above / ops.sum(ops.cast(support, precision), axis=-1, keepdims=True)
    return ops.cast(ops.moveaxis(ops.maximum(x - threshold, 0), -1, axis), given.dtype)
