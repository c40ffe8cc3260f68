"""RandomCrop: images are padded and cropped back to their size, each at a place of its own."""

from typing import Any

import keras
from keras import ops

from hornbook_augmenters.arguments import count, fill
from hornbook_augmenters.augmenter import Augmenter, Batch, filling


@keras.saving.register_keras_serializable(package="hornbook_augmenters")
class RandomCrop(Augmenter):
    """Pad and crop (He et al., 2016, Deep residual learning; Lee et al., 2015, before them).

    Pads every side of an image and crops it back to its size at a random place: a shift by at most
    `padding` pixels each way, all shifts as likely. Each image draws its own.

    Keras' `RandomCrop` crops a batch at one place to a size that validation images do not have, and
    cannot be compiled on JAX.

    Args:
        padding: How many pixels are added to each side, at least 1. 4 is the custom for CIFAR.
        fill_value: What is added: a number, or a list of one a channel.
        seed: An integer that the generator starts from; a random one if left out.
        **kwargs: What every layer takes, such as `name`.

    Call arguments:
        batch: A mapping with `images` of shape `(batch, height, width, channels)` and any dtype.
        training: Whether to augment at all.

    Raises:
        ValueError: If an argument is out of its range.

    Example:
        >>> import numpy as np
        >>> images = np.ones((2, 9, 9, 1), "float32")
        >>> tuple(RandomCrop(padding=2, seed=1)({"images": images})["images"].shape)
        (2, 9, 9, 1)
    """

    def __init__(
        self,
        padding: int = 4,
        fill_value: float | list[float] = 0.0,
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(seed=seed, **kwargs)
        self.padding = count("padding", padding)
        self.fill_value = fill("fill_value", fill_value)

    def augment(self, batch: Batch) -> Batch:
        """Return the batch with every image shifted."""
        images = self.images(batch)
        examples, height, width, channels = ops.shape(images)
        rows = self._shifted(examples, height)[:, :, None]
        columns = self._shifted(examples, width)[:, None, :]
        example = ops.arange(examples, dtype="int32")[:, None, None]
        # One gather of whole pixels from all images laid end to end.
        row, column = ops.clip(rows, 0, height - 1), ops.clip(columns, 0, width - 1)
        place = (example * height + row) * width + column
        pixels = ops.take(ops.reshape(images, (-1, channels)), place, axis=0)
        inside = (rows == row) & (columns == column)
        batch["images"] = ops.where(inside[..., None], pixels, filling(self.fill_value, images))
        return batch

    def _shifted(self, examples: Any, size: Any) -> Any:
        """Return the pixel that each place along an axis takes, outside the image where it is padding."""
        shifts = keras.random.randint(
            (examples, 1), -self.padding, self.padding + 1, dtype="int32", seed=self.seed_generator
        )
        return ops.arange(size, dtype="int32") + shifts

    def get_config(self) -> dict[str, Any]:
        """Return the arguments that make an equal layer."""
        return {**super().get_config(), "padding": self.padding, "fill_value": self.fill_value}
