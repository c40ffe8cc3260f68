"""RandomElasticTransform: images bent like a sheet of rubber."""

import math
from typing import Any

import keras
import numpy as np
from keras import ops

from hornbook_augmenters.arguments import fraction, positive
from hornbook_augmenters.augmenter import Augmenter, Batch, per_example


@keras.saving.register_keras_serializable(package="hornbook_augmenters")
class RandomElasticTransform(Augmenter):
    """Bends images like a sheet of rubber.

    Every pixel draws how far it is moved along either axis, evenly from -1 to 1. Both fields are smoothed by a
    Gaussian of standard deviation `sigma` and multiplied by `alpha`; an image's value at a place is then what it has
    where the fields lead, between pixels by bilinear interpolation. Keras' layer of this name gives every example
    of a batch the first one's image where the size of the batch is not known, as in a tf.data pipeline.

    Args:
        alpha: What the smoothed fields are multiplied by, in pixels, above 0. Digits of 28 pixels have 34 in the
            paper.
        sigma: How smooth the fields are, in pixels, above 0: small ones crumple, large ones move the whole.
        rate: The probability that an image is bent, from 0 to 1.
        fill_value: What is outside of images.
        seed: An integer that the generator starts from; a random one if left out.
        **kwargs: What every layer takes, such as `name`.

    Call arguments:
        batch: A mapping with `images`, floats or integers of shape `(batch, height, width, channels)`.
        training: Whether to bend at all.

    Raises:
        ValueError: If an argument is out of its range.

    Reference:
        Simard, Steinkraus and Platt 2003, "Best Practices for Convolutional Neural Networks Applied to Visual
        Document Analysis".

    Example:
        >>> import numpy as np
        >>> images = np.random.default_rng(1).random((2, 28, 28, 1), dtype="float32")
        >>> tuple(RandomElasticTransform()({"images": images})["images"].shape)
        (2, 28, 28, 1)
    """

    def __init__(
        self,
        alpha: float = 34.0,
        sigma: float = 4.0,
        rate: float = 1.0,
        fill_value: float = 0.0,
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(seed=seed, **kwargs)
        self.alpha = positive("alpha", alpha)
        self.sigma = positive("sigma", sigma)
        self.rate = fraction("rate", rate)
        self.fill_value = float(fill_value)

    def augment(self, batch: Batch) -> Batch:
        """Return the batch with its images bent."""
        images = self.images(batch)
        examples, height, width = ops.shape(images)[:3]
        drawn = keras.random.uniform((examples,), dtype="float32", seed=self.seed_generator)
        fields = keras.random.uniform(
            (examples, height, width, 2), -1.0, 1.0, dtype="float32", seed=self.seed_generator
        )
        moved = self.alpha * _smooth(fields, self.sigma)
        down = moved[..., 0] + ops.cast(ops.arange(height), "float32")[:, None]
        across = moved[..., 1] + ops.cast(ops.arange(width), "float32")
        bent = ops.cast(_between(images, down, across, self.fill_value), images.dtype)
        return {**batch, "images": ops.where(per_example(drawn < self.rate, images), bent, images)}

    def get_config(self) -> dict[str, Any]:
        """Return the arguments that make an equal layer."""
        own = {"alpha": self.alpha, "sigma": self.sigma, "rate": self.rate, "fill_value": self.fill_value}
        return {**super().get_config(), **own}


def _smooth(fields: Any, sigma: float) -> Any:
    """Fields of shape `(batch, height, width, 2)`, smoothed along both axes."""
    reach = math.ceil(3 * sigma)
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2).astype("float32")
    weights = (weights / weights.sum()).reshape(-1, 1, 1, 1).repeat(2, axis=2)
    for kernel in (weights, weights.transpose(1, 0, 2, 3)):
        fields = ops.depthwise_conv(fields, kernel, padding="same", data_format="channels_last")
    return fields


def _between(images: Any, down: Any, across: Any, outside: float) -> Any:
    """What images have at places between pixels, each from the four around it; float32.

    Args:
        images: Shape `(batch, height, width, channels)`.
        down: How far below the upper edge each place is, in pixels; shape `(batch, height, width)`.
        across: How far from the left edge; of the same shape.
        outside: What is outside of images.
    """
    examples, height, width, channels = ops.shape(images)
    pixels = ops.reshape(ops.cast(images, "float32"), (-1, channels))
    first = ops.reshape(ops.arange(examples, dtype="int32") * (height * width), (-1, 1, 1))
    above, before = ops.floor(down), ops.floor(across)
    total = 0.0
    for below in (0, 1):
        for beyond in (0, 1):
            row, column = above + below, before + beyond
            share = (1 - ops.abs(down - row)) * (1 - ops.abs(across - column))
            row, column = ops.cast(row, "int32"), ops.cast(column, "int32")
            inside = (row >= 0) & (row < height) & (column >= 0) & (column < width)
            place = first + ops.clip(row, 0, height - 1) * width + ops.clip(column, 0, width - 1)
            value = ops.where(inside[..., None], ops.take(pixels, place, axis=0), outside)
            total = total + share[..., None] * value
    return total
