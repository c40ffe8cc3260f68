"""`hornbook report`: the reports of a run, drawn."""

from pathlib import Path

import click

from hornbook.problem import HornbookError, Problem
from hornbook.reports import Entry, contents, draw
from hornbook.runner.journals.folder import RunFolder, find
from hornbook_cli.exemplified import Exemplified
from hornbook_cli.inert import inert
from hornbook_cli.options import RunName, json_option, runs_dir_option
from hornbook_cli.table import table
from hornbook_cli.terminal import err, out, width
from hornbook_cli.writing import print_json


@click.command("report", cls=Exemplified, examples=["hornbook report latest"])
@click.argument("run", type=RunName())
@runs_dir_option
@json_option
def command(run: str, runs_dir: Path, as_json: bool) -> None:
    """Draw the reports of a run, and say where they are.

    Every run draws them when it ends. This draws them anew from the journal and what the run kept: where a run
    was killed, or matplotlib was not installed then. RUN is an id, the beginning of one, `latest`, or a run's
    folder.
    """
    folder = find(run, runs_dir)
    try:
        draw(folder, afresh=True)
    except OSError as error:
        message = f"the reports cannot be written to {folder.reports}: {error.strerror or error}"
        raise HornbookError(Problem(code="HB602", message=message), exit_code=1) from None
    entries = contents(folder)
    if as_json:
        print_json({"run_id": folder.id, "reports": [_described(folder, one) for one in entries]})
        return
    rows = [(inert(_shown(folder.reports / one.file)), inert(one.title)) for one in entries if not one.reason]
    for line in table(rows, width()):
        out(line)
    for one in entries:
        if one.reason:
            err(f"warning: {inert(one.title)}: {inert(one.reason)}")


def _described(folder: RunFolder, entry: Entry) -> dict[str, object]:
    file = str(folder.reports / entry.file) if entry.file else None
    return {"file": file, "title": entry.title, "kind": entry.kind, "reason": entry.reason or None}


def _shown(path: Path) -> str:
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
