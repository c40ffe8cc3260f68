"""RandomChoice: each example gets one of several augmenters."""

from collections.abc import Sequence
from typing import Any

import keras
from keras import ops, tree

from hornbook_augmenters.augmenter import Augmenter, Batch
from hornbook_augmenters.choosing import one_of, same_shapes


@keras.saving.register_keras_serializable(package="hornbook_augmenters")
class RandomChoice(Augmenter):
    """Gives each example the outcome of one of several augmenters, all equally likely.

    All of them work on the whole batch; then each example draws whose outcome it takes, with its labels.
    So the cost is that of all of them together. Mixup or cutmix, drawn anew for every example, is a
    common use.

    Args:
        layers: The augmenters, at least one; they must keep shapes.
        seed: An integer that the generator starts from; a random one if left out.
        **kwargs: What every layer takes, such as `name`.

    Call arguments:
        batch: A mapping that the augmenters take.
        training: Whether to augment at all.

    Raises:
        ValueError: If there are no augmenters, or one changes a shape.

    Example:
        >>> import numpy as np
        >>> images = np.random.default_rng(1).random((8, 4, 4, 3), dtype="float32")
        >>> layers = [keras.layers.RandomFlip("horizontal"), keras.layers.RandomFlip("vertical")]
        >>> tuple(RandomChoice(layers)({"images": images})["images"].shape)
        (8, 4, 4, 3)
    """

    def __init__(self, layers: Sequence[Any], seed: int | None = None, **kwargs: Any) -> None:
        super().__init__(seed=seed, **kwargs)
        self.layers = list(layers)
        if not self.layers:
            raise ValueError("Argument `layers` must name at least one augmenter. Received: layers=[]")

    def augment(self, batch: Batch) -> Batch:
        """Return the batch with each example changed by one of the augmenters."""
        changed = [layer(dict(batch), training=True) for layer in self.layers]
        for each in changed:
            same_shapes(self, batch, each)
        examples = ops.shape(tree.flatten(batch)[0])[0]
        choice = keras.random.randint(
            (examples,), 0, len(self.layers), dtype="int32", seed=self.seed_generator
        )
        return one_of(changed, choice, batch)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments that make an equal layer."""
        layers = [keras.saving.serialize_keras_object(layer) for layer in self.layers]
        return {**super().get_config(), "layers": layers}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> "RandomChoice":
        """Make a layer from what `get_config` returned."""
        layers = [keras.saving.deserialize_keras_object(layer) for layer in config["layers"]]
        return cls(**{**config, "layers": layers})
