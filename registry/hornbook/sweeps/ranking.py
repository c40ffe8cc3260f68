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
        seeds: How many seeds came to a value.
        whole: Whether all of its seeds did.
    """

    values: Mapping[str, Any]
    trials: tuple[Trial, ...]
    mean: float
    spread: float | None
    seeds: int = 1
    whole: bool = True

    @property
    def best(self) -> Trial:
        """The best of the trials."""
        return self.trials[0]


def ranked(sweep: Sweep) -> list[Group]:
    """The groups of a sweep, the best first; trials without a value are in none.

    A group of which a seed is missing comes after those that are whole: with a mean of the seeds that went well,
    the less sound would win. Where the means are equal the group that was tried first comes first.
    """
    together: dict[str, list[Trial]] = {}
    for trial in sweep.trials:
        together.setdefault(repr(_without_seed(trial)), []).append(trial)
    most = sweep.objective.direction == "maximize"
    wanted = len(sweep.variables.get(SEED, ())) if sweep.method == "grid" else 1
    groups = [group for trials in together.values() if (group := _group(trials, wanted, most))]
    return sorted(groups, key=lambda group: (not group.whole, -group.mean if most else group.mean))


def _group(trials: list[Trial], wanted: int, most: bool) -> Group | None:
    measured = [one for one in trials if one.value is not None and one.outcome in ("finished", "unmet")]
    if not measured:
        return None
    tried = {repr(trial.values.get(SEED)) for trial in trials}
    # A search may try the same once more, and prune it then: what it came to before is known all the same.
    by_seed = {repr(trial.values.get(SEED)): trial.value or 0.0 for trial in measured}
    in_order = sorted(measured, key=lambda trial: (trial.value or 0.0) * (-1 if most else 1))
    spread = statistics.stdev(by_seed.values()) if len(by_seed) > 1 else None
    whole = len(by_seed) >= max(len(tried), wanted)
    mean = statistics.fmean(by_seed.values())
    return Group(_without_seed(trials[0]), tuple(in_order), mean, spread, len(by_seed), whole)


def _without_seed(trial: Trial) -> dict[str, Any]:
    """What names a group; where nothing but the seed is varied, all trials are one."""
    return {path: value for path, value in trial.values.items() if path != SEED}


def unranked(sweep: Sweep) -> list[Trial]:
    """The trials that are in no group: those that failed, diverged, were pruned, or have not ended."""
    inside = {trial.number for group in ranked(sweep) for trial in group.trials}
    return [trial for trial in sweep.trials if trial.number not in inside]
