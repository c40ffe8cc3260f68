"""Augmentation as a pure function: what it does to a batch follows from (seed, epoch, batch) alone."""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from hornbook.dataset import Split
from hornbook.runner.data.rows import take

DRAWS = 4096
"""How many times a batch may draw from one generator before it would repeat the next batch's numbers."""


class Augmentation:
    """Applies augmenters to batches.

    Keras' random layers draw from seed generators that count on; here each batch sets their state, so
    it does not matter who prefetches it, or where a run was resumed.

    Args:
        layers: The augmenters, in order.
        modality: The key under which augmenters find the inputs.
        seed: The run's seed.
    """

    def __init__(self, layers: Sequence[keras.layers.Layer], modality: str, seed: int) -> None:
        self.layers = tuple(layers)
        self.modality = modality
        self.seed = seed
        self._states: list[Any] = []

    def prepare(self, split: Split) -> None:
        """Build the layers on two examples; none may make variables once batches flow.

        Args:
            split: Examples with encoded labels.

        Raises:
            ValueError: What an augmenter raises when it cannot work on such batches.
        """
        rows = np.arange(min(2, len(split)))
        inputs = keras.tree.map_structure(keras.ops.convert_to_tensor, take(split.inputs, rows))
        labels = None if split.labels is None else keras.ops.convert_to_tensor(split.labels[rows])
        self._apply(inputs, labels)
        variables = [variable for layer in self.layers for variable in layer.variables]
        self._states = [one for one in variables if one.name == "seed_generator_state"]

    def seeds(self, epoch: int) -> np.ndarray:
        """One number a seed generator, for all batches of an epoch.

        Args:
            epoch: Counted from 0.

        Returns:
            uint32, shape `(generators,)`, below 2³¹ since torch's seeds are signed.
        """
        generated = np.random.SeedSequence([self.seed, epoch]).generate_state(len(self._states))
        return generated & np.uint32(0x7FFFFFFF)

    def __call__(self, inputs: Any, labels: Any, seeds: Any, step: Any) -> tuple[Any, Any]:
        """Augment a batch.

        Args:
            inputs: The batch's inputs.
            labels: Its encoded labels.
            seeds: From `seeds`, for the epoch.
            step: The batch's number within the epoch, uint32.

        Returns:
            Inputs and labels.
        """
        states = [
            (state, keras.ops.cast(keras.ops.stack([seeds[number], step * DRAWS]), state.dtype))
            for number, state in enumerate(self._states)
        ]
        with keras.StatelessScope(state_mapping=states):
            return self._apply(inputs, labels)

    def _apply(self, inputs: Any, labels: Any) -> tuple[Any, Any]:
        batch = {self.modality: inputs, "labels": labels}
        for layer in self.layers:
            batch = layer(batch, training=True)
        # Keras' image layers turn all that they are handed into the compute type, class numbers too.
        return batch[self.modality], keras.ops.cast(batch["labels"], labels.dtype)
