"""Augmenter: what the augmenters of this package have in common."""

from collections.abc import Mapping
from typing import Any

import keras
from keras import ops

Batch = dict[str, Any]
"""A batch by name: `images` or `features`, and mostly `labels`; the first axis of each is the batch."""


class Augmenter(keras.layers.Layer):
    """A layer that changes a batch while training and leaves it alone otherwise.

    A subclass says in `augment` what it does. All its randomness comes from `seed_generator`, so what
    it does to a batch is a function of that generator's state.

    Args:
        seed: An integer that the generator starts from; a random one if left out.
        **kwargs: What every layer takes, such as `name`.
    """

    def __init__(self, seed: int | None = None, **kwargs: Any) -> None:
        # Casting to the compute type would round labels under a mixed precision policy.
        super().__init__(**{"autocast": False, **kwargs})
        self.seed = seed
        self.seed_generator = keras.random.SeedGenerator(seed)

    def call(self, batch: Mapping[str, Any], training: bool = True) -> Batch:
        """Augment a batch.

        Args:
            batch: A mapping such as `{"images": ..., "labels": ...}`; it is left as it is.
            training: Whether to augment at all.

        Returns:
            A mapping with the same keys, shapes and dtypes.

        Raises:
            ValueError: If the batch is not a mapping, or holds what the augmenter cannot work on.
        """
        if not isinstance(batch, Mapping):
            raise ValueError(
                f"{type(self).__name__} is called with a mapping such as "
                f"{{'images': ..., 'labels': ...}}. Received: {type(batch).__name__}"
            )
        return self.augment(dict(batch)) if training else dict(batch)

    def augment(self, batch: Batch) -> Batch:
        """Return the batch, augmented."""
        raise NotImplementedError

    def images(self, batch: Batch) -> Any:
        """Return the batch's images, or raise a ValueError where there are none of four axes."""
        images = batch.get("images")
        if images is None or len(images.shape) != 4:
            found = sorted(batch) if images is None else f"images of shape {tuple(images.shape)}"
            raise ValueError(
                f"{type(self).__name__} needs images of shape (batch, height, width, channels). "
                f"Received: {found}"
            )
        return images

    def build(self, input_shape: Any) -> None:
        """Build nothing; augmenters within this one build themselves when they are called."""

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the shapes as they came: augmenting changes none."""
        return input_shape

    def get_config(self) -> dict[str, Any]:
        """Return the arguments that make an equal layer."""
        return {**super().get_config(), "seed": self.seed}


def per_example(values: Any, like: Any) -> Any:
    """Give one value an example as many axes as `like` has, so that they broadcast.

    Args:
        values: Shape `(batch,)`.
        like: Any shape that starts with the batch axis.

    Returns:
        The values with shape `(batch, 1, ...)`.
    """
    return ops.reshape(values, (-1,) + (1,) * (len(like.shape) - 1))


def filling(value: float | list[float], images: Any) -> Any:
    """Return the value to fill pixels with, in the images' dtype, shaped to broadcast over channels.

    Args:
        value: One number, or one a channel.
        images: Shape `(batch, height, width, channels)`.

    Raises:
        ValueError: If there are several numbers, but not one a channel.
    """
    if isinstance(value, list) and len(value) != images.shape[-1]:
        raise ValueError(
            f"Argument `fill_value` has {len(value)} numbers for images of {images.shape[-1]} channels."
        )
    return ops.cast(ops.convert_to_tensor(value, dtype="float32"), images.dtype)
