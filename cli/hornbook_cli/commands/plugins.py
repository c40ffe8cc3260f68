"""`hornbook plugins`: the installed plugins and their state."""

import click

from hornbook.discovery.plugin import Plugin
from hornbook_cli.exemplified import Exemplified
from hornbook_cli.inert import inert
from hornbook_cli.looking import installed
from hornbook_cli.options import json_option
from hornbook_cli.table import table
from hornbook_cli.terminal import out, styled, width
from hornbook_cli.writing import count, print_json


@click.command(
    "plugins",
    cls=Exemplified,
    examples=[
        "hornbook plugins",
        "hornbook plugins --json",
    ],
)
@json_option
def command(as_json: bool) -> None:
    """List the installed plugins and their state.

    A plugin is ready, or it is disabled, incompatible, broken or conflicting; then its cause is told. It
    harms no other.
    """
    plugins = installed().plugins
    if as_json:
        print_json({"plugins": [_described(plugin) for plugin in plugins]})
        return
    rows = [
        (one.name, one.state, f"{one.distribution} {one.version}", _import_time(one), _offer(one))
        for one in plugins
    ]
    for line in table(rows, width(), ("plugin", "state", "from", "import", "contributes")):
        out(line)
    unusable = [plugin for plugin in plugins if plugin.state != "ready"]
    if unusable:
        out()
    for plugin in unusable:
        state = styled(plugin.state, fg="red", bold=True)
        stage = f" ({plugin.stage})" if plugin.stage else ""
        out(f"{styled(inert(plugin.name), bold=True)} is {state}{stage}: {inert(plugin.cause)}")


def _described(plugin: Plugin) -> dict[str, object]:
    return {
        "name": plugin.name,
        "distribution": plugin.distribution,
        "version": plugin.version,
        "state": plugin.state,
        "stage": plugin.stage,
        "cause": plugin.cause,
        "components": len(plugin.components),
        "import_seconds": round(plugin.import_seconds, 4),
    }


def _import_time(plugin: Plugin) -> str:
    """How long its module took to import when it was looked into; nothing where it was not."""
    return f"{1000 * plugin.import_seconds:,.1f} ms" if plugin.import_seconds else ""


def _offer(plugin: Plugin) -> str:
    commands = ", ".join(f"hornbook {command.name}" for command in plugin.commands)
    parts = (
        count(len(plugin.components), "component") if plugin.components else "",
        count(len(plugin.recipes), "recipe") if plugin.recipes else "",
        "a tracker" if "hornbook_trackers" in plugin.hooks else "",
        commands,
    )
    return ", ".join(part for part in parts if part)
