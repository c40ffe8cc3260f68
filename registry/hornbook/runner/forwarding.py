"""Handing a journal to a tracker, as far as it is not delivered yet; and the process that does so beside a run.

`python -m hornbook.runner.forwarding FOLDER` follows a run's journal until it ends, or until its
standard input closes because the run's process is gone.
"""

import json
import os
import re
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from hornbook import reports
from hornbook.runner.alone import alone
from hornbook.runner.folder import RunFolder, write_json
from hornbook.runner.tail import read
from hornbook.tracker import Tracker

URI = "HORNBOOK_TRACKING_URI"
"""Carries the store's address to the process, since others can read a command line."""
UNTRACKED = "--untracked"
"""Says on the command line of the process that there is nothing to deliver, only to draw."""
PAUSE = 0.2
SHARE = 0.02
"""The share of a core that may go into looking for what is new while a run goes on."""
LONGEST_REST = 5.0
"""Seconds between looks that cost much, at the most."""
LONGEST_PAUSE = 30.0
"""Seconds between tries while a store cannot be reached; the run's end is a reason to try at once."""
PATIENCE = 20.0
"""Seconds that a run waits, once it has ended, for its journal to be delivered."""


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
        return _deliver(folder, tracker, uri, up_to)


def _deliver(folder: RunFolder, tracker: Tracker, uri: str | None, up_to: int | None) -> Delivery:
    before = delivery(folder, tracker.name)
    events = read(folder.journal)[:up_to]
    new = events[before.delivered :]
    if not new:
        return before
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


def delivery(folder: RunFolder, tracker: str) -> Delivery:
    """How far a tracker has come with a run."""
    try:
        stored = json.loads(folder.delivery(tracker).read_text("utf-8"))
    except (OSError, ValueError):
        stored = {}
    delivered = int(stored.get("delivered", 0))
    owed = max(0, len(read(folder.journal)) - delivered) if folder.journal.is_file() else 0
    return Delivery(
        tracker, dict(stored.get("state", {})), delivered, owed, stored.get("error", ""), stored.get("url")
    )


def deliveries(folder: RunFolder) -> list[Delivery]:
    """How far every tracker has come that ever had to do with a run."""
    files = sorted((folder.path / "delivery").glob("*.json"))
    return [delivery(folder, file.stem) for file in files]


def free_of_secrets(text: str) -> str:
    """Take user names and passwords out of the addresses in a text."""
    # A `/` in a password that should have been quoted does not end it.
    return re.sub(r"//(?:[^/\s:]+:\S*|[^/\s]*)@", "//", text)


class Forwarder:
    """The process beside a run, or beside a sweep and its runs, that draws reports and delivers journals.

    Args:
        folder: The run, or the sweep.
        uri: The store; none means each tracker's default.
        tracked: Whether anything is delivered; if not, reports are drawn all the same.
        module: What the process runs: this module for a run.
    """

    def __init__(
        self, folder: RunFolder, uri: str | None, tracked: bool = True, module: str = __name__
    ) -> None:
        environment = {**os.environ, **({URI: uri} if uri else {})}
        log = folder.path / "delivery" / "log.txt" if tracked else Path(os.devnull)
        if tracked:
            log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("w", encoding="utf-8") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", module, str(folder.path), *([] if tracked else [UNTRACKED])],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                env=environment,
                start_new_session=True,  # Ctrl-C is for the run; the record of it is still to be delivered
            )

    def finish(self, patience: float = PATIENCE) -> None:
        """Wait a while for the journal to be delivered; what is not by then is owed.

        Args:
            patience: How many seconds.
        """
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(patience)
        except (subprocess.TimeoutExpired, KeyboardInterrupt):  # what is owed, `sync` delivers
            self._process.terminate()

    def cancel(self) -> None:
        """End the process: there is no run to deliver."""
        self._process.kill()
        self._process.wait()


def main() -> None:
    """Accompany the run whose folder is named on the command line."""
    folder = RunFolder(Path(sys.argv[1]))
    accompany(folder, Follower(folder).look)


def accompany(folder: RunFolder, look: Callable[[Sequence[Tracker], str | None], Sequence[Delivery]]) -> None:
    """Look after a run or a sweep time after time, until its process is gone and nothing is owed.

    Args:
        folder: The run, or the sweep.
        look: Draws and delivers what is new, and tells how far everything has come.
    """
    uri = os.environ.pop(URI, None)
    known = [] if UNTRACKED in sys.argv else trackers()
    for tracker in known:
        intend(folder, tracker, uri)
        tracker.prepare(folder.path, uri)
    rhythm = Rhythm()
    for last in rhythm.looks():
        done = look(known, uri)
        rhythm.failed = any(one.owed and one.error for one in done)
        if last and not any(one.owed for one in done):
            break


class Follower:
    """Follows the journal of a run.

    Args:
        folder: The run.
    """

    def __init__(self, folder: RunFolder) -> None:
        self.folder = folder
        self._drawn: tuple[Any, ...] = ()

    def look(self, known: Sequence[Tracker], uri: str | None) -> list[Delivery]:
        """Draw the reports of a run, as far as there is something to draw, then deliver what is new of it.

        Args:
            known: The trackers.
            uri: The store that was asked for.

        Returns:
            How far each tracker has come.
        """
        if not self.folder.journal.is_file():
            return []
        events = read(self.folder.journal)
        ended = bool(events) and events[-1]["event"] == "ended"
        moment = (reports.gathered(self.folder), len(events) if ended else 0)
        if moment not in (self._drawn, (None, 0)):
            self._drawn = moment
            draw_reports(self.folder)
        return [deliver(self.folder, tracker, uri) for tracker in known]


def draw_reports(folder: RunFolder) -> None:
    """Draw the reports of a run, where they are wanted; without them it is delivered all the same."""
    if not reports.wanted():
        return
    try:
        reports.draw(folder)
    except Exception as error:
        print(f"the reports of {folder.id} could not be drawn: {error!r}", file=sys.stderr)


class Rhythm:
    """When to look for what is new: often, but no more than is cheap, and ever more seldom while it fails."""

    def __init__(self) -> None:
        self.failed = False

    def looks(self) -> Iterator[bool]:
        """Time after time, whether the run's process is gone; twice more after it is."""
        pause = PAUSE
        while not select.select([sys.stdin], [], [], pause)[0]:
            began = time.process_time()
            yield False
            rest = min((time.process_time() - began) / SHARE, LONGEST_REST)
            pause = min(2 * pause, LONGEST_PAUSE) if self.failed else max(PAUSE, rest)
        for _ in range(2):
            yield True
            time.sleep(PAUSE)


if __name__ == "__main__":
    main()
    sys.stdout.flush()
    os._exit(0)  # nothing is left to do, and libraries' threads take their time to end
