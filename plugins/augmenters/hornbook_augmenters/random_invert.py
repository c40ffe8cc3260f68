"""RandomInvert: Keras' layer, whose negatives stay within the range."""

from typing import Any

import keras


@keras.saving.register_keras_serializable(package="hornbook_augmenters")
class RandomInvert(keras.layers.RandomInvert):
    """Turns images into their negatives at random.

    A value becomes as far from the upper end of `value_range` as it was from the lower one. Keras' layer takes the
    lower end to be 0. The parameters are those of `keras.layers.RandomInvert`.

    Example:
        >>> import numpy as np
        >>> layer = RandomInvert(factor=(1.0, 1.0), value_range=(-1.0, 1.0))
        >>> float(np.asarray(layer(np.full((1, 2, 2, 1), -1.0, "float32"), training=True))[0, 0, 0, 0])
        1.0
    """

    def transform_images(self, images: Any, transformation: Any, training: bool = True) -> Any:
        """Invert the images that were drawn."""
        if not training:
            return images
        images = self.backend.cast(images, self.compute_dtype)
        inverted = self.value_range[0] + self.value_range[1] - images
        drawn = transformation["apply_inversion"][:, None, None, None]
        return self.backend.numpy.where(drawn, inverted, images)
