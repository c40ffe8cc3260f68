"""Divergence: a loss that is no number any more, where that began, and on which examples."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from hornbook.runner.data.feeding import Portion
from hornbook.runner.data.rows import take

SHOWN = 8
"""How many row numbers a sentence names."""


class Diverged(Exception):
    """The loss is not finite any more, or the weights are not.

    Args:
        epoch: In which epoch, counted from 1.
        first: The first step of the epoch, counted from 1, at which that may have begun.
        last: The last one; the same where the step is known.
        loss: The mean loss of the epoch up to there.
    """

    def __init__(self, epoch: int, first: int, last: int, loss: float) -> None:
        super().__init__(f"the loss of epoch {epoch} is {loss}")
        self.epoch = epoch
        self.first = first
        self.last = last
        self.loss = loss


@dataclass(frozen=True, slots=True)
class Divergence:
    """Where a training diverged.

    Args:
        epoch: In which epoch, counted from 1.
        step: After which step of it, counted from 1, the loss was not finite; where that is not known, the
            last at which it can have begun.
        first_step: The first at which it can have begun: the same where the step is known.
        loss: The loss: `nan`, `inf` or `-inf`; a number where the loss was finite and the weights were not.
        examples: The numbers of the batch's rows in the training split, counted from 0.
        not_finite: Those of them with a value, among inputs and label, that is not finite.
        checkpoint: The last good checkpoint, relative to the run's folder; none if there is none.
    """

    epoch: int
    step: int
    first_step: int
    loss: float
    examples: tuple[int, ...]
    not_finite: tuple[int, ...]
    checkpoint: str | None

    def as_data(self) -> dict[str, Any]:
        """The divergence as plain data, for the journal."""
        return {
            "epoch": self.epoch,
            "step": self.step,
            "first_step": self.first_step,
            "loss": self.loss,
            "examples": list(self.examples),
            "not_finite": list(self.not_finite),
            "checkpoint": self.checkpoint,
        }

    def __str__(self) -> str:
        exact = self.first_step == self.step
        steps = f"step {self.step}" if exact else f"a step from {self.first_step} to {self.step}"
        what = "the weights were not finite" if math.isfinite(self.loss) else f"the loss was {self.loss}"
        lines = [f"{what} after {steps} of epoch {self.epoch}"]
        if exact:
            lines.append(f"its batch: {_listed(self.examples)} of the training split")
        if self.not_finite:
            lines.append(f"not finite in themselves: {_listed(self.not_finite)}")
        lines.append(f"the last good checkpoint: {self.checkpoint or 'none'}")
        return "; ".join(lines)


def located(diverged: Diverged, whole: Portion, checkpoint: str | None) -> Divergence:
    """Name the examples on which a training diverged.

    Args:
        diverged: Where it did.
        whole: How the training split is gone through.
        checkpoint: The last good checkpoint, relative to the run's folder.

    Returns:
        The divergence.
    """
    order = whole.order(diverged.epoch - 1)
    steps = range(diverged.first - 1, diverged.last)
    rows = np.concatenate([np.asarray(whole.rows(order, step)) for step in steps])
    exact = diverged.first == diverged.last
    return Divergence(
        epoch=diverged.epoch,
        step=diverged.last,
        first_step=diverged.first,
        loss=diverged.loss,
        examples=tuple(map(int, rows)) if exact else (),
        not_finite=tuple(map(int, rows[_spoilt(whole, rows)])),
        checkpoint=checkpoint,
    )


def _spoilt(whole: Portion, rows: np.ndarray) -> np.ndarray:
    """Which of some rows hold a value that is not finite."""
    inputs = take(whole.split.inputs, rows)
    columns = list(inputs.values()) if isinstance(inputs, Mapping) else [inputs]
    if whole.split.labels is not None:
        columns.append(whole.split.labels[rows])
    spoilt = np.zeros(len(rows), bool)
    for column in columns:
        if np.issubdtype(column.dtype, np.floating):
            spoilt |= ~np.isfinite(column).reshape(len(rows), -1).all(axis=1)
    return spoilt


def _listed(rows: tuple[int, ...]) -> str:
    shown = ", ".join(map(str, rows[:SHOWN]))
    more = f" and {len(rows) - SHOWN} more" if len(rows) > SHOWN else ""
    return f"{'row' if len(rows) == 1 else 'rows'} {shown}{more}"
