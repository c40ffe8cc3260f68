"""`hornbook search`: components by words."""

import click

from hornbook.catalog import Catalog, Entry
from hornbook_cli.commands.list import print_grouped
from hornbook_cli.exemplified import Exemplified
from hornbook_cli.looking import described, installed
from hornbook_cli.options import json_option
from hornbook_cli.terminal import err
from hornbook_cli.writing import print_json


@click.command(
    "search",
    cls=Exemplified,
    examples=[
        "hornbook search warm restarts",
        "hornbook search images mix",
        'hornbook search "Lin et al."',
    ],
)
@click.argument("words", nargs=-1, required=True)
@json_option
def command(words: tuple[str, ...], as_json: bool) -> None:
    """Search the components: those that have all WORDS in name, summary, tags or reference."""
    wanted = " ".join(words).lower().split()
    catalog = installed()
    entries = found(catalog, wanted)
    if as_json:
        print_json({"components": [described(entry) for entry in entries]})
        return
    print_grouped(entries)
    if not entries:
        from hornbook.names import did_you_mean

        names = sorted({entry.name for entry in catalog.entries})
        near = did_you_mean("_".join(wanted), names, "`hornbook list` shows all components")
        err(f"no component has all of these words; {near}")


def found(catalog: Catalog, words: list[str]) -> list[Entry]:
    """The components that have all words, by kind; within a kind those first that have them in the name."""
    scored = [(_score(entry, words), entry) for entry in catalog.entries]
    order = sorted((one for one in scored if one[0] is not None), key=lambda one: one[0] or 0)
    return [entry for _, entry in order]


def _score(entry: Entry, words: list[str]) -> int | None:
    """The lower the better: how many words are not in the name; none where a word is nowhere."""
    component = entry.component
    name = " ".join((entry.full_name, *component.aliases)).lower()
    more = " ".join((component.summary, component.reference, *component.tags, entry.kind)).lower()
    spaced = name.replace("_", " ")
    if not all(word in name or word in spaced or word in more for word in words):
        return None
    return sum(word not in name and word not in spaced for word in words)
