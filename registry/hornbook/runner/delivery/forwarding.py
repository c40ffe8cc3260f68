"""The process beside a run: it draws the run's reports and delivers its journal.

`python -m hornbook.runner.delivery.forwarding FOLDER` follows a run's journal until it ends, or until its
standard input closes because the run's process is gone. Anything that is written there has it look at once.
"""

import os
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from hornbook import reports
from hornbook.runner.delivery.delivering import Delivery, deliver, draw_reports, intend, trackers
from hornbook.runner.journals.folder import RunFolder
from hornbook.runner.journals.tail import read
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
        """Have it look at once, for there is something to draw."""
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


class Rhythm:
    """When to look for what is new: often, but no more than is cheap, and ever more seldom while it fails."""

    def __init__(self) -> None:
        self.failed = False

    def looks(self) -> Iterator[bool]:
        """Time after time, whether the run's process is gone; twice more after it is."""
        pause = PAUSE
        while _is_there(pause):
            began = time.process_time()
            yield False
            rest = min((time.process_time() - began) / SHARE, LONGEST_REST)
            pause = min(2 * pause, LONGEST_PAUSE) if self.failed else max(PAUSE, rest)
        for _ in range(2):
            yield True
            time.sleep(PAUSE)


def _is_there(pause: float) -> bool:
    """Wait until something is written to the standard input, or a while; whether the run's process is there."""
    written = select.select([sys.stdin], [], [], pause)[0]
    return not written or bool(os.read(sys.stdin.fileno(), select.PIPE_BUF))


if __name__ == "__main__":
    main()
    sys.stdout.flush()
    os._exit(0)  # nothing is left to do, and libraries' threads take their time to end
