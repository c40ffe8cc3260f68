"""The process beside a sweep: it draws the reports of the sweep and its runs, and delivers all their journals.

`python -m hornbook.sweeps.following FOLDER` follows a sweep until it ends, or until its standard input closes
because the sweep's process is gone. Anything that is written there has it draw at once.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from hornbook import reports
from hornbook.runner.delivery.delivering import Delivery, deliver, intend
from hornbook.runner.delivery.forwarding import Follower, accompany
from hornbook.runner.journals.folder import RunFolder, is_id
from hornbook.sweeps.folder import SweepFolder
from hornbook.sweeps.record import DONE, sound_events
from hornbook.tracker import Event, Tracker


class SweepFollower:
    """Follows the journal of a sweep, and those of the runs that it names.

    Args:
        folder: The sweep.
    """

    def __init__(self, folder: SweepFolder) -> None:
        self._folder = folder
        self._runs: dict[str, Follower] = {}
        self._drawn_runs: set[str] = set()
        self._settled: set[str] = set()
        self._drawn = 0

    def draw(self) -> None:
        """Draw the reports of the runs that have ended since."""
        for run_id in sorted(_over(sound_events(self._folder)) - self._drawn_runs):
            self._drawn_runs.add(run_id)
            self._run(run_id).draw()

    def look(self, known: Sequence[Tracker], uri: str | None) -> list[Delivery]:
        """Draw what has ended, then deliver what is new.

        A run belongs under its sweep, so the sweep comes first; and its end comes after all of its runs.

        Args:
            known: The trackers.
            uri: The store that was asked for.

        Returns:
            How far each tracker has come with each run that is not wholly delivered, and then with the sweep.
        """
        self.draw()
        events = sound_events(self._folder)
        if not events:
            return []
        over = events[-1]["event"] == "sweep_ended"
        before_end = len(events) - over
        own = [deliver(self._folder, tracker, uri, before_end) for tracker in known]
        ended = _over(events)
        done = []
        for event in events:
            run_id = str(event["run_id"]) if event["event"] == "trial_started" else ""
            if is_id(run_id) and run_id not in self._settled:
                done += self._look_at(run_id, ended, known, uri)
        if over:
            if len(events) > self._drawn:
                self._drawn = len(events)
                draw_sweep(self._folder)
            own = [deliver(self._folder, tracker, uri) for tracker in known]
        return [*done, *own]

    def _look_at(
        self, run_id: str, ended: set[str], known: Sequence[Tracker], uri: str | None
    ) -> list[Delivery]:
        run = self._run(run_id)
        if not run.folder.path.is_dir():
            return []
        for tracker in known:
            intend(run.folder, tracker, uri)
        over = run_id in ended  # asked before looking: what is written meanwhile is seen next time
        done = run.look(known, uri)
        if over and not any(one.owed for one in done):
            self._settled.add(run_id)
        return done

    def _run(self, run_id: str) -> Follower:
        return self._runs.setdefault(run_id, Follower(RunFolder(self._folder.runs / run_id)))


def _over(events: Sequence[Event]) -> set[str]:
    """The runs of trials that are over. What ended before the sweep was resumed may go on, unless it is done."""
    resumed = max((place for place, one in enumerate(events) if one["event"] == "sweep_resumed"), default=0)
    return {
        str(event["run_id"])
        for place, event in enumerate(events)
        if event["event"] == "trial_ended"
        and is_id(str(event["run_id"]))
        and (place > resumed or event["outcome"] in DONE)
    }


def draw_sweep(folder: SweepFolder) -> None:
    """Draw the pictures of a sweep, where they are wanted; without them it is delivered all the same."""
    if not reports.wanted():
        return
    try:
        from hornbook.sweeps.pictures import draw

        draw(folder)
    except Exception as error:
        print(f"the pictures of {folder.id} could not be drawn: {error!r}", file=sys.stderr)


def main() -> None:
    """Accompany the sweep whose folder is named on the command line."""
    folder = SweepFolder(Path(sys.argv[1]))
    accompany(folder, SweepFollower(folder))


if __name__ == "__main__":
    main()
    sys.stdout.flush()
    os._exit(0)  # nothing is left to do, and libraries' threads take their time to end
