"""Tracker: what carries the journal of a run to a store where people look at it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

Event = Mapping[str, Any]
"""One line of a journal: plain data with at least `event` (its type) and `time` (milliseconds, UTC)."""

State = Mapping[str, Any]
"""What a tracker remembers of a run between deliveries; plain data, written beside the journal."""


class Tracker(Protocol):
    """Delivers journals to a store. The core knows no more of tracking than this.

    A tracker works in a process of its own, so training never waits for it, and it may be handed the
    same events again after a failure: delivering twice must leave what delivering once leaves.
    """

    @property
    def name(self) -> str:
        """A short word, such as `"mlflow"`."""

    @property
    def options(self) -> Sequence[str]:
        """The keys under `tracking:` in a recipe that this tracker understands."""

    def store(self, uri: str | None) -> str:
        """Name the store that a new run goes to now, at once and without a look at it.

        Args:
            uri: The store that the user asked for; none means the tracker's default.

        Returns:
            Its address, free of secrets; it comes back as `uri` in the state of the first delivery, which
            may be made in another directory, and with other settings, than the run.
        """

    def prepare(self, folder: Path, uri: str | None) -> None:
        """Get ready to deliver, while the run itself is still loading its backend.

        Args:
            folder: The run's folder.
            uri: The store that the user asked for; none means the tracker's default.
        """

    def deliver(self, folder: Path, events: Sequence[Event], state: State, uri: str | None) -> State:
        """Deliver the next events of a run, in order.

        Args:
            folder: The run's folder; paths in events are relative to it.
            events: The events not yet delivered.
            state: What the previous delivery returned; empty at the first.
            uri: The store that the user asked for; none means the tracker's default.

        Returns:
            What to remember: at least `uri` (free of secrets) and `run_id`, both as the store knows them.
            Under `notes` may be lines for whoever carried the run out.

        Raises:
            Exception: Anything; the events are then still owed and offered again.
        """

    def url(self, state: State) -> str | None:
        """The address of the page that shows the run, where there is one."""

    def fetch(self, run: str, folder: Path, uri: str | None) -> bool:
        """Give back what the store has of a run, so that it can be reproduced where its folder is not.

        What is written is what a run's folder has, as far as the store knows it: `recipe.yaml` (frozen),
        `environment.json`, `journal.jsonl` and `artifacts/model.keras`. The journal has an event `started`
        (at least `run_id`, `name`, `backend`, `parameters`, and `data` with its `digest`), an event `epoch`
        for each epoch (`epoch`, counted from 1, and `metrics` by the names that the recipe gives them) and,
        where the run has ended, an event `ended` (`outcome` and the final `metrics`); each with its `time`.
        Where it was given more epochs than it began with, an event `resumed` with `epochs` stands between.
        Nothing of it is trusted: it is checked as what a stranger wrote.

        Args:
            run: The run's id in the store, or its own id.
            folder: An empty folder to write into.
            uri: The store that the user asked for; none means the tracker's default. A store that does not
                exist is not made.

        Returns:
            Whether the store has the run.

        Raises:
            Exception: Anything, when the store cannot be asked.
        """
