"""Feed: what every backend's way of feeding has in common."""

import math
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from hornbook.dataset import Split
from hornbook.runner.data.augmentation import Augmentation


@dataclass(frozen=True, slots=True)
class Portion:
    """What is fed, and how.

    Args:
        split: Examples with encoded labels.
        batch_size: Examples a batch; the last one of an epoch may have fewer.
        seed: From which the order of each epoch is drawn; none keeps the order as it is.
        augmentation: What is done to each batch; none leaves it as it is.
        first: The step of the epoch to begin with: what comes before was done by an earlier process.
        epoch: The epoch to begin with, counted from 0.
    """

    split: Split
    batch_size: int
    seed: int | None = None
    augmentation: Augmentation | None = None
    first: int = 0
    epoch: int = 0

    @property
    def steps(self) -> int:
        """Batches of a whole epoch."""
        return math.ceil(len(self.split) / self.batch_size)

    def order(self, epoch: int) -> np.ndarray:
        """The row numbers in the order of an epoch: a function of (seed, epoch) alone."""
        if self.seed is None:
            return np.arange(len(self.split))
        return np.random.default_rng([self.seed, epoch]).permutation(len(self.split))

    def rows(self, order: Any, step: Any) -> Any:
        """The row numbers of one batch."""
        return order[step * self.batch_size : (step + 1) * self.batch_size]


class Feed(Protocol):
    """Feeds batches to Keras, epoch after epoch."""

    portion: Portion
    """What is fed, and how."""
    batches: Any
    """What `fit` and `evaluate` take for `x`."""
    steps_per_epoch: int | None
    """How many steps an epoch has, where the batches have no end; none where they end with the epoch."""

    def begin(self, epoch: int) -> None:
        """Set the order and the randomness of an epoch, counted from 0, before it begins."""
