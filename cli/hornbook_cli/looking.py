"""The catalog of what is installed, with a word to whoever waits while plugins are looked into."""

import os
import sys
from collections.abc import Iterable

from hornbook.catalog import Catalog, Entry, catalog
from hornbook.component import KINDS
from hornbook.discovery.discover import plugins, remembered
from hornbook.discovery.plugin import OFFICIAL, EntryPoint
from hornbook.names import did_you_mean
from hornbook.problem import HornbookError, Problem
from hornbook_cli.inert import inert
from hornbook_cli.terminal import COMPLETING, can_rewrite, err
from hornbook_cli.unusable import answer_for

PLURALS = {f"{name}es" if name.endswith("s") else f"{name}s": name for name in KINDS}


def installed(refresh: bool = False) -> Catalog:
    """The catalog. The first time after an installation this takes seconds, which a terminal is told.

    Args:
        refresh: Whether every plugin is looked into anew, which takes as long.
    """
    if COMPLETING in os.environ:  # whoever presses the tab key does not wait for plugins
        return Catalog(remembered())
    told = False

    def tell(entry: EntryPoint) -> None:
        nonlocal told
        told = can_rewrite(sys.stderr)
        if told:
            err(f"\rlooking at the plugins, once… {inert(entry.name)}\x1b[K", newline=False)

    plugins(tell, refresh)
    if told:
        err("\r\x1b[K", newline=False)
    found = catalog()
    answer_for(found.plugins)
    return found


def kind_named(word: str) -> str:
    """The kind that a word means, in the singular or the plural.

    Raises:
        HornbookError: When there is no such kind.

    Example:
        >>> kind_named("losses")
        'loss'
    """
    kind = PLURALS.get(word, word)
    if kind not in KINDS:
        hint = did_you_mean(word, list(KINDS), f"the kinds are {', '.join(KINDS)}")
        raise HornbookError(Problem(code="HB200", message=f"there is no kind {word!r}", hint=hint))
    return kind


def short_name(entry: Entry) -> str:
    """The name to show: bare for an official plugin's component, full for others."""
    return entry.name if entry.plugin in OFFICIAL else entry.full_name


def described(entry: Entry) -> dict[str, object]:
    """A component as `list --json` writes it."""
    component = entry.component
    return {
        "kind": entry.kind,
        "name": entry.name,
        "full_name": entry.full_name,
        "plugin": entry.plugin,
        "distribution": entry.distribution,
        "version": entry.version,
        "summary": component.summary,
        "aliases": list(component.aliases),
        "target": component.target,
        "tags": list(component.tags),
    }


def by_kind(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    """Entries by kind, in the order of kinds; kinds without any are left out."""
    grouped: dict[str, list[Entry]] = {}
    for entry in entries:
        grouped.setdefault(entry.kind, []).append(entry)
    return {kind: grouped[kind] for kind in KINDS if kind in grouped}
