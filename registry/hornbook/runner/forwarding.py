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
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hornbook.runner.folder import RunFolder, write_json
from hornbook.runner.journal import read
from hornbook.tracker import Tracker

URI = "HORNBOOK_TRACKING_URI"
"""Carries the store's address to the process, since others can read a command line."""
PAUSE = 0.2
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


def deliver(folder: RunFolder, tracker: Tracker, uri: str | None = None) -> Delivery:
    """Hand a tracker what it has not got of a run's journal.

    Args:
        folder: The run.
        tracker: Who delivers.
        uri: The store; none means the tracker's default.

    Returns:
        How far it came; what went wrong is in it, never raised.
    """
    before = delivery(folder, tracker.name)
    events = read(folder.journal)
    new = events[before.delivered :]
    if not new:
        return before
    try:
        state = dict(tracker.deliver(folder.path, new, before.state, uri))
    except Exception as error:
        problem = _free_of_secrets(f"{type(error).__name__}: {' '.join(str(error).split())[:500]}")
        # The store that was asked for is where what is owed should go later on.
        asked = {"uri": _free_of_secrets(uri)} if uri else {}
        _remember(folder, tracker.name, before.state or asked, before.delivered, problem, before.url)
        return delivery(folder, tracker.name)
    _remember(folder, tracker.name, state, len(events), "", tracker.url(state))
    return delivery(folder, tracker.name)


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


def _free_of_secrets(text: str) -> str:
    return re.sub(r"//[^/@\s]+@", "//", text)


class Forwarder:
    """The process beside a run that delivers its journal.

    Args:
        folder: The run.
        uri: The store; none means each tracker's default.
    """

    def __init__(self, folder: RunFolder, uri: str | None) -> None:
        environment = {**os.environ, **({URI: uri} if uri else {})}
        log = folder.path / "delivery" / "log.txt"
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("w", encoding="utf-8") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "hornbook.runner.forwarding", str(folder.path)],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                env=environment,
                start_new_session=True,  # Ctrl-C is for the run; the record of it is still to be delivered
            )

    def finish(self) -> None:
        """Wait a while for the journal to be delivered; what is not by then is owed."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.terminate()

    def cancel(self) -> None:
        """End the process: there is no run to deliver."""
        self._process.kill()
        self._process.wait()


def main() -> None:
    """Follow the journal of the run whose folder is named on the command line."""
    folder = RunFolder(Path(sys.argv[1]))
    uri = os.environ.pop(URI, None)
    known = trackers()
    for tracker in known:
        tracker.prepare(folder.path, uri)
    for last in _looks():
        if folder.journal.is_file():
            done = [deliver(folder, tracker, uri) for tracker in known]
            if last and not any(one.owed for one in done):
                break


def _looks() -> Iterator[bool]:
    """Time after time, whether the run's process is gone; twice more after it is."""
    while not select.select([sys.stdin], [], [], PAUSE)[0]:
        yield False
    for _ in range(2):
        yield True
        time.sleep(PAUSE)


if __name__ == "__main__":
    main()
    sys.stdout.flush()
    os._exit(0)  # nothing is left to do, and libraries' threads take their time to end
