"""RandomApply: another augmenter, on some of the examples."""

from typing import Any

import keras
from keras import ops, tree

from hornbook_augmenters.arguments import fraction
from hornbook_augmenters.augmenter import Augmenter, Batch
from hornbook_augmenters.choosing import one_of, same_shapes


@keras.saving.register_keras_serializable(package="hornbook_augmenters")
class RandomApply(Augmenter):
    """Applies an augmenter to each example with some probability.

    The augmenter works on the whole batch; then each example draws whether it takes the outcome or stays
    as it was, with its labels. So the cost is that of the augmenter, whatever the rate.

    Args:
        layer: The augmenter; it must keep shapes.
        rate: The probability that an example is augmented, from 0 to 1.
        seed: An integer that the generator starts from; a random one if left out.
        **kwargs: What every layer takes, such as `name`.

    Call arguments:
        batch: A mapping that the augmenter takes.
        training: Whether to augment at all.

    Raises:
        ValueError: If `rate` is out of its range, or the augmenter changes a shape.

    Example:
        >>> import numpy as np
        >>> images = np.random.default_rng(1).random((8, 4, 4, 3), dtype="float32")
        >>> flip = keras.layers.RandomFlip("horizontal")
        >>> kept = RandomApply(flip, rate=0.0)({"images": images})["images"]
        >>> bool(np.array_equal(kept, images))
        True
    """

    def __init__(self, layer: Any, rate: float = 0.5, seed: int | None = None, **kwargs: Any) -> None:
        super().__init__(seed=seed, **kwargs)
        self.layer = layer
        self.rate = fraction("rate", rate)

    def augment(self, batch: Batch) -> Batch:
        """Return the batch with some of its examples augmented."""
        changed = self.layer(dict(batch), training=True)
        same_shapes(self, batch, changed)
        examples = ops.shape(tree.flatten(batch)[0])[0]
        drawn = keras.random.uniform((examples,), dtype="float32", seed=self.seed_generator)
        choice = ops.cast(drawn < self.rate, "int32")
        return one_of([batch, changed], choice, batch)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments that make an equal layer."""
        layer = keras.saving.serialize_keras_object(self.layer)
        return {**super().get_config(), "layer": layer, "rate": self.rate}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> "RandomApply":
        """Make a layer from what `get_config` returned."""
        return cls(**{**config, "layer": keras.saving.deserialize_keras_object(config["layer"])})
