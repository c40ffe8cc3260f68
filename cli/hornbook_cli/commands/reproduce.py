"""`hornbook reproduce`: a run once more, and whether the result is the same."""

from collections.abc import Sequence

import click

from hornbook.backend import choose
from hornbook.runner.delivery.delivering import Delivery
from hornbook.runner.reproducing.comparison import TOLERANCE
from hornbook.runner.reproducing.originals import located, original
from hornbook.runner.reproducing.reproducing import Reproduction, reproduce
from hornbook.runner.reproducing.reproduction import as_data
from hornbook_cli.agreement import lines
from hornbook_cli.carrying_out import (
    Manner,
    deliveries_of,
    is_undelivered,
    manner_options,
    tell_trouble,
    watched,
)
from hornbook_cli.edge import FAILED, INTERRUPTED, UNDELIVERED
from hornbook_cli.exemplified import Exemplified
from hornbook_cli.inert import inert
from hornbook_cli.looking import installed
from hornbook_cli.options import RunName, backend_option
from hornbook_cli.progress import Progress
from hornbook_cli.summary import as_data as run_data
from hornbook_cli.summary import places
from hornbook_cli.terminal import err, out
from hornbook_cli.writing import print_json


@click.command(
    "reproduce",
    cls=Exemplified,
    examples=[
        "hornbook reproduce latest",
        "hornbook reproduce 20261121-0315 --tolerance 0.01 --no-tracking",
        "hornbook reproduce 3f2c9d41b7e84a6f9c0d5e8a7b61c204 --tracking-uri http://localhost:5000",
    ],
)
@click.argument("run", type=RunName())
@click.option(
    "--tolerance",
    type=click.FloatRange(min=0),
    default=TOLERANCE,
    show_default=True,
    metavar="SHARE",
    help="The share of a value by which it may differ and still count as the same.",
)
@backend_option
@manner_options
def command(
    run: str,
    tolerance: float,
    backend: str | None,
    manner: Manner,
) -> None:
    """Carry a run out once more, with its recipe and seed, and say whether the result is the same.

    RUN is an id, the beginning of one, `latest`, or a run's folder; or the id of a run in a tracking store,
    MLflow's or Hornbook's, whose folder is not here. The new run stands for itself and is linked to RUN.
    Every metric is compared, over every epoch and at the end, and so are the saved weights. What RUN ran on
    and is another now is named.

    Exit codes: 0 identical or within tolerance; 1 different, or it failed; 2 there is no such run; 3 something
    that it needs is not installed; 4 with --require-tracking, it was not delivered; 130 interrupted.
    """
    catalog = installed()
    with located(run, manner.runs_dir, manner.tracking_uri) as folder:
        first = original(folder, catalog)
        name = choose(backend, like=first.backend)
        if first.limits and not manner.quiet:
            err(f"note: {inert(first.limits)}")
        progress = Progress(max(first.lengths), manner.quiet, not manner.no_tracking)
        progress.say(f"starting {name}…")
        done = watched(lambda options: reproduce(first, catalog, options, tolerance), manner, progress)
    deliveries = deliveries_of(done.run, manner)
    _report(done, deliveries, manner)
    click.get_current_context().exit(_exit_code(done, is_undelivered(deliveries, manner)))


def _report(done: Reproduction, deliveries: Sequence[Delivery], manner: Manner) -> None:
    if manner.as_json:
        print_json({**run_data(done.run, deliveries), **as_data(done.comparison)})
    elif not manner.quiet:
        for line in lines(done):
            out(line)
        out()
        for line in places(done.run, deliveries):
            out(line)
    if manner.as_json or manner.quiet:
        tell_trouble(done.run, list(deliveries))


def _exit_code(done: Reproduction, undelivered: bool) -> int:
    if done.run.outcome == "interrupted":
        return INTERRUPTED
    if done.verdict == "different":
        return FAILED
    return UNDELIVERED if undelivered else 0
