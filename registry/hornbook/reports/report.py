"""Report and Source: what a report is made of, and what a run's own process keeps for it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from hornbook.reports.store import Data, load
from hornbook.runner.journals.folder import RunFolder
from hornbook.runner.journals.record import Record, record

if TYPE_CHECKING:
    from hornbook.reports.scene import Scene

Kind = Literal["image", "markdown", "json"]
Stage = Literal["begun", "ended"]


@dataclass(frozen=True, slots=True)
class Source:
    """Data that is kept in a run's own process, where the model and the examples are.

    Args:
        name: What the data is called.
        stage: When it is taken: before the training, or once it has ended with a model.
        gather: Takes it; none where it does not apply.
    """

    name: str
    stage: Stage
    gather: Callable[["Scene"], Data | None]


class Told:
    """What there is to draw a report from: the journal, and the data that was kept.

    Args:
        folder: The run's folder.
    """

    def __init__(self, folder: RunFolder) -> None:
        self.folder = folder

    @cached_property
    def record(self) -> Record:
        """What the journal tells."""
        return record(self.folder)

    def data(self, name: str) -> dict[str, Any] | None:
        """Data by its source's name; none where none was kept.

        Raises:
            ValueError: When its files are damaged.
        """
        return load(self.folder, name)


@dataclass(frozen=True, slots=True)
class Report:
    """One picture, page or file about a run.

    Args:
        file: The file's name.
        title: What it is, in a few words.
        kind: What the file holds.
        sources: The names of the data that it shows.
        make: Makes it: text, or a matplotlib figure; none where it does not apply to the run.
        from_journal: Whether it shows what the journal tells, too.
        shows: All that it shows, as plain data, where run after run of a sweep may show the same: it is drawn
            once then.
    """

    file: str
    title: str
    kind: Kind
    sources: tuple[str, ...]
    make: Callable[[Told], Any]
    from_journal: bool = False
    shows: Callable[[Told], Any] | None = None
