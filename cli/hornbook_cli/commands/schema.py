"""`hornbook schema`: the JSON Schema by which editors complete and check recipes."""

import json
from pathlib import Path

import click

from hornbook.recipes.schema import schema
from hornbook_cli.commands.freeze import write_text
from hornbook_cli.exemplified import Exemplified
from hornbook_cli.inert import inert
from hornbook_cli.looking import installed
from hornbook_cli.terminal import err, out

SCHEMA = "recipe.schema.json"
"""What the file is called where recipes name it."""
MODELINE = "# yaml-language-server: $schema="
"""How they do so, in their first line; the file's path follows, relative to the recipe."""


@click.command("schema", cls=Exemplified, examples=["hornbook schema -o recipe.schema.json"])
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=None,
    metavar="FILE",
    help="Write to a file rather than to standard output.",
)
def command(output: Path | None) -> None:
    """Write the JSON Schema (2020-12) of recipes over everything that is installed.

    Editors with a YAML language server complete, explain and underline by it in a recipe whose first line is
    `# yaml-language-server: $schema=recipe.schema.json`. Write it again when you have installed a plugin.
    """
    text = json.dumps(schema(installed()), ensure_ascii=False, allow_nan=False)
    if output is None:
        out(text)
        return
    write_text(output, text + "\n")
    err(f"wrote {inert(str(output))}; begin recipes beside it with")
    err(f"{MODELINE}{inert(output.name)}")
