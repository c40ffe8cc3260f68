"""Strategy: which values the next trial sets, and whether one that promises little goes on."""

from collections.abc import Sequence
from typing import Protocol

from hornbook.sweeps.combinations import Values
from hornbook.sweeps.record import Trial


class Strategy(Protocol):
    """Proposes values and learns what came of them."""

    @property
    def trials(self) -> int:
        """How many trials there will be."""

    @property
    def prunes(self) -> bool:
        """Whether trials may be ended early, so that every epoch is to be reported."""

    def propose(self, number: int) -> Values | None:
        """The values of a new trial; none where there are no more trials."""

    def again(self, trial: Trial) -> None:
        """Take note of a trial of before that goes on, or has ended already."""

    def report(self, number: int, epoch: int, value: float) -> bool:
        """Take note of the metric after an epoch, counted from 1; say whether to end the trial."""

    def tell(self, number: int, outcome: str, value: float | None) -> None:
        """Take note of how a trial ended."""


class Listed:
    """Goes through values that are known beforehand.

    Args:
        trials: The values of every trial.
    """

    prunes = False

    def __init__(self, trials: Sequence[Values]) -> None:
        self._values = trials

    @property
    def trials(self) -> int:
        """As many as were given."""
        return len(self._values)

    def propose(self, number: int) -> Values | None:
        """The values of the trial of that number."""
        return self._values[number - 1] if number <= self.trials else None

    def again(self, trial: Trial) -> None:
        """Nothing follows from it."""

    def report(self, number: int, epoch: int, value: float) -> bool:
        """None is ended early."""
        return False

    def tell(self, number: int, outcome: str, value: float | None) -> None:
        """Nothing follows from it."""
