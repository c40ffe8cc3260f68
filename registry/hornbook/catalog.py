"""The catalog: names -> components, by the rule that installing a plugin never changes what a recipe means."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from hornbook.component import KINDS, Component
from hornbook.discovery.plugin import OFFICIAL, Plugin
from hornbook.names import did_you_mean
from hornbook.problem import Problem


@dataclass(frozen=True, slots=True)
class Entry:
    """A component together with the plugin that offers it.

    Args:
        component: What is offered.
        plugin: The plugin's name.
        distribution: The distribution that the plugin comes from.
        version: The distribution's version.
    """

    component: Component
    plugin: str
    distribution: str
    version: str

    @property
    def kind(self) -> str:
        """The component's kind."""
        return self.component.kind

    @property
    def name(self) -> str:
        """The component's bare name."""
        return self.component.name

    @property
    def full_name(self) -> str:
        """The name that means this component whatever else is installed: `plugin/name`."""
        return f"{self.plugin}/{self.component.name}"


class Catalog:
    """All components that the ready plugins offer.

    Args:
        plugins: The installed plugins, in whatever state.
    """

    def __init__(self, plugins: Iterable[Plugin]) -> None:
        self.plugins = tuple(plugins)

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """Every component, ordered by kind, name and plugin."""
        found = (
            Entry(component, plugin.name, plugin.distribution, plugin.version)
            for plugin in self.plugins
            if plugin.state == "ready"
            for component in plugin.components
        )
        order = {kind: number for number, kind in enumerate(KINDS)}
        return tuple(
            sorted(found, key=lambda one: (order[one.component.kind], one.component.name, one.plugin))
        )

    @cached_property
    def _named(self) -> dict[tuple[str, str], list[Entry]]:
        """Entries by kind and by every name that they go by, bare and full."""
        named: dict[tuple[str, str], list[Entry]] = defaultdict(list)
        for entry in self.entries:
            for name in dict.fromkeys((entry.component.name, *entry.component.aliases)):
                named[entry.kind, name].append(entry)
                named[entry.kind, f"{entry.plugin}/{name}"].append(entry)
        return named

    def of(self, kind: str) -> tuple[Entry, ...]:
        """The components of one kind."""
        return tuple(entry for entry in self.entries if entry.kind == kind)

    def names(self, kind: str) -> list[str]:
        """Every name that a recipe may write for a component of a kind."""
        return [name for of_kind, name in self._named if of_kind == kind]

    def find(self, kind: str, name: str) -> Entry | Problem:
        """The component that a name means.

        A bare name means the official plugin's component where there is one, else the only
        third-party one.

        Args:
            kind: One of `hornbook.component.KINDS`.
            name: `"huber"`, `"losses/huber"` or `"loss:huber"`.

        Returns:
            The entry, or the problem with the name.
        """
        bare = name.removeprefix(f"{kind}:")
        found = self._named.get((kind, bare), [])
        if len(found) == 1:
            return found[0]
        official = [entry for entry in found if entry.plugin in OFFICIAL]
        if len(official) == 1:
            return official[0]
        return self._ambiguous(kind, bare, found) if found else self._unknown(kind, bare)

    def _ambiguous(self, kind: str, name: str, found: list[Entry]) -> Problem:
        offers = " and ".join(f"{entry.full_name} ({entry.distribution} {entry.version})" for entry in found)
        return Problem(
            code="HB202",
            message=f"{kind} {name!r} is offered by more than one plugin: {offers}",
            hint=f"write the full name: {' or '.join(entry.full_name for entry in found)}",
        )

    def _unknown(self, kind: str, name: str) -> Problem:
        plugin_name, slash, _ = name.partition("/")
        message = f"there is no {kind} {name!r}"
        if slash:
            return self._unknown_in_plugin(kind, name, plugin_name, message)
        elsewhere = sorted({one for one, same in self._named if same == name})
        if elsewhere:
            hint = f"{name!r} is a {' and a '.join(elsewhere)}"
        else:
            hint = did_you_mean(name, self.names(kind), f"`hornbook list {kind}` shows those there are")
        return Problem(code="HB201", message=message, hint=hint + self._unusable())

    def _unknown_in_plugin(self, kind: str, name: str, plugin_name: str, message: str) -> Problem:
        plugin = next((plugin for plugin in self.plugins if plugin.name == plugin_name), None)
        if plugin is None:
            installed = [one.name for one in self.plugins]
            near = did_you_mean(plugin_name, installed, "install the distribution that contributes it")
            ours = f"pip install hornbook-{plugin_name}" if plugin_name in OFFICIAL else ""
            return Problem(
                code="HB203",
                message=f"{message}: no plugin {plugin_name!r} is installed",
                hint=ours or near,
                unavailable=True,
            )
        if plugin.state != "ready":
            from hornbook.discovery.remedies import remedy

            return Problem(
                code="HB204",
                message=f"{message}: the plugin {plugin_name!r} ({plugin.distribution} {plugin.version}) "
                f"is {plugin.state}: {plugin.cause}",
                hint=remedy(plugin),
                unavailable=True,
            )
        own = [one for one in self.names(kind) if one.startswith(f"{plugin_name}/")]
        return Problem(code="HB201", message=message, hint=did_you_mean(name, own, f"it offers {len(own)}"))

    def _unusable(self) -> str:
        unusable = [plugin.name for plugin in self.plugins if plugin.state not in ("ready", "disabled")]
        if not unusable:
            return ""
        return f"; not usable now: {', '.join(unusable)} (`hornbook plugins` tells why)"


_latest = Catalog(())


def catalog() -> Catalog:
    """The catalog of what is installed now."""
    global _latest
    from hornbook.discovery.discover import plugins

    found = plugins()
    if found is not _latest.plugins:
        _latest = Catalog(found)
    return _latest
