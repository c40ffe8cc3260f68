"""`hornbook sweep`: carry out a recipe with many values of some of its settings."""

import click
from click.core import ParameterSource
from click.shell_completion import CompletionItem

from hornbook.backend import wanted
from hornbook.sweeps.asked import PRUNERS, SAMPLERS, read_asked
from hornbook.sweeps.folder import find_sweep
from hornbook.sweeps.objective import Direction
from hornbook.sweeps.planning import TRIALS, plan, search_for
from hornbook.sweeps.record import sweep_record
from hornbook.sweeps.space import read_variables
from hornbook.sweeps.sweep import SweepOptions, carry_out, resume
from hornbook_cli.carrying_out import Manner, manner_options
from hornbook_cli.looking import installed
from hornbook_cli.options import RecipeName, SweepName, backend_option, set_option
from hornbook_cli.overriding import Overriding
from hornbook_cli.problems import lines
from hornbook_cli.sweep_progress import SweepProgress
from hornbook_cli.sweeping import swept
from hornbook_cli.terminal import err

_ASKED_AT_THE_START = (
    *("recipe", "variables", "overrides", "from_files", "drawn", "optimize"),
    *("sampler", "pruner", "metric", "maximize", "search_seed"),
)
"""Parameters that say what a sweep is; one that is resumed has been told."""


def _complete_variable(
    ctx: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """As after `-s`, for the value behind the last comma."""
    from hornbook_cli.completing import override_items, recipe_on_the_line
    from hornbook_cli.looking import installed

    path, equals, values = incomplete.partition("=")
    last = values.rpartition(",")[2]
    asked = f"{path}={last}" if equals else path
    before = incomplete.removesuffix(last) if equals else ""
    items = override_items(installed(), recipe_on_the_line(ctx), asked)
    for item in items:
        item.value = f"{before}{item.value.partition('=')[2]}" if equals else item.value
    return items


@click.command(
    "sweep",
    cls=Overriding,
    examples=[
        "hornbook sweep digits -v optimizer=sgd,momentum,adam -v seed=1,2,3",
        "hornbook sweep my.yaml -v optimizer.learning_rate=log:1e-4..1e-1 --random 20 --jobs 2",
        "hornbook sweep my.yaml -v training.batch_size=16..128..16 --optimize val_accuracy --trials 50",
        "hornbook sweep --resume latest",
    ],
)
@click.argument("recipe", type=RecipeName(), required=False)
@click.option(
    "-v",
    "--vary",
    "variables",
    metavar="PATH=VALUES",
    multiple=True,
    shell_complete=_complete_variable,
    help="What is varied: -v optimizer=sgd,adam, -v 'model.layers.0.units=[16, 32]', -v seed=1..5, "
    "-v optimizer.learning_rate=log:1e-4..1e-1. Repeatable.",
)
@click.option(
    "--random",
    "drawn",
    type=click.IntRange(min=1),
    default=None,
    metavar="N",
    help="Draw the values of N trials instead of going through all combinations.",
)
@click.option(
    "--optimize",
    default=None,
    metavar="METRIC",
    help="Search for the values with the best METRIC, by what came of earlier trials (Optuna).",
)
@click.option(
    "--trials",
    type=click.IntRange(min=1),
    default=None,
    metavar="N",
    help=f"How many trials a search has; with --resume, how many in all.  [default: {TRIALS}]",
)
@click.option(
    "--sampler",
    type=click.Choice(SAMPLERS),
    default=None,
    help="How a search proposes values.  [default: tpe]",
)
@click.option(
    "--pruner",
    type=click.Choice(PRUNERS),
    default=None,
    help="How a search ends trials that promise little.  [default: none]",
)
@click.option(
    "--metric",
    default=None,
    metavar="METRIC",
    help="What trials are compared by.  [default: what the recipe expects, else its first metric]",
)
@click.option(
    "--maximize/--minimize",
    "maximize",
    default=None,
    help="Which way is better, where the metric does not tell.",
)
@click.option(
    "--search-seed",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    metavar="N",
    help="From which values are drawn; not the seed of the trials.",
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    metavar="N",
    help="How many trials are carried out at once, each in a process of its own.",
)
@click.option(
    "--resume",
    "sweep",
    type=SweepName(),
    default=None,
    metavar="SWEEP",
    help="Go on with a sweep that was killed or interrupted: its id, the beginning of one, or `latest`.",
)
@set_option
@backend_option
@manner_options
def command(
    recipe: str | None,
    variables: tuple[str, ...],
    drawn: int | None,
    optimize: str | None,
    trials: int | None,
    sampler: str | None,
    pruner: str | None,
    metric: str | None,
    maximize: bool | None,
    search_seed: int,
    jobs: int,
    sweep: str | None,
    overrides: tuple[str, ...],
    backend: str | None,
    manner: Manner,
) -> None:
    """Carry out a recipe with many values of some of its settings, and compare what comes of them.

    RECIPE is a file, or the name of a recipe that a plugin ships. Every combination of the values is tried, or
    some are drawn (--random), or the best is searched for (--optimize). All trials are checked before the first
    begins. Each is a run of its own; the sweep lies in runs/sweeps/. Where `seed` is varied, what differs in the
    seed alone is compared by its mean.

    Values are YAML, with commas between them. A range is LOW..HIGH or LOW..HIGH..STEP, of whole numbers where its
    ends are whole; `log:` before it counts orders of magnitude. Ctrl-C ends the running trials with a checkpoint.

    Exit codes: 0 done; 1 a trial failed or diverged, or none met what the recipe expects; 2 a recipe is wrong;
    3 something is not installed; 4 with --require-tracking, it was not delivered; 130 interrupted.
    """
    if sweep is not None:
        _only_resumed(click.get_current_context())
        _resume(sweep, trials, jobs, backend, manner)
        return
    if recipe is None:
        raise click.UsageError("Missing argument 'RECIPE'.")
    direction: Direction | None = None if maximize is None else "maximize" if maximize else "minimize"
    search = search_for(drawn, optimize, trials, sampler, pruner, metric, direction, search_seed)
    planned = plan(recipe, overrides, read_variables(variables), search, installed())
    for problem in planned.warnings:
        for line in lines(problem):
            err(line)
    name = wanted(backend)
    progress = SweepProgress(planned.asked.trials, planned.asked.metric, manner.quiet)
    progress.say(f"starting {name}…")
    swept(
        lambda options: carry_out(planned, options), manner, SweepOptions(jobs=jobs, backend=name), progress
    )


def _only_resumed(ctx: click.Context) -> None:
    """See that nothing is given that would change what a sweep was asked for when it began.

    Raises:
        click.UsageError: When something is.
    """
    for one in ctx.command.params:
        given = ctx.get_parameter_source(one.name or "") is ParameterSource.COMMANDLINE
        if given and one.name in _ASKED_AT_THE_START:
            named = "/".join([one.opts[-1], *one.secondary_opts])
            message = f"--resume goes on with what was asked for then; it takes no {named}"
            raise click.UsageError(message)


def _resume(sweep: str, trials: int | None, jobs: int, backend: str | None, manner: Manner) -> None:
    folder = find_sweep(sweep, manner.runs_dir)
    asked = read_asked(folder)
    name = wanted(backend, like=asked.backend)
    manner = manner.as_before(asked.tracked)
    planned = sweep_record(folder).planned or asked.trials
    progress = SweepProgress(trials or planned, asked.metric, manner.quiet)
    progress.say(f"starting {name}…")
    options = SweepOptions(jobs=jobs, backend=name)
    catalog = installed()
    swept(lambda given: resume(folder, catalog, given, trials), manner, options, progress)
