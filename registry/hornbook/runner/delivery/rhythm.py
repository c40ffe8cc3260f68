"""Rhythm: when the process beside a run draws, and when it looks for what is to be delivered."""

import os
import select
import sys
import time
from collections.abc import Iterator
from enum import Enum

PAUSE = 0.2
SHARE = 0.02
"""The share of a core that may go into looking for what is new while a run goes on."""
LONGEST_REST = 5.0
"""Seconds between looks that cost much, at the most."""
LONGEST_PAUSE = 30.0
"""Seconds between tries while a store cannot be reached; the run's end is a reason to try at once."""


class Moment(Enum):
    """Why it is time to do something."""

    STIRRED = "something was written to the standard input: there is something to draw"
    DUE = "it is time to look for what is new"
    LAST = "the run's process is gone"


class Rhythm:
    """Looks often, but no more than is cheap, and ever more seldom while it fails; however often it is stirred."""

    def __init__(self) -> None:
        self.failed = False

    def moments(self) -> Iterator[Moment]:
        """The moments, as they come; the last one twice."""
        pause = PAUSE
        due = time.monotonic() + pause
        while (moment := _next(due)) is not Moment.LAST:
            began = time.process_time()
            yield moment
            if moment is Moment.DUE:
                rest = min((time.process_time() - began) / SHARE, LONGEST_REST)
                pause = min(2 * pause, LONGEST_PAUSE) if self.failed else max(PAUSE, rest)
                due = time.monotonic() + pause
        for _ in range(2):
            yield Moment.LAST
            time.sleep(PAUSE)


def _next(due: float) -> Moment:
    """Wait for the next moment."""
    left = due - time.monotonic()
    if left <= 0 or not select.select([sys.stdin], [], [], left)[0]:
        return Moment.DUE
    return Moment.STIRRED if os.read(sys.stdin.fileno(), select.PIPE_BUF) else Moment.LAST
