"""Names that more than one component goes by. No clash changes what a name means that meant something before."""

from collections.abc import Iterable

from hornbook.catalog import Catalog, Entry
from hornbook.discovery.plugin import OFFICIAL
from hornbook.problem import Problem


def clashes(catalog: Catalog) -> list[Problem]:
    """The names that several plugins offer within a kind, as names or as aliases.

    Args:
        catalog: The components there are.

    Returns:
        A warning for each name that third parties offer side by side, which is then an error to write bare;
        a note for each that an official plugin offers too, which the bare name means.
    """
    offers: dict[tuple[str, str], list[Entry]] = {}
    for entry in catalog.entries:
        for name in dict.fromkeys((entry.name, *entry.component.aliases)):
            offers.setdefault((entry.kind, name), []).append(entry)
    return [_clash(kind, name, found) for (kind, name), found in offers.items() if len(found) > 1]


def _clash(kind: str, name: str, found: list[Entry]) -> Problem:
    official = [entry for entry in found if entry.plugin in OFFICIAL]
    sides = _listed(_side(entry, name) for entry in found)
    if len(official) == 1:
        meant = official[0]
        return Problem(
            code="HB207",
            severity="note",
            message=f"{kind} {name!r} is offered by {sides}; the bare name means {meant.full_name}",
            hint="write the full name to mean another",
        )
    return Problem(
        code="HB207",
        severity="warning",
        message=f"{kind} {name!r} is offered by {sides}; a recipe must write the full name",
        hint=f"write {' or '.join(entry.full_name for entry in found)}",
    )


def _side(entry: Entry, name: str) -> str:
    alias = "" if entry.name == name else f", which is also called {name!r}"
    return f"{entry.full_name} ({entry.distribution} {entry.version}){alias}"


def _listed(sides: Iterable[str]) -> str:
    *most, last = sides
    return f"{', '.join(most)} and {last}"
