"""`hornbook copy`: a shipped recipe to change."""

from pathlib import Path

import click

from hornbook.problem import HornbookError, Problem
from hornbook.recipes.reading import located
from hornbook_cli.commands.schema import SCHEMA
from hornbook_cli.exemplified import Exemplified
from hornbook_cli.inert import inert
from hornbook_cli.looking import installed
from hornbook_cli.options import RecipeName, force_option
from hornbook_cli.terminal import err
from hornbook_cli.writing import refuse_to_overwrite


@click.command("copy", cls=Exemplified, examples=["hornbook copy digits my.yaml"])
@click.argument("recipe", type=RecipeName())
@click.argument("file", type=click.Path(path_type=Path))
@force_option
def command(recipe: str, file: Path, force: bool) -> None:
    """Copy a recipe to FILE as it stands, comments and all.

    RECIPE is the name of one that a plugin ships, or a file. FILE may be a folder.
    """
    original = located(recipe, installed())
    target = file / original.name if file.is_dir() else file
    refuse_to_overwrite(target, force)
    try:
        target.write_bytes(original.read_bytes())
    except OSError as error:
        message = f"{target} cannot be written: {error.strerror or error}"
        raise HornbookError(Problem(code="HB602", message=message, hint="name another file")) from None
    err(f"wrote {inert(str(target))}; `hornbook check {inert(str(target))}` reads it")
    schema = target.with_name(SCHEMA)
    if not schema.exists():
        err(f"`hornbook schema -o {inert(str(schema))}` lets editors complete it")
