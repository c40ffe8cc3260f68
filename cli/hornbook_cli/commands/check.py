"""`hornbook check`: everything that is wrong with recipes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from hornbook.catalog import Catalog
from hornbook.problem import HornbookError, Problem
from hornbook.recipes.reading import read
from hornbook.recipes.recipe import Recipe
from hornbook_cli.annotations import annotation
from hornbook_cli.exemplified import Exemplified
from hornbook_cli.inert import inert
from hornbook_cli.looking import installed
from hornbook_cli.native_chatter import Hushed
from hornbook_cli.options import RecipeName, json_option, set_option
from hornbook_cli.overview import overview
from hornbook_cli.problems import as_data, lines, tally
from hornbook_cli.table import table
from hornbook_cli.terminal import err, out, styled, width
from hornbook_cli.writing import count, print_json

if TYPE_CHECKING:
    from hornbook.assembly.layout import Row

LAYERS = ("line", "layer", "output", "parameters")


@click.command(
    "check",
    cls=Exemplified,
    examples=[
        "hornbook check my.yaml",
        "hornbook check recipes/*.yaml",
        "hornbook check digits -s optimizer=sgd",
        "hornbook check digits --build",
        "hornbook check recipes/*.yaml --format github",
    ],
)
@click.argument("recipes", nargs=-1, required=True, type=RecipeName(), metavar="RECIPE...")
@set_option
@click.option(
    "--build",
    is_flag=True,
    default=False,
    help="Build the model too, without data, and show what each layer gives. Loads Keras.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "github")),
    default="text",
    help="How problems are told: for people, or as GitHub's annotations.",
)
@json_option
def command(
    recipes: tuple[str, ...], overrides: tuple[str, ...], build: bool, form: str, as_json: bool
) -> None:
    """Say everything that is wrong with recipes, before Keras, data or a backend is loaded.

    RECIPE is a file, or the name of a recipe that a plugin ships. Each problem is told as
    `file:line:column: severity: message [code]`, with what to do about it; `hornbook explain CODE` says
    more.
    """
    catalog = installed()
    problems: list[Problem] = []
    codes: list[int] = []
    built: dict[str, list[dict[str, object]]] = {}
    for recipe in recipes:
        found, whole, code = _checked(recipe, overrides, catalog)
        rows: list[Row] = []
        if build and whole is not None:
            unbuilt, rows, code = _built(whole)
            found = [*found, *unbuilt]
        problems += found
        codes.append(code)
        built[recipe] = [_row(row) for row in rows]
        if form == "github":
            for problem in found:
                out(annotation(problem))
        elif not as_json:
            _print(recipe, found, None if code else whole)
            _print_layers(rows)
    if as_json:
        layers = {"layers": built} if build else {}
        print_json({"ok": not any(codes), "problems": [as_data(problem) for problem in problems], **layers})
    elif problems and form == "text":
        err(tally(problems) + _where(codes))
    wrong = [code for code in codes if code]
    click.get_current_context().exit(min(wrong, default=0))


def _where(codes: Sequence[int]) -> str:
    """In how many recipes there are errors, where several were checked."""
    wrong = sum(code != 0 for code in codes)
    return f"; {count(wrong, 'recipe')} of {len(codes)} cannot run" if len(codes) > 1 else ""


def _checked(
    recipe: str, overrides: Sequence[str], catalog: Catalog
) -> tuple[Sequence[Problem], Recipe | None, int]:
    try:
        whole = read(recipe, overrides, catalog)
    except HornbookError as error:
        return error.problems, None, error.exit_code
    return whole.warnings, whole, 0


def _built(whole: Recipe) -> tuple[Sequence[Problem], list[Row], int]:
    """Build a recipe's model: what is wrong with that, its layers, and the exit code."""
    from hornbook.backend import choose

    choose()
    with Hushed():
        from hornbook.assembly.layout import layout

    try:
        return (), layout(whole), 0
    except HornbookError as error:
        wrong = any(problem.severity == "error" for problem in error.problems)
        return error.problems, [], error.exit_code if wrong else 0


def _row(row: Row) -> dict[str, object]:
    place = row.use.place
    return {
        "name": row.name,
        "use": row.use.entry.full_name,
        "path": row.use.path,
        "file": place.source if place else None,
        "line": place.line if place else None,
        "output_shape": row.shape,
        "parameters": row.parameters,
    }


def _print_layers(rows: Sequence[Row]) -> None:
    """Each layer beside the line that it was written on."""
    if not rows:
        return
    cells = [
        (str(row.use.place.line) if row.use.place else "", row.name, _shape(row), f"{row.parameters:,}")
        for row in rows
    ]
    total = sum(row.parameters for row in rows)
    for line in table([*cells, ("", "in all", "", f"{total:,}")], width(), LAYERS, indent=2):
        out(line)


def _shape(row: Row) -> str:
    return "" if row.shape is None else str(row.shape)


def _print(recipe: str, problems: Sequence[Problem], whole: Recipe | None) -> None:
    for problem in problems:
        for line in lines(problem):
            out(line)
    if whole is not None:
        out(f"{inert(recipe)}: {styled('ok', fg='green', bold=True)}: {inert(overview(whole))}")
