"""`hornbook run`: carry out a recipe."""

import click

from hornbook.backend import choose
from hornbook.recipes.reading import read
from hornbook.runner.run import carry_out
from hornbook_cli.carrying_out import Manner, carried_out, manner_options
from hornbook_cli.looking import installed
from hornbook_cli.options import RecipeName, backend_option, set_option
from hornbook_cli.overriding import Overriding
from hornbook_cli.problems import lines
from hornbook_cli.progress import Progress
from hornbook_cli.terminal import err


@click.command(
    "run",
    cls=Overriding,
    examples=[
        "hornbook run digits",
        "hornbook run my.yaml -s training.epochs=3 -s optimizer=sgd",
        "hornbook run my.yaml --tracking-uri http://localhost:5000 --require-tracking",
    ],
)
@click.argument("recipe", type=RecipeName())
@set_option
@backend_option
@manner_options
def command(
    recipe: str,
    overrides: tuple[str, ...],
    backend: str | None,
    manner: Manner,
) -> None:
    """Carry out a recipe: train, measure, save the model, and keep a record of it all.

    RECIPE is a file, or the name of a recipe that a plugin ships. It is checked before anything is loaded.
    The run gets a folder of its own in runs/. Ctrl-C ends it at the next step and keeps what there is.

    Exit codes: 0 done; 1 the run failed or an expectation was not met; 2 the recipe is wrong; 3 something
    that it needs is not installed; 4 with --require-tracking, it was not delivered; 130 interrupted.
    """
    catalog = installed()
    checked = read(recipe, overrides, catalog)
    for problem in checked.warnings:
        for line in lines(problem):
            err(line)
    name = choose(backend)
    progress = Progress(checked.training.epochs, manner.quiet, not manner.no_tracking)
    progress.say(f"starting {name}…")
    carried_out(lambda options: carry_out(checked, catalog, options), manner, progress)
