"""`hornbook diff`: what two recipes or runs differ in."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from hornbook.catalog import Catalog
from hornbook.names import did_you_mean
from hornbook.problem import HornbookError, Problem
from hornbook.recipes.difference import ABSENT, Difference, differences
from hornbook.recipes.document import plain
from hornbook.recipes.freezing import plain_value, values
from hornbook.recipes.reading import read, shipped_recipes
from hornbook.recipes.text import parse
from hornbook.runner.journals.folder import all_runs, find
from hornbook_cli.exemplified import Exemplified
from hornbook_cli.inert import inert
from hornbook_cli.looking import installed
from hornbook_cli.options import RecipeOrRunName, json_option, runs_dir_option
from hornbook_cli.table import table
from hornbook_cli.terminal import err, out, styled, width
from hornbook_cli.writing import inline, print_json


@click.command(
    "diff",
    cls=Exemplified,
    examples=[
        "hornbook diff digits my.yaml",
        "hornbook diff digits latest",
        "hornbook diff 20261121-0315 20261121-0402",
    ],
)
@click.argument("a", type=RecipeOrRunName())
@click.argument("b", type=RecipeOrRunName())
@runs_dir_option
@json_option
def command(a: str, b: str, runs_dir: Path, as_json: bool) -> None:
    """Say what two recipes or runs differ in, by path, with every default counted as a value.

    A and B are recipes (a file, or the name of a shipped one) or runs (an id, the beginning of one, `latest`,
    or a run's folder). Of runs, what is compared is the recipe as it was frozen then, and the versions that
    supplied it. The exit code is 0 whether or not they differ; `--json` has `same`.
    """
    catalog = installed()
    before, after = (_side(name, runs_dir, catalog) for name in (a, b))
    found = differences(before.content, after.content)
    if as_json:
        sides = {"a": before.described, "b": after.described}
        print_json({**sides, "same": not found, "differences": [_described(one) for one in found]})
        return
    if not found:
        err(f"{inert(a)} and {inert(b)} say the same")
        return
    out(styled(f"- {inert(before.called)}", fg="red"))
    out(styled(f"+ {inert(after.called)}", fg="green"))
    for line in table([_row(one) for one in found], width()):
        out(line)


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the two that are compared."""

    name: str
    file: Path
    is_run: bool
    content: Mapping[str, Any]

    @property
    def called(self) -> str:
        return f"{'run' if self.is_run else 'recipe'} {self.name}"

    @property
    def described(self) -> dict[str, str]:
        return {"kind": "run" if self.is_run else "recipe", "name": self.name, "file": str(self.file)}


def _side(name: str, runs_dir: Path, catalog: Catalog) -> _Side:
    """A recipe or a run, whichever there is: a file first, a run's folder, a shipped recipe, a run's id.

    Raises:
        HornbookError: When there is neither, or it cannot be read.
    """
    path, shipped = Path(name), shipped_recipes(catalog)
    if not (path / "journal.jsonl").is_file() and (path.is_file() or name in shipped):
        recipe = read(name, (), catalog)
        content = {key: plain_value(value) for key, value in values(recipe).items()}
        return _Side(name, recipe.source or path, False, content)
    try:
        folder = find(name, runs_dir)
    except HornbookError as error:
        runs = [folder.id for folder in all_runs(runs_dir)]
        if any(run.startswith(name) for run in runs):  # of several runs
            raise
        hint = did_you_mean(name, [*shipped, *runs], error.problems[0].hint)
        message = f"there is neither a recipe nor a run {name!r}"
        raise HornbookError(Problem(code="HB001", message=message, hint=hint)) from None
    # A run's recipe is whole already, and can be read whatever has been uninstalled since.
    frozen = plain(parse(folder.recipe.read_bytes(), str(folder.recipe)))
    return _Side(folder.id, folder.recipe, True, frozen)


def _described(difference: Difference) -> dict[str, Any]:
    sides = {"a": difference.before, "b": difference.after}
    return {"path": difference.path, **{side: one for side, one in sides.items() if one is not ABSENT}}


def _row(difference: Difference) -> tuple[str, str, str]:
    before, after = difference.before, difference.after
    if before is ABSENT:
        return "+", difference.path, inline(_lean(after))
    if after is ABSENT:
        return "-", difference.path, inline(_lean(before))
    return " ", difference.path, f"{inline(before)} → {inline(after)}"


def _lean(value: Any) -> Any:
    """A whole component without what is nothing, to be read at a glance."""
    if isinstance(value, list):
        return [_lean(one) for one in value]
    if not isinstance(value, Mapping):
        return value
    return {key: _lean(one) for key, one in value.items() if one is not None}
