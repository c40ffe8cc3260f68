"""Cutout: square holes in images."""

from typing import Any

import keras
from keras import ops

from hornbook_augmenters.arguments import count, fill
from hornbook_augmenters.augmenter import Augmenter, Batch, filling
from hornbook_augmenters.boxes import stretches


@keras.saving.register_keras_serializable(package="hornbook_augmenters")
class Cutout(Augmenter):
    """Cutout (DeVries & Taylor, 2017, Improved regularization of convolutional neural networks).

    Fills square holes in each image. A hole's centre is any pixel of the image, each as likely, so holes
    may reach over the border; the paper found that this matters. Everything but the images stays as
    it is.

    Args:
        length: The holes' side in pixels, at least 1. The paper takes 16 for CIFAR-10 (a quarter of
            the image) and 8 for CIFAR-100.
        holes: How many holes an image gets, at least 1.
        fill_value: What holes are filled with: a number, or a list of one a channel. The paper fills
            with 0 after shifting the data to a mean of 0; for data that are not shifted, this is the
            data's mean.
        seed: An integer that the generator starts from; a random one if left out.
        **kwargs: What every layer takes, such as `name`.

    Call arguments:
        batch: A mapping with `images` of shape `(batch, height, width, channels)` and any dtype.
        training: Whether to augment at all.

    Raises:
        ValueError: If an argument is out of its range.

    Example:
        >>> import numpy as np
        >>> images = np.ones((1, 9, 9, 1), "float32")
        >>> cut = Cutout(length=3, seed=1)({"images": images})["images"]
        >>> 4 <= int(keras.ops.sum(cut == 0.0)) <= 9
        True
    """

    def __init__(
        self,
        length: int,
        holes: int = 1,
        fill_value: float | list[float] = 0.0,
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(seed=seed, **kwargs)
        self.length = count("length", length)
        self.holes = count("holes", holes)
        self.fill_value = fill("fill_value", fill_value)

    def augment(self, batch: Batch) -> Batch:
        """Return the batch with holes in its images."""
        images = self.images(batch)
        examples, height, width, _ = ops.shape(images)
        rows = stretches((examples, self.holes), self.length, height, self.seed_generator)
        columns = stretches((examples, self.holes), self.length, width, self.seed_generator)
        holes = ops.any(rows[:, :, :, None] & columns[:, :, None, :], axis=1)
        batch["images"] = ops.where(holes[..., None], filling(self.fill_value, images), images)
        return batch

    def get_config(self) -> dict[str, Any]:
        """Return the arguments that make an equal layer."""
        return {
            **super().get_config(),
            "length": self.length,
            "holes": self.holes,
            "fill_value": self.fill_value,
        }
