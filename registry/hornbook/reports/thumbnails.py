"""Images made small enough to keep and to show."""

import numpy as np

from hornbook.runner.figures import scaled

MOST_PIXELS = 160
"""The longer side of an image that is kept, at the most; twice as much and it is halved, and so on."""


def thumbnails(images: np.ndarray, value_range: tuple[float, float] | None) -> np.ndarray:
    """Images as they are shown.

    Args:
        images: Shape `(examples, height, width, channels)`.
        value_range: The least and the greatest value that they can take; where none is known, those of
            these images.

    Returns:
        Uint8, shape `(examples, height, width, channels)` with 1, 3 or 4 channels, the longer side below
        twice `MOST_PIXELS`.
    """
    images = images if images.shape[-1] in (1, 3, 4) else images[..., :1]
    factor = max(1, max(images.shape[1:3]) // MOST_PIXELS)
    high, wide = (max(1, side // factor) for side in images.shape[1:3])
    blocks = images[:, : high * factor, : wide * factor]
    if factor > 1:
        shape = (len(images), high, min(factor, blocks.shape[1]), wide, min(factor, blocks.shape[2]), -1)
        blocks = blocks.astype("float32").reshape(shape).mean((2, 4))
    known = value_range or (float(images.min()), float(images.max()))
    return np.asarray((255 * scaled(blocks, known)).round(), "uint8")
