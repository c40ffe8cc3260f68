"""`hornbook list`: the components there are."""

from collections.abc import Iterable

import click

from hornbook.catalog import Entry
from hornbook.component import KINDS
from hornbook_cli.exemplified import Exemplified
from hornbook_cli.looking import PLURALS, by_kind, described, installed, kind_named, short_name
from hornbook_cli.options import KindName, json_option
from hornbook_cli.table import table
from hornbook_cli.terminal import out, styled, width
from hornbook_cli.writing import print_json

_PLURAL = {kind: plural for plural, kind in PLURALS.items()}


@click.command(
    "list",
    cls=Exemplified,
    examples=[
        "hornbook list",
        "hornbook list loss",
        "hornbook list scheduler --json",
    ],
)
@click.argument("kind", required=False, default=None, type=KindName(), metavar="[KIND]")
@json_option
def command(kind: str | None, as_json: bool) -> None:
    """List the components there are, by kind; those of one KIND where it is named.

    A component of a plugin that is not one of Hornbook's own is listed as `plugin/name`.
    """
    catalog = installed()
    entries = catalog.entries if kind is None else catalog.of(kind_named(kind))
    if as_json:
        print_json({"components": [described(entry) for entry in entries]})
    else:
        print_grouped(entries)


def print_grouped(entries: Iterable[Entry]) -> None:
    """Print components by kind, the names of all kinds in one column."""
    grouped = by_kind(entries)
    longest = max((len(short_name(entry)) for group in grouped.values() for entry in group), default=0)
    for number, (kind, group) in enumerate(grouped.items()):
        if number:
            out()
        place = styled(f"under {KINDS[kind].place}", dim=True)
        out(f"{styled(_PLURAL[kind], bold=True)} ({len(group)}), {place}")
        rows = [(short_name(entry).ljust(longest), entry.component.summary or " ") for entry in group]
        out("\n".join(table(rows, width(), indent=2)))
