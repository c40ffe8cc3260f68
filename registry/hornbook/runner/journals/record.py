"""Record: what the journal of a run tells, read without any of what made it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hornbook.runner.journals.events import is_sound
from hornbook.runner.journals.folder import RunFolder
from hornbook.runner.journals.journal import examine, number
from hornbook.tracker import Event

if TYPE_CHECKING:
    from pandas import DataFrame


@dataclass(frozen=True, slots=True)
class Record:
    """A run as its journal tells it.

    Args:
        folder: Where it lies.
        name: The recipe's name.
        outcome: How it ended; `running` where the journal has no end.
        started: When it began, in milliseconds since 1970, UTC.
        epochs: How many epochs ended.
        metrics: The final metrics; before the end, those of the last epoch.
        history: Each metric's value after each epoch, by name.
        seconds: How long it took.
        details: The event with which it started.
        resumptions: The events with which it went on, each time it was resumed.
        damage: What of the journal could not be read, in words; empty where all could.
    """

    folder: RunFolder
    name: str
    outcome: str
    started: int
    epochs: int
    metrics: Mapping[str, float]
    history: Mapping[str, list[float]] = field(repr=False)
    seconds: float
    details: Mapping[str, Any] = field(repr=False)
    resumptions: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)
    damage: str = ""

    @property
    def id(self) -> str:
        """The run's id."""
        return self.folder.id

    @property
    def planned(self) -> int:
        """How many epochs it was to have, as last asked for; 0 where that is not known."""
        return int(max([self.details.get("epochs", 0), *(event["epochs"] for event in self.resumptions)]))

    def telling(self, most: int = 3) -> list[tuple[str, float]]:
        """The metrics that tell most: those expected, then those of test and validation data.

        Args:
            most: How many to give at the most.

        Returns:
            Names with values.
        """
        expected = self.details.get("expect") or {}

        def rank(name: str) -> tuple[bool, bool, bool, bool]:
            held_out = name.startswith(("val_", "test_"))
            return name not in expected, not held_out, name.endswith("loss"), name == "learning_rate"

        return sorted(self.metrics.items(), key=lambda one: rank(one[0]))[:most]

    def to_pandas(self) -> "DataFrame":
        """The run's history, a row each epoch.

        Returns:
            A `pandas.DataFrame` whose index is the epoch, counted from 1, with a column for each metric, and
            `seconds` and `examples_per_second`.

        Raises:
            HornbookError: When pandas is not installed.

        Example:
            >>> import hornbook
            >>> done = hornbook.run("iris", ["training.epochs=2", "~expect"], tracking=False)
            >>> hornbook.runs()[-1].to_pandas()["val_loss"].idxmin() in (1, 2)
            True
        """
        from hornbook.runner.journals.frames import history

        return history(self)


def record(folder: RunFolder) -> Record:
    """Read a run's journal.

    Args:
        folder: The run's folder.

    Returns:
        The record. What of the journal is torn, damaged or none of a run's events is left out, and said in
        its `damage`.
    """
    events, damage = sound_events(folder)
    started = next((event for event in events if event["event"] == "started"), {})
    last = next((event for event in reversed(events) if event["event"] in ("ended", "resumed")), {})
    ended = last if last.get("event") == "ended" else {}
    epochs = [event for event in events if event["event"] == "epoch"]
    history: dict[str, list[float]] = {}
    for epoch in epochs:
        for name, value in epoch["metrics"].items():
            history.setdefault(name, []).append(number(value))
    latest = {name: values[-1] for name, values in history.items()}
    final = {name: number(value) for name, value in ended.get("metrics", {}).items()}
    return Record(
        folder=folder,
        name=started.get("name", ""),
        outcome=ended.get("outcome", "running"),
        started=int(started.get("time", 0)),
        epochs=len(epochs),
        metrics=final or latest,
        history=history,
        seconds=float(ended.get("seconds", 0.0)),
        details=started,
        resumptions=tuple(event for event in events if event["event"] == "resumed"),
        damage=damage,
    )


def sound_events(folder: RunFolder) -> tuple[list[Event], str]:
    """The events of a run that can be believed.

    Args:
        folder: The run's folder.

    Returns:
        The events; and what of the journal is left out, in words.
    """
    reading = examine(folder.journal)
    events = [event for event in reading.events if is_sound(event)]
    unsound = len(reading.events) - len(events)
    faults = [reading.damage, f"{unsound:,} of its lines are not of the form of a run's" if unsound else ""]
    return events, "; ".join(filter(None, faults))
