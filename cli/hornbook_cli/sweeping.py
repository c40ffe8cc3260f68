"""Carrying a sweep out from the command line: progress, and the words and exit code at the end."""

import shlex
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import click

from hornbook.runner.delivery.delivering import Delivery, delivery, trackers
from hornbook.sweeps.leaderboard import as_data
from hornbook.sweeps.record import Sweep
from hornbook.sweeps.sweep import SweepOptions
from hornbook_cli.carrying_out import Manner
from hornbook_cli.edge import FAILED, INTERRUPTED, UNDELIVERED
from hornbook_cli.group import plugin_commands
from hornbook_cli.inert import inert
from hornbook_cli.leaderboard import leaderboard, tally
from hornbook_cli.sweep_progress import SweepProgress
from hornbook_cli.table import table
from hornbook_cli.terminal import err, out, shortened, styled, width
from hornbook_cli.writing import count, duration, print_json

_COLORS = {"finished": "green", "interrupted": "yellow"}
_ERROR = 200


def swept(
    action: Callable[[SweepOptions], Sweep], manner: Manner, options: SweepOptions, progress: SweepProgress
) -> None:
    """Carry a sweep out, tell what came of it, and exit.

    Args:
        action: Carries it out.
        manner: How it is told of.
        options: How many trials at once, and on what backend.
        progress: Shows how far it has come.
    """
    options = replace(
        options,
        runs=manner.runs_dir,
        tracking=not manner.no_tracking,
        tracking_uri=manner.tracking_uri,
        listener=progress,
        warn=_warn,
    )
    try:
        sweep = action(options)
    finally:
        progress.clear()
    if not manner.no_tracking:
        sweep = replace(sweep, deliveries=tuple(delivery(sweep.folder, one.name) for one in trackers()))
    if manner.as_json:
        print_json(as_data(sweep))
    elif not manner.quiet:
        for line in summary(sweep, manner):
            out(line)
    owed = _owed(sweep)
    if owed and (manner.as_json or manner.quiet):
        err(
            f"warning: {sweep.id} is not wholly delivered: {inert(owed)}; `hornbook sync {sweep.folder.typed}`"
        )
    undelivered = manner.require_tracking and (not sweep.deliveries or bool(owed))
    click.get_current_context().exit(_exit_code(sweep, undelivered))


def summary(sweep: Sweep, manner: Manner) -> Iterator[str]:
    """Lay out what came of a sweep.

    Args:
        sweep: The sweep.
        manner: How it was carried out.

    Yields:
        Lines.
    """
    outcome = styled(sweep.outcome, fg=_COLORS.get(sweep.outcome, "red"), bold=True)
    yield f"{outcome}: {inert(sweep.name)}, {tally(sweep)} in {duration(sweep.seconds)}"
    if _none_met(sweep):
        yield "  no trial met what the recipe expects"
    yield ""
    yield from leaderboard(sweep)
    yield ""
    places = [("sweep", sweep.id), ("reports", _shown(sweep.folder.reports))]
    owed = _owed(sweep)
    if owed:
        places.append(("tracking", shortened(owed, _ERROR)))
    else:
        places += [("tracking", _place(one)) for one in sweep.deliveries]
    yield from table(places, width(), indent=2, wrap=True)
    yield ""
    for line in _next(sweep, manner, bool(owed)):
        yield f"  {styled(inert(line), fg='cyan')}"


def _next(sweep: Sweep, manner: Manner, owed: bool) -> Iterator[str]:
    """What one may want to type next."""
    where = "" if manner.runs_dir == Path("runs") else f" --runs-dir {shlex.quote(str(manner.runs_dir))}"
    if sweep.outcome != "finished" or any(trial.outcome == "failed" for trial in sweep.trials):
        yield f"hornbook sweep --resume {sweep.id}{where}"
    yield f"hornbook sweeps {sweep.id}{where}"
    best = sweep.best
    if best is not None:
        yield f"hornbook evaluate {best.run_id}{where}"
    if owed:
        yield f"hornbook sync {sweep.id}{where}"
    elif sweep.deliveries:
        known = plugin_commands()
        if "ui" in known:
            yield f"hornbook ui {sweep.folder.typed}"
        if "promote" in known and best is not None:
            yield f"hornbook promote {best.run_id}{where} --alias candidate"


def _owed(sweep: Sweep) -> str:
    """What trackers have not got, of the sweep and its runs; empty where they have all."""
    if not sweep.deliveries:
        return ""
    runs = [trial.folder for trial in sweep.trials if trial.folder and trial.folder.journal.is_file()]
    known = [delivery(folder, one.tracker) for folder in runs for one in sweep.deliveries]
    every: Sequence[Delivery] = (*sweep.deliveries, *known)
    owed = sum(one.owed for one in every)
    if not owed:
        return ""
    why = next((one.error for one in every if one.owed and one.error), "it was not done in time")
    return f"{count(owed, 'event')} still owed: {why}"


def _place(one: Delivery) -> str:
    return one.url or str(one.state.get("uri", one.tracker))


def _shown(path: Path) -> str:
    """A path as short as it can be said from here."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def _warn(line: str) -> None:
    err(f"warning: {inert(line)}")


def _exit_code(sweep: Sweep, undelivered: bool) -> int:
    outcomes = {trial.outcome for trial in sweep.trials}
    if sweep.outcome == "interrupted":
        return INTERRUPTED
    # That some trials miss what the recipe expects is in the nature of trying; that all do is not.
    if outcomes & {"failed", "diverged"} or _none_met(sweep):
        return FAILED
    return UNDELIVERED if undelivered else 0


def _none_met(sweep: Sweep) -> bool:
    outcomes = [trial.outcome for trial in sweep.trials]
    return "unmet" in outcomes and "finished" not in outcomes
