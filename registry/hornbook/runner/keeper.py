"""Keeper: takes checkpoints as a training goes on, as often as they cost next to nothing."""

import time
from collections.abc import Sequence
from pathlib import Path

import keras

from hornbook.runner.checkpoint import capture, write

SHARE = 0.02
"""The share of the time that may go into checkpoints, at the most."""
SECONDS = 60.0
"""How often, at the most, a checkpoint is taken in the middle of an epoch."""


class Keeper:
    """Takes checkpoints.

    Args:
        folder: The folder of the run's checkpoints.
        callbacks: The recipe's callbacks, whose state is in them.
    """

    def __init__(self, folder: Path, callbacks: Sequence[keras.callbacks.Callback]) -> None:
        self.folder = folder
        self.callbacks = callbacks
        self._cost = 0.0
        self._last = time.perf_counter()

    def after_epoch(self, model: keras.Model, epoch: int, at_once: bool) -> None:
        """Take a checkpoint after an epoch, if it is time for one or the training ends with it."""
        if at_once or self._elapsed() * SHARE >= self._cost:
            self.keep(model, epoch, 0)

    def after_step(self, model: keras.Model, epoch: int, step: int) -> None:
        """Take a checkpoint within an epoch, if the last one was long ago."""
        if self._elapsed() > max(SECONDS, self._cost / SHARE):
            self.before_interruption(model, epoch, step)

    def before_interruption(self, model: keras.Model, epoch: int, step: int) -> None:
        """Take a checkpoint within an epoch, unless fitting its rest apart would change averaged weights."""
        if hasattr(model, "jax_state_sync"):  # under JAX, fit keeps the variables' values to itself
            model.jax_state_sync()
        if not getattr(model.optimizer, "use_ema", False):
            self.keep(model, epoch, step)

    def keep(self, model: keras.Model, epoch: int, step: int) -> None:
        """Take a checkpoint now.

        Args:
            model: The model.
            epoch: How many epochs are complete.
            step: How many steps of the next one are.
        """
        began = time.perf_counter()
        write(capture(model, self.callbacks, epoch, step), self.folder)
        self._last = time.perf_counter()
        self._cost = self._last - began

    def _elapsed(self) -> float:
        return time.perf_counter() - self._last
