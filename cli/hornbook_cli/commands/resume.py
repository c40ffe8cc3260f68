"""`hornbook resume`: go on with a run."""

import click

from hornbook.backend import choose
from hornbook.runner.delivery.delivering import is_tracked
from hornbook.runner.journals.folder import find
from hornbook.runner.journals.record import record
from hornbook_cli.carrying_out import Manner, carried_out, manner_options
from hornbook_cli.exemplified import Exemplified
from hornbook_cli.looking import installed
from hornbook_cli.options import RunName, backend_option
from hornbook_cli.progress import Progress


@click.command(
    "resume",
    cls=Exemplified,
    examples=["hornbook resume latest", "hornbook resume latest --epochs 40"],
)
@click.argument("run", type=RunName())
@click.option(
    "--epochs",
    type=click.IntRange(min=1),
    default=None,
    metavar="N",
    help="How many epochs it shall have in all, where those are more than it was planned with.",
)
@backend_option
@manner_options
def command(
    run: str,
    epochs: int | None,
    backend: str | None,
    manner: Manner,
) -> None:
    """Go on with a run that was killed, interrupted or has failed, or give a finished one more epochs.

    RUN is an id, the beginning of one, `latest`, or a run's folder. It goes on from its newest checkpoint: on
    one machine its weights and metrics come out as if it had never stopped, to the last bit. What it ran on
    and is another now is named. A schedule keeps the length that it was made with. A run that was begun with
    --no-tracking is delivered nowhere, unless --tracking-uri or --require-tracking asks for it now.
    """
    from hornbook.runner.resuming import resume

    catalog = installed()
    folder = find(run, manner.runs_dir)
    manner = manner.as_before(is_tracked(folder))
    before = record(folder)
    name = choose(backend, like=before.details.get("backend"))
    progress = Progress(epochs or before.planned, manner.quiet, not manner.no_tracking)
    progress.say(f"starting {name}…")
    carried_out(lambda options: resume(folder, catalog, options, epochs), manner, progress)
