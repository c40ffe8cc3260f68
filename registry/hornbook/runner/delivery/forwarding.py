"""The process beside a run: it draws the run's reports and delivers its journal.

`python -m hornbook.runner.delivery.forwarding FOLDER` follows a run's journal until it ends, or until its
standard input closes because the run's process is gone. Anything that is written there has it draw at once.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

from hornbook import reports
from hornbook.runner.delivery.delivering import Delivery, deliver, draw_reports, intend, trackers
from hornbook.runner.delivery.rhythm import Moment, Rhythm
from hornbook.runner.journals.folder import RunFolder
from hornbook.runner.journals.tail import read
from hornbook.tracker import Tracker

URI = "HORNBOOK_TRACKING_URI"
"""Carries the store's address to the process, since others can read a command line."""
UNTRACKED = "--untracked"
"""Says on the command line of the process that there is nothing to deliver, only to draw."""
PATIENCE = 20.0
"""Seconds that a run waits, once it has ended, for its journal to be delivered."""


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
        assert self._process.stdin is not None
        os.set_blocking(self._process.stdin.fileno(), False)

    def stir(self) -> None:
        """Have it draw at once what there is to draw; delivering keeps its own time."""
        assert self._process.stdin is not None
        with suppress(OSError):  # it is gone, or has been told often enough
            os.write(self._process.stdin.fileno(), b"\n")

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


class Beside(Protocol):
    """What the process does beside a run, or a sweep."""

    def draw(self) -> None:
        """Draw what there is to draw."""

    def look(self, known: Sequence[Tracker], uri: str | None) -> list[Delivery]:
        """Draw, then deliver what is new."""


def main() -> None:
    """Accompany the run whose folder is named on the command line."""
    folder = RunFolder(Path(sys.argv[1]))
    accompany(folder, Follower(folder))


def accompany(folder: RunFolder, beside: Beside) -> None:
    """Look after a run or a sweep time after time, until its process is gone and nothing is owed.

    Args:
        folder: The run, or the sweep.
        beside: Draws and delivers what is new of it.
    """
    uri = os.environ.pop(URI, None)
    known = [] if UNTRACKED in sys.argv else trackers()
    for tracker in known:
        intend(folder, tracker, uri)
        tracker.prepare(folder.path, uri)
    rhythm = Rhythm()
    for moment in rhythm.moments():
        if moment is Moment.STIRRED:
            beside.draw()
            continue
        done = beside.look(known, uri)
        rhythm.failed = any(one.owed and one.error for one in done)
        if moment is Moment.LAST and not any(one.owed for one in done):
            break


class Follower:
    """Follows the journal of a run.

    Args:
        folder: The run.
    """

    def __init__(self, folder: RunFolder) -> None:
        self.folder = folder
        self._drawn: tuple[Any, ...] = ()

    def draw(self) -> None:
        """Draw the reports of the run, as far as there is something new to draw."""
        if not self.folder.journal.is_file():
            return
        events = read(self.folder.journal)
        ended = bool(events) and events[-1]["event"] == "ended"
        moment = (reports.gathered(self.folder), len(events) if ended else 0)
        if moment not in (self._drawn, (None, 0)):
            self._drawn = moment
            draw_reports(self.folder)

    def look(self, known: Sequence[Tracker], uri: str | None) -> list[Delivery]:
        """Draw the reports, then deliver what is new of the run.

        Args:
            known: The trackers.
            uri: The store that was asked for.

        Returns:
            How far each tracker has come.
        """
        if not self.folder.journal.is_file():
            return []
        self.draw()
        return [deliver(self.folder, tracker, uri) for tracker in known]


if __name__ == "__main__":
    main()
    sys.stdout.flush()
    os._exit(0)  # nothing is left to do, and libraries' threads take their time to end
