"""Ranking: trials that differ in their seed alone are one group; groups are compared by their means."""

import statistics
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hornbook.sweeps.record import SEED, Sweep, Trial


@dataclass(frozen=True, slots=True)
class Group:
    """Trials that differ in their seed alone; where no seed is varied, a single one.

    Args:
        values: What they set, but for the seed.
        trials: The trials that measured the metric, the best first.
        mean: The mean of what they came to.
        spread: The standard deviation over seeds, of the sample; none for fewer than two.
    """

    values: Mapping[str, Any]
    trials: tuple[Trial, ...]
    mean: float
    spread: float | None

    @property
    def best(self) -> Trial:
        """The best of the trials."""
        return self.trials[0]


def ranked(sweep: Sweep) -> list[Group]:
    """The groups of a sweep, the best first; trials without a value are in none.

    Where the means are equal the group that was tried first comes first.
    """
    together: dict[str, list[Trial]] = {}
    for trial in sweep.trials:
        if trial.value is not None and trial.outcome in ("finished", "unmet"):
            together.setdefault(repr(_without_seed(trial)), []).append(trial)
    groups = [_group(trials, sweep.objective.direction == "maximize") for trials in together.values()]
    most = sweep.objective.direction == "maximize"
    return sorted(groups, key=lambda group: -group.mean if most else group.mean)


def _group(trials: list[Trial], most: bool) -> Group:
    values = [trial.value or 0.0 for trial in trials]
    in_order = sorted(trials, key=lambda trial: (trial.value or 0.0) * (-1 if most else 1))
    spread = statistics.stdev(values) if len(values) > 1 else None
    return Group(_without_seed(trials[0]), tuple(in_order), statistics.fmean(values), spread)


def _without_seed(trial: Trial) -> dict[str, Any]:
    """What names a group; where nothing but the seed is varied, all trials are one."""
    return {path: value for path, value in trial.values.items() if path != SEED}


def unranked(sweep: Sweep) -> list[Trial]:
    """The trials that are in no group: those that failed, diverged, were pruned, or have not ended."""
    inside = {trial.number for group in ranked(sweep) for trial in group.trials}
    return [trial for trial in sweep.trials if trial.number not in inside]
