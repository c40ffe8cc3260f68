"""`hornbook sync`: deliver what is still owed."""

from collections.abc import Sequence
from pathlib import Path

import click

from hornbook.problem import HornbookError, Problem
from hornbook.runner.delivery.delivering import Delivery, is_tracked, trackers
from hornbook.runner.delivery.forwarding import Follower
from hornbook.runner.journals.folder import RunFolder, all_runs
from hornbook.sweeps.folder import SweepFolder, all_sweeps, find_run_or_sweep
from hornbook.sweeps.following import SweepFollower
from hornbook.sweeps.record import sweep_record
from hornbook_cli.edge import UNAVAILABLE, UNDELIVERED
from hornbook_cli.exemplified import Exemplified
from hornbook_cli.inert import inert
from hornbook_cli.options import RunName, runs_dir_option
from hornbook_cli.terminal import err, out
from hornbook_cli.writing import count


@click.command(
    "sync",
    cls=Exemplified,
    examples=[
        "hornbook sync",
        "hornbook sync latest",
        "hornbook sync latest --tracking-uri http://localhost:5000",
    ],
)
@click.argument("runs", nargs=-1, type=RunName(), metavar="[RUN]...")
@click.option("--tracking-uri", default=None, metavar="URI", help="The tracking store to deliver to.")
@runs_dir_option
def command(runs: tuple[str, ...], tracking_uri: str | None, runs_dir: Path) -> None:
    """Deliver to the trackers what is still owed of runs: of those named, or of all that were tracked.

    RUN is an id, the beginning of one, `latest`, or a run's folder; a sweep's stands for the sweep and all of its
    runs. Delivering twice does no harm.

    Exit codes: 0 all is delivered; 3 no tracker is installed; 4 something is still owed.
    """
    folders = [folder for run in runs for folder in _named(run, runs_dir)] or _tracked(runs_dir)
    carriers = trackers(_broken)
    if not carriers:
        message = "no tracker is installed"
        raise HornbookError(
            Problem(code="HB603", message=message, hint="pip install hornbook-mlflow"), exit_code=UNAVAILABLE
        )
    owed = 0
    for folder in folders:
        follower = SweepFollower(folder) if isinstance(folder, SweepFolder) else Follower(folder)
        for done in follower.look(carriers, tracking_uri)[-len(carriers) :]:
            owed += done.owed
            _print(folder, done)
    if not folders:
        err(f"there are no tracked runs in {runs_dir}")
    click.get_current_context().exit(UNDELIVERED if owed else 0)


def _named(run: str, runs_dir: Path) -> list[RunFolder]:
    """The run of a name; or the sweep, and its runs."""
    folder = find_run_or_sweep(run, runs_dir)
    if not isinstance(folder, SweepFolder):
        return [folder]
    trials = (trial.folder for trial in sweep_record(folder).trials)
    return [folder, *(one for one in trials if one is not None and one.journal.is_file())]


def _tracked(runs_dir: Path) -> Sequence[RunFolder]:
    """The sweeps and runs that were to be tracked when they began; a run belongs under its sweep, which is first."""
    every = [*all_sweeps(runs_dir), *all_runs(runs_dir)]
    return [folder for folder in every if is_tracked(folder)]


def _print(folder: RunFolder, done: Delivery) -> None:
    if done.owed:
        err(f"{folder.id}: {count(done.owed, 'event')} still owed to {done.tracker}: {inert(done.error)}")
        return
    place = inert(done.url or str(done.state.get("uri", "")))
    out(f"{folder.id}: {done.tracker} has all {count(done.delivered, 'event')}: {place}")


def _broken(plugin: object, error: Exception) -> None:
    err(
        f"warning: the tracker of {getattr(plugin, 'distribution', plugin)} cannot be used: {inert(str(error))}"
    )
