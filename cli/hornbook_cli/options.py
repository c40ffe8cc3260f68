"""Options that several commands share, and what the shell completes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
from click.shell_completion import CompletionItem

from hornbook.backend import BACKENDS

Decorated = TypeVar("Decorated", bound=Callable[..., Any])


class RecipeName(click.ParamType[str]):
    """A recipe: a file, or the name of one that a plugin ships."""

    name = "recipe"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Files, and the recipes that plugins ship."""
        from hornbook.recipes.reading import shipped_recipes
        from hornbook_cli.looking import installed

        shipped = [name for name in shipped_recipes(installed()) if name.startswith(incomplete)]
        return [*map(CompletionItem, shipped), CompletionItem(incomplete, type="file")]


class RunName(click.ParamType[str]):
    """A run: its id, the beginning of one, `latest`, or its folder."""

    name = "run"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """The runs in the folder of runs."""
        from hornbook.runner.journals.folder import all_runs

        folder = Path(ctx.params.get("runs_dir") or "runs")
        names = ["latest", *(run.id for run in reversed(list(all_runs(folder))))]
        return [CompletionItem(name) for name in names if name.startswith(incomplete)]


class SweepName(click.ParamType[str]):
    """A sweep: its id, the beginning of one, `latest`, or its folder."""

    name = "sweep"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """The sweeps in the folder of runs."""
        from hornbook.sweeps.folder import all_sweeps

        folder = Path(ctx.params.get("runs_dir") or "runs")
        names = ["latest", *(sweep.id for sweep in reversed(list(all_sweeps(folder))))]
        return [CompletionItem(name) for name in names if name.startswith(incomplete)]


class RecipeOrRunName(click.ParamType[str]):
    """A recipe or a run, as `RecipeName` and `RunName` have them."""

    name = "recipe or run"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Recipes, files and runs."""
        return [
            *RunName().shell_complete(ctx, param, incomplete),
            *RecipeName().shell_complete(ctx, param, incomplete),
        ]


class ComponentName(click.ParamType[str]):
    """A component: `huber`, `losses/huber`, `loss:huber`."""

    name = "component"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """The components that there are."""
        from hornbook_cli.completing import component_items
        from hornbook_cli.looking import installed

        return component_items(installed(), incomplete)


class KindName(click.ParamType[str]):
    """A kind of component, in the singular or the plural."""

    name = "kind"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """The kinds."""
        from hornbook.component import KINDS

        kinds = [(kind.name, f"go under {kind.place}") for kind in KINDS.values()]
        return [CompletionItem(name, help=text) for name, text in kinds if name.startswith(incomplete)]


def json_option(command: Decorated) -> Decorated:
    """`--json`."""
    option = click.option("--json", "as_json", is_flag=True, default=False, help="Print JSON for programs.")
    return option(command)


def force_option(command: Decorated) -> Decorated:
    """`--force`."""
    return click.option("--force", is_flag=True, default=False, help="Write over a file that is there.")(
        command
    )


def set_option(command: Decorated) -> Decorated:
    """`-s`/`--set` and `--set-file`, together as `overrides`: those from files come first."""
    values = click.option(
        "-s",
        "--set",
        "overrides",
        metavar="PATH=VALUE",
        multiple=True,
        callback=lambda ctx, _, given: (*ctx.meta.pop(_FROM_FILES, ()), *given),
        shell_complete=_complete_override,
        help="Change the recipe: -s training.epochs=3, -s optimizer=sgd, -s '~callbacks'. Repeatable.",
    )
    files = click.option(
        "--set-file",
        "from_files",
        metavar="PATH=FILE",
        multiple=True,
        is_eager=True,
        expose_value=False,
        callback=_keep_for_overrides,
        help="Change the recipe to what a YAML file holds: --set-file optimizer=sgd.yaml. Repeatable.",
    )
    return values(files(command))


def _complete_override(
    ctx: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    from hornbook_cli.completing import override_items, recipe_on_the_line
    from hornbook_cli.looking import installed

    return override_items(installed(), recipe_on_the_line(ctx), incomplete)


_FROM_FILES = "hornbook_cli.from_files"


def _keep_for_overrides(ctx: click.Context, parameter: click.Parameter, given: tuple[str, ...]) -> None:
    for one in given:
        path, equals, file = one.partition("=")
        if not (path and equals and file):
            hint = "write --set-file PATH=FILE, such as --set-file optimizer=sgd.yaml"
            raise click.BadParameter(f"{one!r} names no path and file; {hint}", ctx, parameter)
    ctx.meta[_FROM_FILES] = tuple(one.replace("=", "=@", 1) for one in given)


def runs_dir_option(command: Decorated) -> Decorated:
    """`--runs-dir`."""
    return click.option(
        "--runs-dir",
        type=click.Path(path_type=Path),
        default=Path("runs"),
        show_default=True,
        metavar="DIR",
        help="The folder that holds all runs.",
    )(command)


def backend_option(command: Decorated) -> Decorated:
    """`--backend`."""
    return click.option(
        "--backend", type=click.Choice(BACKENDS), default=None, help="What Keras computes with."
    )(command)


def data_options(command: Decorated) -> Decorated:
    """`--data`, `-p` and `--split`: which examples."""
    data = click.option(
        "--data",
        default=None,
        metavar="FILE|DATASET",
        help="Other data than the run's own: a .npz or .csv file, a folder of images, or a dataset's name.",
    )
    parameter = click.option(
        "-p",
        "--param",
        "parameters",
        multiple=True,
        metavar="KEY=VALUE",
        help="A parameter of the dataset that --data names. Repeatable.",
    )
    split = click.option(
        "--split",
        type=click.Choice(("test", "validation", "train")),
        default=None,
        help="Which split of the data.  [default: the first there is of them]",
    )
    return data(parameter(split(command)))
