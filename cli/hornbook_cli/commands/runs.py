"""`hornbook runs`: runs and what came of them."""

from datetime import datetime
from pathlib import Path

import click

from hornbook.runner.folder import all_runs
from hornbook.runner.forwarding import deliveries
from hornbook.runner.record import Record, record
from hornbook_cli.exemplified import Exemplified
from hornbook_cli.options import json_option, runs_dir_option
from hornbook_cli.table import table
from hornbook_cli.terminal import err, out, width
from hornbook_cli.writing import duration, number, print_json

_MOST_METRICS = 3


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
    """List runs and what came of them, the oldest first."""
    records = [record(folder) for folder in all_runs(runs_dir)]
    if as_json:
        print_json({"runs": [_described(one) for one in records]})
        return
    if not records:
        err(f"there are no runs in {runs_dir}; `hornbook run digits` makes the first")
        return
    rows = [_row(one) for one in records]
    for line in table(rows, width(), ("run", "outcome", "started", "epochs", "took", "tracking", "metrics")):
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
        "owed": sum(one.owed for one in deliveries(run.folder)),
    }


def _row(run: Record) -> tuple[str, ...]:
    planned = run.details.get("epochs")
    return (
        run.id,
        run.outcome,
        f"{datetime.fromtimestamp(run.started / 1000):%Y-%m-%d %H:%M}" if run.started else "",
        f"{run.epochs}/{planned}" if planned else str(run.epochs),
        duration(run.seconds) if run.seconds else "",
        "owed" if any(one.owed for one in deliveries(run.folder)) else "",
        ", ".join(f"{name} {number(value)}" for name, value in _telling(run)),
    )


def _telling(run: Record) -> list[tuple[str, float]]:
    """The metrics that tell most: those expected, then those of test and validation data."""
    expected = run.details.get("expect") or {}

    def rank(name: str) -> tuple[bool, bool, bool, bool]:
        held_out = name.startswith(("val_", "test_"))
        return name not in expected, not held_out, name.endswith("loss"), name == "learning_rate"

    return sorted(run.metrics.items(), key=lambda one: rank(one[0]))[:_MOST_METRICS]
