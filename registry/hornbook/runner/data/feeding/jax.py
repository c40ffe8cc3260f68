"""Batches as arrays, augmented in one compiled function a batch shape."""

from typing import Any

import jax
import numpy as np

from hornbook.runner.data.feeding.eager import EagerFeed
from hornbook.runner.data.feeding.feed import Portion


class JaxFeed(EagerFeed):
    """Feeds a portion batch by batch; augmentation is compiled.

    Args:
        portion: What is fed, and how.
    """

    def __init__(self, portion: Portion) -> None:
        self._compiled = None if portion.augmentation is None else jax.jit(portion.augmentation.__call__)
        super().__init__(portion)

    def _augmented(self, inputs: Any, labels: Any, step: int) -> Any:
        assert self._compiled is not None
        return self._compiled(inputs, labels, self._seeds, np.uint32(step))
