"""All installed plugins, each in its state. What the rest of Hornbook asks."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from hornbook.discovery import children, index
from hornbook.discovery.distributions import entry_points, installed
from hornbook.discovery.plugin import OFFICIAL, EntryPoint, Plugin


@dataclass(slots=True)
class _Memory:
    """What this process found last, so that asking again costs a look at the disk and no more."""

    fingerprint: str = ""
    inspected: tuple[Plugin, ...] = ()
    plugins: tuple[Plugin, ...] = ()

    def holds(self, fingerprint: str) -> bool:
        return fingerprint == self.fingerprint and all(map(index.untouched, self.inspected))


_memory = _Memory()


def plugins(progress: Callable[[EntryPoint], None] = lambda entry: None) -> tuple[Plugin, ...]:
    """Every installed plugin, ordered by name; a broken one is listed, never raised.

    Args:
        progress: Called with each plugin that has to be looked into, before it is; that takes seconds.

    Returns:
        The plugins; the same tuple as long as nothing is installed, removed or edited.
    """
    fingerprint, folders = installed()
    if not _memory.holds(fingerprint):
        inspected = index.current(
            fingerprint, lambda: entry_points(folders), partial(_inspected, progress=progress)
        )
        _memory.fingerprint, _memory.inspected = fingerprint, tuple(inspected)
        _memory.plugins = tuple(_without_conflicts(inspected))
    return _memory.plugins


def _inspected(entries: Sequence[EntryPoint], progress: Callable[[EntryPoint], None]) -> Iterator[Plugin]:
    """Decide from metadata what can be decided; import only the rest, in a child process."""
    importable = []
    for entry in entries:
        if entry.fault:
            yield Plugin(entry=entry, state="broken", stage="metadata", cause=entry.fault)
        elif incompatibility := _incompatibility(entry):
            yield Plugin(entry=entry, state="incompatible", cause=incompatibility)
        else:
            importable.append(entry)
    yield from children.inspect(importable, progress)


def _incompatibility(entry: EntryPoint) -> str:
    """Why the plugin does not go with this registry; empty when it does."""
    from importlib.metadata import PackageNotFoundError, version

    from packaging.requirements import InvalidRequirement, Requirement

    try:
        own = version("hornbook-registry")
        requirements = [Requirement(text) for text in entry.requires]
    except (PackageNotFoundError, InvalidRequirement):
        return ""
    for requirement in requirements:
        ours = _normal(requirement.name) == "hornbook-registry"
        if ours and not requirement.specifier.contains(own, prereleases=True):
            return f"it requires {requirement}, and hornbook-registry {own} is installed"
    return ""


def _without_conflicts(found: Iterable[Plugin]) -> list[Plugin]:
    """Plugins of one name are all set aside, but for an official one: its name is reserved."""
    named: dict[str, list[Plugin]] = defaultdict(list)
    for plugin in found:
        named[plugin.name].append(plugin)
    return [
        plugin if _entitled(plugin, same) else _conflicting(plugin, same)
        for _, same in sorted(named.items())
        for plugin in same
    ]


def _entitled(plugin: Plugin, same: Sequence[Plugin]) -> bool:
    if plugin.name in OFFICIAL:
        return _normal(plugin.distribution) == f"hornbook-{plugin.name}"
    return len(same) == 1


def _conflicting(plugin: Plugin, same: Sequence[Plugin]) -> Plugin:
    others = [f"{other.distribution} {other.version}" for other in same if other is not plugin]
    if plugin.name in OFFICIAL:
        cause = f"the plugin name {plugin.name!r} is reserved for hornbook-{plugin.name}"
    else:
        cause = f"the plugin name {plugin.name!r} is also claimed by {' and '.join(others)}"
    return replace(plugin, state="conflicting", cause=cause, components=(), recipes=(), commands=())


def _normal(distribution: str) -> str:
    """A distribution's name in the one form that all its spellings have (PEP 503)."""
    return re.sub(r"[-_.]+", "-", distribution).lower()
