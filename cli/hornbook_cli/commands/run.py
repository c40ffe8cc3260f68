"""`hornbook run`: carry out a recipe."""

from pathlib import Path

import click

from hornbook.catalog import Catalog
from hornbook.problem import HornbookError, Problem
from hornbook.recipes.reading import read
from hornbook.recipes.recipe import Recipe
from hornbook.runner.forwarding import Delivery, delivery, trackers
from hornbook.runner.run import Options, Run, carry_out
from hornbook.tracker import Event
from hornbook_cli.backend import prepare_backend
from hornbook_cli.edge import FAILED, INTERRUPTED, UNAVAILABLE, UNDELIVERED
from hornbook_cli.exemplified import Exemplified
from hornbook_cli.group import plugin_commands
from hornbook_cli.inert import inert
from hornbook_cli.looking import installed
from hornbook_cli.native_chatter import Hushed
from hornbook_cli.options import RecipeName, backend_option, json_option, runs_dir_option, set_option
from hornbook_cli.problems import lines
from hornbook_cli.progress import Progress
from hornbook_cli.summary import as_data, summary
from hornbook_cli.terminal import err, out
from hornbook_cli.writing import print_json


@click.command(
    "run",
    cls=Exemplified,
    examples=[
        "hornbook run digits",
        "hornbook run my.yaml -s training.epochs=3 -s optimizer=sgd",
        "hornbook run my.yaml --tracking-uri http://localhost:5000 --require-tracking",
    ],
)
@click.argument("recipe", type=RecipeName())
@set_option
@backend_option
@click.option("--tracking-uri", default=None, metavar="URI", help="The tracking store to deliver to.")
@click.option("--no-tracking", is_flag=True, default=False, help="Deliver the run to no tracker.")
@click.option(
    "--require-tracking", is_flag=True, default=False, help="Exit with 4 when the run cannot be delivered."
)
@runs_dir_option
@click.option("--quiet", is_flag=True, default=False, help="Show neither progress nor a summary.")
@json_option
def command(
    recipe: str,
    overrides: tuple[str, ...],
    backend: str | None,
    tracking_uri: str | None,
    no_tracking: bool,
    require_tracking: bool,
    runs_dir: Path,
    quiet: bool,
    as_json: bool,
) -> None:
    """Carry out a recipe: train, measure, save the model, and keep a record of it all.

    RECIPE is a file, or the name of a recipe that a plugin ships. It is checked before anything is loaded.
    The run gets a folder of its own in runs/. Ctrl-C ends it at the next step and keeps what there is.

    Exit codes: 0 done; 1 the run failed or an expectation was not met; 2 the recipe is wrong; 3 something
    that it needs is not installed; 4 with --require-tracking, it was not delivered; 130 interrupted.
    """
    if no_tracking and (require_tracking or tracking_uri):
        raise click.UsageError("--no-tracking goes with neither --tracking-uri nor --require-tracking")
    catalog = installed()
    checked = read(recipe, overrides, catalog)
    for problem in checked.warnings:
        for line in lines(problem):
            err(line)
    if require_tracking and not any("hornbook_trackers" in plugin.hooks for plugin in catalog.plugins):
        message = "no tracker is installed, and tracking is required"
        raise HornbookError(
            Problem(code="HB603", message=message, hint="pip install hornbook-mlflow"), exit_code=UNAVAILABLE
        )
    name = prepare_backend(backend)
    progress = Progress(checked.training.epochs, quiet)
    progress.say(f"starting {name}…")
    options = Options(runs_dir, not no_tracking, tracking_uri, progress, _warn)
    run = _carried_out(checked, catalog, options, progress)
    deliveries = [] if no_tracking else _deliveries(run)
    if as_json:
        print_json(as_data(run, deliveries))
    elif not quiet:
        for line in summary(run, deliveries, list(plugin_commands()), runs_dir, tracking_uri):
            out(line)
    if as_json or quiet:
        _tell_trouble(run, deliveries)
    undelivered = require_tracking and (not deliveries or any(one.owed for one in deliveries))
    click.get_current_context().exit(_exit_code(run.outcome, undelivered))


def _carried_out(recipe: Recipe, catalog: Catalog, options: Options, progress: Progress) -> Run:
    debugging = bool(click.get_current_context().find_root().params.get("debug"))
    with Hushed(not debugging) as hushed:

        def listen(event: Event) -> None:
            hushed.end()  # The backend has started: what it says from now on matters.
            progress(event)

        try:
            return carry_out(
                recipe,
                catalog,
                Options(options.runs, options.tracking, options.tracking_uri, listen, options.warn),
            )
        finally:
            progress.clear()


def _deliveries(run: Run) -> list[Delivery]:
    """How far every tracker has come, also one that never came to write anything down."""
    return [delivery(run.folder, tracker.name) for tracker in trackers()]


def _tell_trouble(run: Run, deliveries: list[Delivery]) -> None:
    """What nobody would learn otherwise, where there is no summary."""
    if run.error:
        err(f"{run.outcome}: {inert(run.error)}")
    for missed in run.unmet:
        least = "at least" if missed["bound"] == "min" else "at most"
        err(f"not met: {inert(missed['metric'])} {least} {missed['limit']:g}; it is {missed['value']}")
    for one in deliveries:
        if one.owed:
            err(
                f"warning: {run.id} is still owed to {one.tracker}: {inert(one.error)}; `hornbook sync {run.id}`"
            )


def _warn(line: str) -> None:
    err(f"warning: {inert(line)}")


def _exit_code(outcome: str, undelivered: bool) -> int:
    if outcome == "interrupted":
        return INTERRUPTED
    if outcome != "finished":
        return FAILED
    return UNDELIVERED if undelivered else 0
