"""Replay: a stretch of a training gone through again, one step at a time, to find the step at which it diverged."""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from hornbook.assembly.assembly import Assembly
from hornbook.dataset import Split
from hornbook.recipes.recipe import Recipe
from hornbook.runner.checkpoints.checkpoint import Checkpoint
from hornbook.runner.data.augmentation import Augmentation
from hornbook.runner.training.divergence import Diverged
from hornbook.runner.training.recorder import Watcher
from hornbook.runner.training.training import go_through

SECONDS = 60.0
"""How long the step is searched for at the most."""


class _GivenUp(Exception):
    """The step was not found."""


class _Search(Watcher):
    """Looks at every step until the one after which the training is known to have diverged.

    Args:
        diverged: What is known.
        given_up: Says whether to search no longer.
    """

    def __init__(self, diverged: Diverged, given_up: Callable[[], bool]) -> None:
        super().__init__()
        self.diverged = diverged
        self.given_up = given_up

    def on_train_batch_end(self, batch: int, logs: Mapping[str, Any] | None = None) -> None:
        """End the training where it diverges, and otherwise where it was to, or when time is up."""
        super().on_train_batch_end(batch, logs)
        if (self.epoch + 1, self.step) >= (self.diverged.epoch, self.diverged.last) or self.given_up():
            raise _GivenUp


def narrowed(
    diverged: Diverged,
    recipe: Recipe,
    splits: Mapping[str, Split],
    anew: Callable[[], tuple[Assembly, Augmentation | None]],
    start: Checkpoint | None,
    interrupted: Callable[[], bool],
) -> Diverged:
    """Find the step at which a training diverged whose steps were run in blocks.

    Args:
        diverged: What is known: the block.
        recipe: The recipe.
        splits: The data, labels encoded.
        anew: Makes the recipe's objects as they were made for the training.
        start: The last good checkpoint; none goes through the training from its beginning.
        interrupted: Whether the run is to end.

    Returns:
        The same with the one step; as it was where that was not found: in time, for want of memory for a second
        model, or because somebody would not wait.
    """
    if diverged.first == diverged.last:
        return diverged
    until = time.monotonic() + SECONDS
    search = _Search(diverged, lambda: interrupted() or time.monotonic() > until)
    by_one = replace(recipe, training=replace(recipe.training, steps_per_execution=1))
    try:
        assembly, augmentation = anew()
        go_through(by_one, assembly, splits, augmentation, start, search)
    except Diverged as found:
        if found.epoch == diverged.epoch and diverged.first <= found.last <= diverged.last:
            return found
    except (Exception, KeyboardInterrupt):  # the block is known, whatever keeps the step from being found
        pass
    return diverged
