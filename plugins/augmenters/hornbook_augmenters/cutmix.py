"""CutMix: a box of each image is replaced by the same box of another, and the labels mixed by area."""

from typing import Any

import keras
from keras import ops

from hornbook_augmenters.augmenter import Batch
from hornbook_augmenters.boxes import stretches
from hornbook_augmenters.mixing import Mixing, mixture


@keras.saving.register_keras_serializable(package="hornbook_augmenters")
class CutMix(Mixing):
    """CutMix (Yun et al., 2019, Regularization strategy to train strong classifiers).

    A box of each image, centred on any of its pixels and cut off at the border, is taken from the
    partner instead. The box's sides are `sqrt(1 - share)` of the image's, with a share drawn from
    Beta(alpha, alpha) for each image; the partners are a permutation of the batch. The labels are mixed
    by the pixels that each image truly gives, counted after the box is cut off.

    Args:
        alpha: Both parameters of the Beta distribution, above 0. At 1, as in the paper, all shares are
            equally likely.
        seed: An integer that the generator starts from; a random one if left out.
        **kwargs: What every layer takes, such as `name`.

    Call arguments:
        batch: A mapping with `images`, floats of shape `(batch, height, width, channels)`, and `labels`,
            floats of shape `(batch, width)`, such as one-hot labels.
        training: Whether to augment at all.

    Raises:
        ValueError: If an argument is out of its range, or labels are class numbers.

    Example:
        >>> import numpy as np
        >>> pixels = np.arange(2, dtype="float32")[:, None, None, None] * np.ones((2, 8, 8, 1), "float32")
        >>> mixed = CutMix(seed=1)({"images": pixels, "labels": np.eye(2, dtype="float32")})
        >>> means = keras.ops.mean(mixed["images"], axis=(1, 2, 3))
        >>> bool(np.allclose(means, mixed["labels"][:, 1]))
        True
    """

    def __init__(self, alpha: float = 1.0, seed: int | None = None, **kwargs: Any) -> None:
        super().__init__(alpha, seed=seed, **kwargs)

    def augment(self, batch: Batch) -> Batch:
        """Return the batch with a box of every image taken from its partner."""
        images = self.images(batch)
        shares, partners = self.draw(batch)
        examples, height, width, _ = ops.shape(images)
        side = ops.sqrt(1.0 - shares)
        rows = self._along(height, side, examples)
        columns = self._along(width, side, examples)
        boxes = rows[:, :, None, None] & columns[:, None, :, None]
        batch["images"] = ops.where(boxes, ops.take(images, partners, axis=0), images)
        if "labels" in batch:
            pasted = _fraction(rows) * _fraction(columns)
            batch["labels"] = mixture(batch["labels"], 1.0 - pasted, partners)
        return batch

    def _along(self, size: Any, side: Any, examples: Any) -> Any:
        lengths = ops.cast(side * ops.cast(size, "float32"), "int32")
        return stretches((examples,), lengths, size, self.seed_generator)


def _fraction(pixels: Any) -> Any:
    """Return what fraction of an axis is within the box."""
    return ops.mean(ops.cast(pixels, "float32"), axis=-1)
