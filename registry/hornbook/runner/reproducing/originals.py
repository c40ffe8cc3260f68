"""Originals: runs that are to be reproduced, found here or fetched from a tracker, read and checked."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from hornbook.catalog import Catalog
from hornbook.problem import HornbookError, Problem
from hornbook.recipes.reading import read
from hornbook.recipes.recipe import Recipe
from hornbook.runner.delivery.delivering import free_of_secrets, trackers
from hornbook.runner.journals.folder import RunFolder, find
from hornbook.runner.journals.record import Record, record, sound_events
from hornbook.runner.surroundings import environment
from hornbook.tracker import Event

COMPLETE = ("finished", "unmet")
"""Outcomes of runs that came to their end; only those have final metrics and weights to compare."""


@dataclass(frozen=True, slots=True)
class Original:
    """A run that is to be reproduced.

    Args:
        folder: Its folder, or a copy of what a tracker has of it.
        record: What its journal tells.
        recipe: Its recipe, every name bound to what is installed now.
        environment: What it ran on; empty where that is not known.
        lengths: How many epochs it was to have at each of its ends: more than one where it came to its
            end and was then given more.
        diverged: The epoch and the step at which it diverged; none where it did not, or that is not known.
    """

    folder: RunFolder
    record: Record
    recipe: Recipe
    environment: Mapping[str, Any]
    lengths: tuple[int, ...]
    diverged: tuple[int, int] | None = None

    @property
    def id(self) -> str:
        """The run's own id, whatever the folder is called that it is read from."""
        return str(self.record.details.get("run_id") or self.folder.id)

    @property
    def backend(self) -> str:
        """The backend that it ran on; empty where that is not known."""
        return str(self.record.details.get("backend", ""))

    @property
    def is_complete(self) -> bool:
        """Whether it came to its end."""
        return self.record.outcome in COMPLETE

    @property
    def limits(self) -> str:
        """What of it cannot be reproduced, in words; empty where all can."""
        if self.is_complete:
            return ""
        outcome = self.record.outcome
        state = f"was {outcome}" if outcome == "interrupted" else outcome
        state = "has not ended, as far as its journal goes" if outcome == "running" else state
        epochs = f"{self.record.epochs} epoch{'' if self.record.epochs == 1 else 's'}"
        return f"the original {state}: what there is of it, {epochs}, is reproduced"


def original(folder: RunFolder, catalog: Catalog) -> Original:
    """Read and check a run that is to be reproduced.

    Args:
        folder: Its folder, or a copy of it.
        catalog: The components there are.

    Returns:
        The run.

    Raises:
        HornbookError: When its recipe cannot be carried out here, such as for want of a plugin, or there
            is nothing of it to be reproduced.
    """
    found = record(folder)
    called = str(found.details.get("run_id") or folder.id)
    if not folder.recipe.is_file():
        message = f"the recipe of the run {called} is missing"
        hint = "it is recipe.yaml in the run's folder, and among its artifacts in a tracker"
        raise HornbookError(Problem(code="HB532", message=message, hint=hint))
    recipe = read(folder.recipe, (), catalog)
    if not found.epochs and found.outcome not in (*COMPLETE, "diverged"):
        message = f"the run {called} has no epoch behind it, so there is nothing to reproduce"
        again = f"`hornbook run {folder.recipe}` carries its recipe out"
        hint = (
            again if called == folder.id else "its recipe is among its artifacts: `hornbook run recipe.yaml`"
        )
        raise HornbookError(Problem(code="HB531", message=message, hint=hint))
    events, _ = sound_events(folder)
    lengths = _lengths(events, recipe.training.epochs, found)
    source = recipe.source if called == folder.id else None  # the recipe of a copy is gone with it
    recipe = replace(recipe, name=found.name or recipe.name, source=source)
    return Original(folder, found, recipe, environment.known(folder), lengths, _divergence(events))


def _lengths(events: Sequence[Event], planned: int, found: Record) -> tuple[int, ...]:
    """How many epochs a run was to have at each of its ends; at the last, what there is of it."""
    lengths: list[int] = []
    wanted, ended, over = planned, False, 0
    for event in events:
        if event["event"] == "resumed":
            # As many epochs again: a callback had ended it before.
            over = wanted if ended and event["epochs"] >= wanted else 0
            wanted, ended = max(wanted, event["epochs"]), False
        elif event["event"] == "epoch" and over:
            lengths.append(over)
            over = 0
        elif event["event"] == "ended":
            ended = event["outcome"] in COMPLETE
    if found.outcome in COMPLETE:
        return (*lengths, wanted)
    # A run that diverged did so in the epoch after the last one that was recorded, if not in that one.
    last = min(wanted, found.epochs + 1) if found.outcome == "diverged" else found.epochs
    return (*(length for length in lengths if length < last), last)


def _divergence(events: Sequence[Event]) -> tuple[int, int] | None:
    where = events[-1].get("diverged") if events else None
    if isinstance(where, Mapping) and {"epoch", "step"} <= where.keys():
        return where["epoch"], where["step"]
    return None


@contextmanager
def located(run: str | Path, runs: Path, uri: str | None) -> Iterator[RunFolder]:
    """The folder of a run: the one it has here, else one that a tracker fills with what it knows of the run.

    Args:
        run: The run's id, the beginning of one, `latest`, its folder, or an id that a tracker knows.
        runs: The folder that holds all runs.
        uri: The tracking store to look in; none means each tracker's default.

    Yields:
        The folder; one that was fetched is gone when the context is left.

    Raises:
        HornbookError: When there is no such run, here or in a tracking store.
    """
    try:
        here = find(run, runs)
    except HornbookError as error:
        if str(run) == "latest":
            raise
        missing = error
    else:
        yield here
        return
    with tempfile.TemporaryDirectory(prefix="hornbook-run-") as scratch:
        fetched = _fetched(str(run), runs, Path(scratch), uri, missing)
        known = record(fetched).details.get("run_id")
        yield _own(str(known), runs) or fetched


def _fetched(run: str, runs: Path, scratch: Path, uri: str | None, missing: HornbookError) -> RunFolder:
    for tracker in trackers():
        folder = RunFolder(scratch / tracker.name)
        folder.path.mkdir()
        try:
            found = tracker.fetch(run, folder.path, uri)
        except Exception as error:  # a store may be away, or refuse, in any way
            words = free_of_secrets(" ".join(str(error).split()))[:500]
            message = f"there is no run {run!r} in {runs}, and {tracker.name} could not give it: {words}"
            hint = "name its store with --tracking-uri"
            raise HornbookError(Problem(code="HB533", message=message, hint=hint), exit_code=1) from error
        if found and folder.journal.is_file():
            return folder
    problem = missing.problems[0]
    hint = f"{problem.hint}; --tracking-uri names another store in which to look"
    raise HornbookError(replace(problem, message=f"{problem.message}, nor in a tracking store", hint=hint))


def _own(run: str, runs: Path) -> RunFolder | None:
    """The folder that a run has here after all: its journal is the truth, of which a store has a view."""
    folder = RunFolder((runs / run).absolute())
    named = run == Path(run).name and run not in ("", ".", "..")
    return folder if named and folder.journal.is_file() else None
