"""`hornbook freeze`: a recipe written out whole."""

from pathlib import Path
from typing import Any

import click

from hornbook.problem import HornbookError, Problem
from hornbook.recipes.freezing import frozen
from hornbook.recipes.provenance import Origin, explained, origins
from hornbook.recipes.reading import read
from hornbook_cli.inert import inert
from hornbook_cli.looking import installed
from hornbook_cli.options import RecipeName, json_option, set_option
from hornbook_cli.overriding import Overriding
from hornbook_cli.terminal import err, out
from hornbook_cli.writing import print_json


@click.command(
    "freeze",
    cls=Overriding,
    examples=[
        "hornbook freeze digits",
        "hornbook freeze my.yaml -s training.epochs=50 -o my-50.yaml",
        "hornbook freeze my.yaml --explain",
    ],
)
@click.argument("recipe", type=RecipeName())
@set_option
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=None,
    metavar="FILE",
    help="Write to a file rather than to standard output.",
)
@click.option(
    "--explain",
    is_flag=True,
    default=False,
    help="Say behind every value where it comes from: a line, an override, a default, or the run.",
)
@json_option
def command(
    recipe: str, overrides: tuple[str, ...], output: Path | None, explain: bool, as_json: bool
) -> None:
    """Write a recipe out whole: every default, full names, and which distributions supplied them.

    Freezing a frozen recipe changes nothing. RECIPE is a file, or the name of a recipe that a plugin ships.
    With --explain, comments say where every value comes from; with --json, so does a list of all values.
    """
    whole = read(recipe, overrides, installed())
    if as_json:
        print_json({"values": [_described(one) for one in origins(whole, overrides)]})
        return
    text = frozen(whole)
    if explain:
        text = explained(text, origins(whole, overrides))
    if output is None:
        out(text.rstrip("\n"))
        return
    if whole.source is not None and output.exists() and output.samefile(whole.source):
        message = f"{output} is the recipe itself, whose comments would be lost"
        raise HornbookError(Problem(code="HB601", message=message, hint="name another file"))
    write_text(output, text)
    err(f"wrote {inert(str(output))}")


def _described(origin: Origin) -> dict[str, Any]:
    place = origin.place
    typed = place is not None and place.source.startswith("-")
    return {
        "path": origin.path,
        "value": origin.value,
        "source": origin.source,
        "file": place.source if place and not typed else None,
        "line": place.line if place and not typed else None,
        "column": place.column if place and not typed else None,
        "override": place.source if place and typed else None,
        "supplier": origin.supplier or None,
    }


def write_text(file: Path, text: str) -> None:
    """Write a file that the user named.

    Raises:
        HornbookError: When it cannot be written.
    """
    try:
        file.write_text(text, "utf-8", newline="")
    except OSError as error:
        message = f"{file} cannot be written: {error.strerror or error}"
        raise HornbookError(Problem(code="HB602", message=message, hint="name another file")) from None
