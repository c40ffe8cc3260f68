"""Batches as arrays, one after the other: for backends without a data pipeline of their own."""

from typing import Any

import keras
import numpy as np

from hornbook.runner.data.feeding.feed import Portion
from hornbook.runner.data.rows import take


class EagerFeed(keras.utils.PyDataset):
    """Feeds a portion batch by batch from memory.

    Args:
        portion: What is fed, and how.
    """

    steps_per_epoch: int | None = None

    def __init__(self, portion: Portion) -> None:
        super().__init__()
        self.portion = portion
        self.batches = self
        self.begin(portion.epoch)

    def begin(self, epoch: int) -> None:
        """Set the order and the randomness of an epoch, counted from 0."""
        augmentation = self.portion.augmentation
        self._order = self.portion.order(epoch)
        self._seeds = np.zeros(0, "uint32") if augmentation is None else augmentation.seeds(epoch)

    def __len__(self) -> int:
        return self.portion.steps - self.portion.first

    def __getitem__(self, number: int) -> Any:
        step = self.portion.first + number
        rows = self.portion.rows(self._order, step)
        inputs = take(self.portion.split.inputs, rows)
        labels = self.portion.split.labels
        if labels is None:
            return (inputs,)
        if self.portion.augmentation is None:
            return inputs, labels[rows]
        return self._augmented(inputs, labels[rows], step)

    def _augmented(self, inputs: Any, labels: Any, step: int) -> Any:
        assert self.portion.augmentation is not None
        return self.portion.augmentation(inputs, labels, self._seeds, np.uint32(step))
