"""All installed plugins, each in its state. What the rest of Hornbook asks."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from hornbook.discovery import index
from hornbook.discovery.distributions import entry_points, installed
from hornbook.discovery.plugin import OFFICIAL, EntryPoint, Plugin, State
from hornbook.discovery.requirements import applies, normal
from hornbook.discovery.selection import Selection, selection
from hornbook.discovery.sources import untouched


@dataclass(slots=True)
class _Memory:
    """What this process found last, so that asking again costs a look at the disk and no more."""

    key: tuple[str, Selection] = ("", Selection())
    found: tuple[Plugin, ...] = ()
    plugins: tuple[Plugin, ...] = ()

    def holds(self, key: tuple[str, Selection]) -> bool:
        return key == self.key and all(untouched(plugin.sources) for plugin in self.found)


_memory = _Memory()


def plugins(
    progress: Callable[[EntryPoint], None] = lambda entry: None, refresh: bool = False
) -> tuple[Plugin, ...]:
    """Every installed plugin, ordered by name; a broken one is listed, never raised.

    Args:
        progress: Called with each plugin that has to be looked into, before it is; that takes seconds.
        refresh: Whether all are looked into anew, whatever the index knows.

    Returns:
        The plugins; the same tuple as long as nothing is installed, removed or edited.
    """
    fingerprint, folders = installed()
    wanted = selection()
    if refresh or not _memory.holds((fingerprint, wanted)):
        found = index.current(
            fingerprint,
            entries=lambda: entry_points(folders),
            inspect=partial(_inspected, progress=progress),
            admitted=lambda entry: not wanted.refusal(entry.name),
            refresh=refresh,
        )
        _memory.key, _memory.found = (fingerprint, wanted), tuple(found)
        _memory.plugins = tuple(_without_conflicts([_if_wanted(plugin, wanted) for plugin in found]))
    return _memory.plugins


def remembered() -> tuple[Plugin, ...]:
    """The plugins as the index knows them: at once, though something may have been installed since."""
    wanted = selection()
    return tuple(_without_conflicts([_if_wanted(plugin, wanted) for plugin in index.remembered()]))


def _if_wanted(plugin: Plugin, wanted: Selection) -> Plugin:
    refusal = wanted.refusal(plugin.name)
    return _set_aside(plugin, "disabled", refusal) if refusal else plugin


def _set_aside(plugin: Plugin, state: State, cause: str) -> Plugin:
    """A plugin that contributes nothing, and why."""
    return Plugin(entry=plugin.entry, state=state, cause=cause, sources=plugin.sources)


def _inspected(entries: Sequence[EntryPoint], progress: Callable[[EntryPoint], None]) -> Iterator[Plugin]:
    """Decide from metadata what can be decided; import only the rest, in a child process."""
    from hornbook.discovery import children  # what starts processes is not needed when nothing has changed

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
        ours = normal(requirement.name) == "hornbook-registry" and applies(requirement)
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
        return normal(plugin.distribution) == f"hornbook-{plugin.name}"
    return len(same) == 1


def _conflicting(plugin: Plugin, same: Sequence[Plugin]) -> Plugin:
    if plugin.name in OFFICIAL:
        cause = f"the plugin name {plugin.name!r} is reserved for hornbook-{plugin.name}"
    else:
        others = [f"{other.distribution} {other.version}" for other in same if other is not plugin]
        cause = f"the plugin name {plugin.name!r} is also claimed by {' and '.join(others)}"
    return _set_aside(plugin, "conflicting", cause)
