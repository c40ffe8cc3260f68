"""`hornbook sweeps`: sweeps and what came of them, or the leaderboard of one."""

from datetime import datetime
from pathlib import Path

import click

from hornbook.sweeps.folder import all_sweeps, find_sweep
from hornbook.sweeps.leaderboard import as_data
from hornbook.sweeps.record import Sweep, sweep_record
from hornbook_cli.exemplified import Exemplified
from hornbook_cli.inert import inert
from hornbook_cli.leaderboard import MOST, leaderboard, tally
from hornbook_cli.options import SweepName, json_option, runs_dir_option
from hornbook_cli.table import table
from hornbook_cli.terminal import err, out, width
from hornbook_cli.writing import duration, number, print_json


@click.command(
    "sweeps",
    cls=Exemplified,
    examples=["hornbook sweeps", "hornbook sweeps latest", "hornbook sweeps latest --json"],
)
@click.argument("sweep", type=SweepName(), required=False)
@click.option("--all", "whole", is_flag=True, default=False, help=f"Show more than {MOST} rows.")
@runs_dir_option
@json_option
def command(sweep: str | None, whole: bool, runs_dir: Path, as_json: bool) -> None:
    """List sweeps, the oldest first; or show how the trials of one compare, the best first.

    SWEEP is an id, the beginning of one, `latest`, or a sweep's folder. It may still be running.
    """
    if sweep is not None:
        _show(sweep_record(find_sweep(sweep, runs_dir)), None if whole else MOST, as_json)
        return
    records = [sweep_record(folder) for folder in all_sweeps(runs_dir)]
    if as_json:
        print_json({"sweeps": [as_data(one) for one in records]})
        return
    if not records:
        err(f"there are no sweeps in {runs_dir}; `hornbook sweep --help` shows how to make one")
        return
    header = ("sweep", "outcome", "started", "trials", "took", "best", "varied")
    for line in table([_row(one) for one in records], width(), header):
        out(line)


def _show(sweep: Sweep, most: int | None, as_json: bool) -> None:
    if as_json:
        print_json(as_data(sweep))
        return
    out(f"{inert(sweep.outcome)}: {inert(sweep.name)}, {tally(sweep)}")
    out()
    for line in leaderboard(sweep, most):
        out(line)
    if sweep.folder.reports.is_dir():
        out()
        out(f"reports  {inert(str(sweep.folder.reports))}")


def _row(sweep: Sweep) -> tuple[str, ...]:
    best = sweep.best
    ended = sum(trial.outcome != "running" for trial in sweep.trials)
    value = "" if best is None or best.value is None else f"{sweep.objective.metric} {number(best.value)}"
    return (
        sweep.id,
        sweep.outcome,
        f"{datetime.fromtimestamp(sweep.started / 1000):%Y-%m-%d %H:%M}" if sweep.started else "",
        f"{ended}/{sweep.planned}",
        duration(sweep.seconds) if sweep.seconds else "",
        value,
        ", ".join(sweep.variables),
    )
