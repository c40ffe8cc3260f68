"""`hornbook preview`: a recipe's learning rate and augmented examples, drawn."""

import sys
from pathlib import Path

import click

from hornbook.backend import choose
from hornbook.recipes.reading import read
from hornbook_cli.inert import inert
from hornbook_cli.looking import installed
from hornbook_cli.native_chatter import Hushed
from hornbook_cli.options import RecipeName, backend_option, json_option, set_option
from hornbook_cli.overriding import Overriding
from hornbook_cli.pictures import show
from hornbook_cli.terminal import can_rewrite, err, out
from hornbook_cli.writing import print_json


@click.command(
    "preview",
    cls=Overriding,
    examples=["hornbook preview digits", "hornbook preview my.yaml -s training.epochs=50 -o pictures"],
)
@click.argument("recipe", type=RecipeName())
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("preview"),
    show_default=True,
    metavar="DIR",
    help="The folder that the pictures are written to.",
)
@set_option
@backend_option
@json_option
def command(
    recipe: str, output: Path, overrides: tuple[str, ...], backend: str | None, as_json: bool
) -> None:
    """Draw the learning rate over the whole run, and examples before and after augmentation.

    The recipe's own data is loaded and its own augmenters are applied, just as training will begin; nothing is
    trained. The pictures are PNG files, shown at once where the terminal can (iTerm2, kitty and their kin).
    """
    checked = read(recipe, overrides, installed())
    name = choose(backend)
    live = can_rewrite(sys.stderr)
    if live:
        err(f"\rstarting {name}…\x1b[K", newline=False)
    try:
        with Hushed():
            from hornbook.runner.drawing import draw
            from hornbook.runner.preview import preview

            seen = preview(checked)
            files = draw(seen, output)
    finally:
        if live:
            err("\r\x1b[K", newline=False)
    if as_json:
        print_json({"files": [str(file) for file in files], "notes": list(seen.notes)})
        return
    for file in files:
        show(file)
        out(inert(str(file)))
    for note in seen.notes:
        err(f"note: {inert(note)}")
