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

        Raises:
            Exception: Anything; the events are then still owed and offered again.
        """

    def url(self, state: State) -> str | None:
        """The address of the page that shows the run, where there is one."""
