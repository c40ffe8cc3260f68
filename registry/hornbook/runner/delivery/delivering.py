"""Handing a journal to a tracker, as far as it is not delivered yet."""

import json
import re
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from hornbook import reports
from hornbook.runner.journals.alone import alone
from hornbook.runner.journals.folder import RunFolder
from hornbook.runner.journals.tail import read
from hornbook.tracker import Tracker
from hornbook.whole_file import settle, write_json


@dataclass(frozen=True, slots=True)
class Delivery:
    """How far a tracker has come with a run.

    Args:
        tracker: The tracker's name.
        state: What the tracker remembers, such as `uri` and `run_id`.
        delivered: How many events it has.
        owed: How many it has not.
        error: Why, if it failed last time.
        url: The page that shows the run, where there is one.
    """

    tracker: str
    state: dict[str, Any]
    delivered: int
    owed: int
    error: str = ""
    url: str | None = None


def trackers(failed: Callable[[Any, Exception], None] = lambda plugin, error: None) -> list[Tracker]:
    """The trackers that the installed plugins offer."""
    from hornbook.discovery.discover import plugins
    from hornbook.discovery.hooking import call

    known: list[Tracker] = []
    for answer in call(plugins(), "hornbook_trackers", failed):
        with suppress(Exception):  # a tracker that cannot even be named delivers nothing
            known.extend(answer)
    return known


def deliver(
    folder: RunFolder, tracker: Tracker, uri: str | None = None, up_to: int | None = None
) -> Delivery:
    """Hand a tracker what it has not got of a run's journal.

    Args:
        folder: The run.
        tracker: Who delivers.
        uri: The store; none means the tracker's default.
        up_to: How many events of the journal are delivered at the most; none for all.

    Returns:
        How far it came; what went wrong is in it, never raised.
    """
    with alone(folder.path / "delivery" / f"{tracker.name}.lock") as granted:
        if not granted:
            return replace(delivery(folder, tracker.name), error="another process is delivering it")
        try:
            return _deliver(folder, tracker, uri, up_to)
        except OSError as error:  # a full disk: what it could not write down is delivered again
            return replace(delivery(folder, tracker.name), error=str(error))


def _deliver(folder: RunFolder, tracker: Tracker, uri: str | None, up_to: int | None) -> Delivery:
    before = _reconciled(folder, delivery(folder, tracker.name))
    events = read(folder.journal)[:up_to]
    new = events[before.delivered :]
    if not new:
        return before
    settle(folder.journal)  # a tracker is not to know more than a power cut leaves
    if any(event["event"] == "ended" for event in new):
        draw_reports(folder)  # they are delivered with the end
    try:
        state = dict(tracker.deliver(folder.path, new, before.state, uri))
    except Exception as error:
        problem = free_of_secrets(f"{type(error).__name__}: {' '.join(str(error).split())}")[:500]
        state = before.state or _meant(tracker, uri)
        _remember(folder, tracker.name, state, before.delivered, problem, before.url)
        return delivery(folder, tracker.name)
    _remember(folder, tracker.name, state, len(events), "", tracker.url(state))
    return delivery(folder, tracker.name)


def intend(folder: RunFolder, tracker: Tracker, uri: str | None) -> None:
    """Write down which store a new run is meant for: what is owed goes there, wherever `sync` is typed.

    Args:
        folder: The run.
        tracker: Who is to deliver it.
        uri: The store that was asked for; none means the tracker's default.
    """
    if not folder.delivery(tracker.name).exists():
        _remember(folder, tracker.name, _meant(tracker, uri), 0, "", None)


def _meant(tracker: Tracker, uri: str | None) -> dict[str, Any]:
    try:
        return {"uri": str(tracker.store(uri))}
    except Exception:  # a tracker that cannot say it is left to choose again
        return {"uri": free_of_secrets(uri)} if uri else {}


def _remember(
    folder: RunFolder, tracker: str, state: dict[str, Any], delivered: int, error: str, url: str | None
) -> None:
    content = {"state": state, "delivered": delivered, "error": error, "url": url}
    write_json(folder.delivery(tracker), content)


def is_tracked(folder: RunFolder) -> bool:
    """Whether a run was begun, or gone on with, to be delivered."""
    return (folder.path / "delivery").is_dir()


def reconcile(folder: RunFolder) -> None:
    """Have trackers be done with no more events than the journal holds, which damage may have shortened."""
    for one in deliveries(folder):
        _reconciled(folder, one)


def _reconciled(folder: RunFolder, known: Delivery) -> Delivery:
    there = len(read(folder.journal))
    if known.delivered <= there:
        return known
    _remember(folder, known.tracker, known.state, there, known.error, known.url)
    return replace(known, delivered=there)


def delivery(folder: RunFolder, tracker: str) -> Delivery:
    """How far a tracker has come with a run; what is damaged of that counts as not there."""
    try:
        stored = json.loads(folder.delivery(tracker).read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        stored = {}
    state, delivered, error, url = (
        stored.get(key) if isinstance(stored, dict) else None
        for key in ("state", "delivered", "error", "url")
    )
    known = delivered if isinstance(delivered, int) and isinstance(state, dict) and delivered > 0 else 0
    owed = max(0, len(read(folder.journal)) - known) if folder.journal.is_file() else 0
    return Delivery(
        tracker,
        dict(state) if isinstance(state, dict) else {},
        known,
        owed,
        error if isinstance(error, str) else "",
        url if isinstance(url, str) else None,
    )


def deliveries(folder: RunFolder) -> list[Delivery]:
    """How far every tracker has come that ever had to do with a run."""
    files = sorted((folder.path / "delivery").glob("*.json"))
    return [delivery(folder, file.stem) for file in files]


def free_of_secrets(text: str) -> str:
    """Take user names and passwords out of the addresses in a text."""
    # A `/` in a password that should have been quoted does not end it.
    return re.sub(r"//(?:[^/\s:]+:\S*|[^/\s]*)@", "//", text)


def draw_reports(folder: RunFolder) -> None:
    """Draw the reports of a run, where they are wanted; without them it is delivered all the same."""
    if not reports.wanted():
        return
    try:
        reports.draw(folder)
    except Exception as error:
        print(f"the reports of {folder.id} could not be drawn: {error!r}", file=sys.stderr)
