"""Boxes in images, as one stretch of pixels along each axis."""

from typing import Any

import keras
from keras import ops


def stretches(shape: Any, length: Any, size: Any, seed: keras.random.SeedGenerator) -> Any:
    """Say which pixels along an axis lie within stretches around random centres.

    A centre is any pixel of the axis, each as likely; what reaches over the border is cut off.

    Args:
        shape: How many stretches to draw; the shape of the answer without its last axis.
        length: The stretches' length in pixels: an integer, or a tensor of them of that shape.
        size: How many pixels the axis has.
        seed: Where the randomness comes from.

    Returns:
        Booleans of shape `(*shape, size)`.
    """
    centres = keras.random.randint(shape, 0, size, dtype="int32", seed=seed)
    starts = centres - length // 2
    ends = starts + length
    pixels = ops.arange(size, dtype="int32")
    return (pixels >= ops.expand_dims(starts, -1)) & (pixels < ops.expand_dims(ends, -1))
