"""Keeper: takes checkpoints as a training goes on: as the recipe asks, or as often as costs next to nothing."""

import math
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import keras

from hornbook.recipes.recipe import Checkpointing
from hornbook.runner.checkpoints.checkpoint import capture, not_finite, not_finite_in
from hornbook.runner.checkpoints.shelf import newest_name, write

SHARE = 0.01
"""The share of the time that may go into checkpoints, where the recipe does not say when to take them."""
PARAMETERS_PER_SECOND = 2e7
"""How many parameters are taken to be copied and written in a second, until the first checkpoint has shown it."""
SECONDS = 60.0
"""How often, at the most, one is then taken in the middle of an epoch."""


class Keeper:
    """Takes checkpoints.

    Args:
        folder: The folder of the run's checkpoints.
        callbacks: The recipe's callbacks, whose state is in them.
        settings: When checkpoints are taken, and how many are kept.
        settle: Called before one is written: has what it builds upon written to the disk.
    """

    def __init__(
        self,
        folder: Path,
        callbacks: Sequence[keras.callbacks.Callback],
        settings: Checkpointing,
        settle: Callable[[], None],
    ) -> None:
        self.folder = folder
        self.callbacks = callbacks
        self.settings = settings
        self._settle = settle
        self._cost = 0.0
        self._last = time.perf_counter()
        self._last_step = 0
        self._odd: frozenset[str] = frozenset()

    @property
    def newest(self) -> str | None:
        """The name of the newest checkpoint, if one was taken."""
        return newest_name(self.folder)

    def begin(self, model: keras.Model, done: int) -> None:
        """Take note of where the training begins.

        Args:
            model: The model.
            done: How many steps an earlier process has done.
        """
        self._odd = not_finite(model)
        self._cost = self._cost or sum(math.prod(one.shape) for one in model.weights) / PARAMETERS_PER_SECOND
        self._last_step = done
        self._last = time.perf_counter()

    def after_epoch(self, model: keras.Model, epoch: int, done: int, at_once: bool) -> bool:
        """Take a checkpoint after an epoch, if it is time for one.

        Args:
            model: The model.
            epoch: How many epochs are complete.
            done: How many steps are, in all.
            at_once: Whether it is time for one in any case.

        Returns:
            Whether the weights are finite, as far as they were looked at.
        """
        return self.keep(model, epoch, 0, done) if at_once or self._due(done, epoch) else True

    def after_step(self, model: keras.Model, epoch: int, step: int, done: int) -> None:
        """Take a checkpoint within an epoch, if it is time for one.

        Args:
            model: The model.
            epoch: How many epochs are complete.
            step: How many steps of the next one are.
            done: How many steps are, in all.
        """
        if self._due(done):
            self.keep(model, epoch, step, done)

    def keep(self, model: keras.Model, epoch: int, step: int, done: int) -> bool:
        """Take a checkpoint now, unless the weights are spoilt: the last good one is worth more.

        Args:
            model: The model.
            epoch: How many epochs are complete.
            step: How many steps of the next one are.
            done: How many steps are, in all.

        Returns:
            Whether the weights are finite.

        Raises:
            OSError: When it cannot be written.
        """
        began = time.perf_counter()
        taken = capture(model, self.callbacks, epoch, step)
        good = not_finite_in(taken.arrays) <= self._odd
        if good:
            self._settle()
            write(taken, self.folder, self.settings.max_to_keep)
        self._last, self._last_step = time.perf_counter(), done
        self._cost = self._last - began
        return good

    def _due(self, done: int, epoch: int | None = None) -> bool:
        """Whether it is time for a checkpoint, within an epoch or after one."""
        elapsed = time.perf_counter() - self._last
        epochs, steps = self.settings.every_n_epochs, self.settings.every_n_steps
        minutes = self.settings.every_n_minutes
        if epochs is None and steps is None and minutes is None:
            pause = self._cost / SHARE
            return elapsed >= (pause if epoch is not None else max(SECONDS, pause))
        return (
            (epochs is not None and epoch is not None and epoch % epochs == 0)
            or (steps is not None and done // steps > self._last_step // steps)
            or (minutes is not None and elapsed >= 60 * minutes)
        )
