"""`hornbook new`: something to begin with."""

import sys
from pathlib import Path
from typing import Any

import click

from hornbook.catalog import Catalog
from hornbook.problem import HornbookError, Problem
from hornbook.recipes.document import plain
from hornbook.recipes.reading import read
from hornbook.recipes.starter import MODALITIES, TASKS, Data, Wishes, known, starter
from hornbook.recipes.text import parse
from hornbook_cli.commands.freeze import write_text
from hornbook_cli.commands.schema import MODELINE, SCHEMA
from hornbook_cli.exemplified import Exemplified
from hornbook_cli.inert import inert
from hornbook_cli.looking import installed
from hornbook_cli.options import force_option
from hornbook_cli.overview import overview
from hornbook_cli.problems import lines
from hornbook_cli.terminal import err, is_terminal
from hornbook_cli.writing import refuse_to_overwrite


class _Kinds(Exemplified, click.Group):
    """A group with examples."""


@click.group("new", cls=_Kinds, examples=["hornbook new recipe my.yaml --data digits"])
def command() -> None:
    """Write something to begin with: a recipe."""


@command.command(
    "recipe",
    cls=Exemplified,
    examples=[
        "hornbook new recipe my.yaml",
        "hornbook new recipe my.yaml --data digits --model mlp",
        "hornbook new recipe prices.yaml --data houses.csv -p target=price --task regression",
    ],
)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--data", default=None, metavar="DATASET|FILE", help="A dataset's name, a file, or a folder of images."
)
@click.option(
    "-p",
    "--param",
    "parameters",
    multiple=True,
    metavar="KEY=VALUE",
    help="A parameter of the dataset, such as -p target=price. Repeatable.",
)
@click.option("--task", type=click.Choice(TASKS), default=None, help="What is to be learned of it.")
@click.option("--modality", type=click.Choice(MODALITIES), default=None, help="What its inputs are.")
@click.option(
    "--model", default=None, metavar="MODEL", help="A model's name.  [default: layers that suit the data]"
)
@force_option
def recipe(
    file: Path,
    data: str | None,
    parameters: tuple[str, ...],
    task: str | None,
    modality: str | None,
    model: str | None,
    force: bool,
) -> None:
    """Write a recipe for some data to FILE, with comments, ready to run and to change.

    What is known of the data chooses the loss, the last layer, the metrics, the augmenters and the epochs.
    What cannot be known is asked for, where there is someone to ask.
    """
    refuse_to_overwrite(file, force)
    catalog = installed()
    given = dict(_parameter(text) for text in parameters)
    wished = data or _asked("data: a dataset, a file or a folder", "--data", default="digits")
    wishes = Wishes(wished, given, task, modality, model)
    answered = _completed(wishes, catalog, file.absolute().parent)
    first = f"{MODELINE}{SCHEMA}\n" if (file.absolute().parent / SCHEMA).is_file() else ""
    write_text(file, first + starter(file.stem, answered, model, catalog))
    written = read(file, (), catalog)
    for problem in written.warnings:
        for line in lines(problem):
            err(line)
    if "ignore" in answered.parameters and "ignore" not in given:
        text = ", ".join(map(str, answered.parameters["ignore"]))
        err(f"columns of text are left out, under `ignore`: {inert(text)}")
    err(f"wrote {inert(str(file))}: {inert(overview(written))}")
    err(f"`hornbook run {inert(str(file))}` carries it out")


def _completed(wishes: Wishes, catalog: Catalog, folder: Path) -> Data:
    """The data with all that must be known of it, asked for where it is missing."""
    data = known(wishes, catalog, folder)
    given = dict(wishes.parameters)
    for name in data.missing:
        what = data.entry.component.parameters[name].description
        said = _asked(f"{name} ({what.rstrip('.')})" if what else name, f"-p {name}=...")
        given[name] = plain(parse(said, name))
    task, modality = data.facts["task"], data.facts["modality"]
    if task is None:
        task = _asked("task", "--task", choices=TASKS)
    if modality is None:
        modality = _asked("inputs", "--modality", choices=MODALITIES)
    if task not in TASKS:
        message = f"{data.entry.name} is for {task}, for which no recipe can be written here"
        raise HornbookError(Problem(code="HB606", message=message, hint="begin with `hornbook copy digits`"))
    wanted = {"task": wishes.task or task, "modality": wishes.modality or modality}
    return known(Wishes(wishes.data, given, **wanted, model=wishes.model), catalog, folder)


def _asked(what: str, option: str, default: str | None = None, choices: tuple[str, ...] = ()) -> str:
    """The user's answer.

    Raises:
        click.UsageError: When there is nobody to ask.
    """
    if not is_terminal(sys.stdin):
        which = f": {' or '.join(choices)}" if choices else ""
        raise click.UsageError(
            f"{what.partition(' (')[0].partition(':')[0]} is not known; say it with {option}{which}"
        )
    kind = click.Choice(choices) if choices else None
    return str(click.prompt(inert(what), default=default, type=kind, err=True))


def _parameter(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise click.UsageError(f"{text!r} is no parameter; write -p key=value, such as -p target=price")
    return name.strip(), plain(parse(value, f"-p {text}"))
