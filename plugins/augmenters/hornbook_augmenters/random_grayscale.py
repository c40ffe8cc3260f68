"""RandomGrayscale: Keras' layer, made to work on batches by name."""

from collections.abc import Mapping
from typing import Any

import keras


@keras.saving.register_keras_serializable(package="hornbook_augmenters")
class RandomGrayscale(keras.layers.RandomGrayscale):
    """Turns images gray at random, keeping their three channels.

    Keras' layer takes images alone and forgets its seed when saved; this one takes a mapping with
    `images` too, and keeps its seed.

    Args:
        factor: The probability that an image turns gray, from 0 to 1.
        seed: An integer that the generator starts from; a random one if left out.
        **kwargs: What Keras' layer takes beside these, such as `data_format`.

    Example:
        >>> import numpy as np
        >>> images = np.random.default_rng(1).random((2, 4, 4, 3), dtype="float32")
        >>> gray = RandomGrayscale(factor=1.0)({"images": images})["images"]
        >>> bool(np.allclose(gray[..., 0], gray[..., 2]))
        True
    """

    def __init__(self, factor: float = 0.5, seed: int | None = None, **kwargs: Any) -> None:
        super().__init__(factor=factor, seed=seed, **kwargs)

    def get_random_transformation(
        self, data: Any, training: bool = True, seed: keras.random.SeedGenerator | None = None
    ) -> Any:
        """Draw which images turn gray."""
        images = data["images"] if isinstance(data, Mapping) else data
        return super().get_random_transformation(images, training=training, seed=seed)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments that make an equal layer; Keras' layer forgets the seed."""
        return {**super().get_config(), "seed": self.seed}
