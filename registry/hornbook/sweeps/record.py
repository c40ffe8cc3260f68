"""Sweep and Trial: what the journal of a sweep tells, read without any of what made it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from hornbook.runner.delivery.delivering import Delivery
from hornbook.runner.journals.events import is_sound
from hornbook.runner.journals.folder import RunFolder, is_id
from hornbook.runner.journals.journal import number, read
from hornbook.runner.journals.record import Record
from hornbook.runner.journals.record import record as run_record
from hornbook.sweeps.folder import SweepFolder
from hornbook.sweeps.objective import Direction, Objective
from hornbook.tracker import Event

SEED = "seed"
"""The variable over whose values trials are averaged."""
DONE = ("finished", "unmet", "pruned", "diverged")
"""Outcomes that a trial would come to again. One that was interrupted or has failed is tried again when its sweep goes
on: a disk may have room again, and a process that was killed may not be this time."""
ENDED = (*DONE, "failed")
"""Outcomes after which a trial is over for as long as its sweep does not stop."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One run of a sweep.

    Args:
        number: Counted from 1.
        folder: The folder of its run, which is not there where the run could not begin; none where not even
            a folder could be made.
        values: What it set, by path in the recipe.
        outcome: That of the run, or `pruned`; `running` where it has not ended.
        value: What the sweep's metric came to; none where it was not measured.
        metrics: The final metrics.
        seconds: How long it took.
        error: What went wrong, if something did.
    """

    number: int
    folder: RunFolder | None
    values: Mapping[str, Any]
    outcome: str = "running"
    value: float | None = None
    metrics: Mapping[str, float] = field(default_factory=dict)
    seconds: float = 0.0
    error: str = ""

    @property
    def run_id(self) -> str:
        """The id of its run."""
        return "" if self.folder is None else self.folder.id

    def run(self) -> Record | None:
        """Its run as the run's journal tells it; none where there is none."""
        there = self.folder is not None and self.folder.journal.is_file()
        return run_record(self.folder) if there and self.folder is not None else None


@dataclass(frozen=True)
class Sweep:
    """A sweep as its journal tells it.

    Args:
        folder: Where it lies.
        name: The recipe's name.
        outcome: `finished` when every trial has ended, `interrupted`, or `running` where the journal has no end.
        objective: What trials are compared by.
        method: `grid`, `random` or `search`.
        variables: The values of what is varied, by path; a range is one text.
        planned: How many trials it is to have.
        trials: Those that have begun, by their number.
        started: When it began, in milliseconds since 1970, UTC.
        seconds: How long it took, all stretches together.
        details: The event with which it started.
        deliveries: How far each tracker has come.
    """

    folder: SweepFolder
    name: str
    outcome: str
    objective: Objective
    method: str
    variables: Mapping[str, list[Any]]
    planned: int
    trials: tuple[Trial, ...] = field(repr=False)
    started: int = 0
    seconds: float = 0.0
    details: Mapping[str, Any] = field(default_factory=dict, repr=False)
    deliveries: tuple[Delivery, ...] = field(default=(), repr=False)

    @property
    def id(self) -> str:
        """The sweep's id."""
        return self.folder.id

    @cached_property
    def best(self) -> Trial | None:
        """The best trial of the best group: where seeds are varied, groups are compared by their means."""
        from hornbook.sweeps.ranking import ranked

        groups = ranked(self)
        return groups[0].best if groups else None


def sweep_record(folder: SweepFolder) -> Sweep:
    """Read a sweep's journal.

    Args:
        folder: The sweep's folder.

    Returns:
        The record.
    """
    events = sound_events(folder)
    started = next((event for event in events if event["event"] == "sweep_started"), {})
    last = next((event for event in reversed(events) if event["event"] in _STRETCH), {})
    direction: Direction = "minimize" if started.get("direction") == "minimize" else "maximize"
    return Sweep(
        folder=folder,
        name=str(started.get("name", "")),
        outcome=str(last["outcome"]) if last.get("event") == "sweep_ended" else "running",
        objective=Objective(str(started.get("metric", "")), direction),
        method=str(started.get("method", "")),
        variables=dict(started.get("variables", {})),
        planned=next((event["trials"] for event in reversed(events) if event["event"] in _BEGINNINGS), 0),
        trials=tuple(_trials(events, folder.runs)),
        started=int(started.get("time", 0)),
        seconds=sum(_finite(event["seconds"]) for event in events if event["event"] == "sweep_ended"),
        details=started,
    )


_BEGINNINGS = ("sweep_started", "sweep_resumed")
_STRETCH = (*_BEGINNINGS, "sweep_ended")


def _finite(seconds: Any) -> float:
    taken = number(seconds)
    return taken if math.isfinite(taken) else 0.0


def sound_events(folder: SweepFolder) -> list[Event]:
    """The events of a sweep's journal that have the form of their type; those of others tell of nothing."""
    return [event for event in read(folder.journal) if is_sound(event)] if folder.journal.is_file() else []


def _trials(events: list[Event], runs: Path) -> list[Trial]:
    trials: dict[int, Trial] = {}
    for event in events:
        if event["event"] == "trial_started":
            folder = RunFolder(runs / event["run_id"]) if is_id(event["run_id"] or "") else None
            trials[event["trial"]] = Trial(int(event["trial"]), folder, dict(event["values"]))
        elif event["event"] == "trial_ended" and event["trial"] in trials:
            begun = trials[event["trial"]]
            value = None if event["value"] is None else number(event["value"])
            trials[event["trial"]] = Trial(
                begun.number,
                begun.folder,
                begun.values,
                str(event["outcome"]),
                value if value is not None and math.isfinite(value) else None,
                {name: number(one) for name, one in (event.get("metrics") or {}).items()},
                _finite(event["seconds"]),
                str(event.get("error") or ""),
            )
    return [trials[one] for one in sorted(trials)]
