"""Record: what the journal of a run tells, read without any of what made it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hornbook.runner.folder import RunFolder
from hornbook.runner.journal import number, read


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
    """

    folder: RunFolder
    name: str
    outcome: str
    started: int
    epochs: int
    metrics: Mapping[str, float]
    history: Mapping[str, list[float]]
    seconds: float
    details: Mapping[str, Any]
    resumptions: tuple[Mapping[str, Any], ...] = ()

    @property
    def id(self) -> str:
        """The run's id."""
        return self.folder.id


def record(folder: RunFolder) -> Record:
    """Read a run's journal.

    Args:
        folder: The run's folder.

    Returns:
        The record.
    """
    events = read(folder.journal)
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
    )
