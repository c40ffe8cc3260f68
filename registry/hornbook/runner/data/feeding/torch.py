"""Batches as arrays, each augmented with PyTorch's own generator set for it."""

from typing import Any

import numpy as np
import torch

from hornbook.runner.data.feeding.eager import EagerFeed


class TorchFeed(EagerFeed):
    """Feeds a portion batch by batch; what augmenters draw from PyTorch follows from (seed, epoch, batch) too."""

    def begin(self, epoch: int) -> None:
        """Set the order and the randomness of an epoch, counted from 0."""
        super().begin(epoch)
        self._epoch = epoch

    def _augmented(self, inputs: Any, labels: Any, step: int) -> Any:
        place = [self.portion.seed or 0, self._epoch, step]
        with torch.random.fork_rng(devices=range(torch.cuda.device_count())):
            torch.manual_seed(int(np.random.SeedSequence(place).generate_state(1)[0]))
            return super()._augmented(inputs, labels, step)
