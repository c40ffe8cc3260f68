"""`hornbook runs`: runs and what came of them."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import click

from hornbook.runner.delivery.delivering import deliveries
from hornbook.runner.journals.folder import all_runs
from hornbook.runner.journals.record import Record, record
from hornbook.sweeps.leaderboard import values_text
from hornbook_cli.exemplified import Exemplified
from hornbook_cli.inert import inert
from hornbook_cli.options import json_option, runs_dir_option
from hornbook_cli.table import table
from hornbook_cli.terminal import err, out, shortened, width
from hornbook_cli.writing import duration, number, print_json

_HEADER = ("run", "outcome", "started", "epochs", "took", "tracking", "trial", "metrics")
_MOST_OF_VALUES = 40


@click.command(
    "runs",
    cls=Exemplified,
    examples=[
        "hornbook runs",
        "hornbook runs --runs-dir /data/runs --json",
    ],
)
@runs_dir_option
@json_option
def command(runs_dir: Path, as_json: bool) -> None:
    """List runs and what came of them, the oldest first.

    Outcomes: `finished`; `unmet`, it finished and an expectation was not met; `interrupted`; `diverged`; `failed`; and
    `running`, which a run says that was killed, too: `hornbook resume` goes on with it.
    """
    records = [record(folder) for folder in all_runs(runs_dir)]
    for one in records:
        if one.damage:
            err(f"warning: the journal of {inert(one.id)} is damaged: {inert(one.damage)}")
    if as_json:
        print_json({"runs": [_described(one) for one in records]})
        return
    if not records:
        err(f"there are no runs in {runs_dir}; `hornbook run digits` makes the first")
        return
    rows = [_row(one) for one in records]
    for line in table(rows, width(), _HEADER):
        out(line)


def _described(run: Record) -> dict[str, object]:
    return {
        "run_id": run.id,
        "run_dir": str(run.folder.path),
        "name": run.name,
        "outcome": run.outcome,
        "started": run.started,
        "epochs": run.epochs,
        "metrics": dict(run.metrics),
        "seconds": run.seconds,
        "damage": run.damage,
        "sweep": run.details.get("sweep"),
        "owed": sum(one.owed for one in deliveries(run.folder)),
    }


def _row(run: Record) -> tuple[str, ...]:
    return (
        run.id,
        run.outcome,
        f"{datetime.fromtimestamp(run.started / 1000):%Y-%m-%d %H:%M}" if run.started else "",
        f"{run.epochs}/{run.planned}" if run.planned else str(run.epochs),
        duration(run.seconds) if run.seconds else "",
        "owed" if any(one.owed for one in deliveries(run.folder)) else "",
        _trial(run),
        ", ".join(f"{name} {number(value)}" for name, value in run.telling()),
    )


def _trial(run: Record) -> str:
    """What a run set, where it is a trial of a sweep."""
    sweep = run.details.get("sweep")
    values = sweep.get("values") if isinstance(sweep, Mapping) else None
    return shortened(values_text(values), _MOST_OF_VALUES) if isinstance(values, Mapping) else ""
