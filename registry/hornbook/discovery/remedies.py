"""What to type when a plugin cannot be used."""

from collections.abc import Iterable
from typing import NamedTuple

from hornbook.discovery.plugin import Plugin
from hornbook.discovery.requirements import applies, installing


class Unmet(NamedTuple):
    """A requirement that is not met.

    Args:
        requirement: As the distribution's metadata writes it, without conditions.
        installed: The version that is installed instead; empty where there is none.
    """

    requirement: str
    installed: str

    def __str__(self) -> str:
        state = f"{self.installed} is" if self.installed else "it is not"
        return f"{self.requirement}, and {state} installed"


def remedy(plugin: Plugin) -> str:
    """What to type so that a plugin can be used, or is out of the way.

    Args:
        plugin: A plugin in whatever state.

    Returns:
        A command and what else can be done; empty where the plugin is ready.
    """
    distribution = plugin.distribution
    aside = f"or leave it out: HORNBOOK_DISABLE={plugin.name}"
    if plugin.state == "ready":
        return ""
    if plugin.state == "disabled":
        return f"name {plugin.name} there, or no longer leave it out there, to have it back"
    if plugin.state == "incompatible":
        return f"pip install --upgrade {distribution} hornbook-registry, {aside}"
    if plugin.state == "conflicting":
        return f"pip uninstall {distribution}, or the other one"
    missing = unmet(plugin.entry.requires)
    if missing:
        return installing(*(one.requirement for one in missing))
    if plugin.stage == "metadata":
        return f"pip install --force-reinstall {distribution}, {aside}"
    if "not done within" in plugin.cause:
        return f"HORNBOOK_INSPECTION_SECONDS=120 hornbook doctor --refresh, {aside}"
    if "megabytes of memory" in plugin.cause:
        return f"HORNBOOK_INSPECTION_MEGABYTES=8000 hornbook doctor --refresh, {aside}"
    return f"pip install --upgrade {distribution}, {aside}"


def unmet(requires: Iterable[str]) -> list[Unmet]:
    """Which requirements of a distribution are not met by what is installed.

    Args:
        requires: Requirements, as metadata writes them. Those that are none, and those that do not apply
            here, count as met.

    Returns:
        The others, each with what is installed.
    """
    from importlib.metadata import PackageNotFoundError, version

    from packaging.requirements import InvalidRequirement, Requirement

    found = []
    for text in requires:
        try:
            requirement = Requirement(text)
        except InvalidRequirement:
            continue
        if not applies(requirement):
            continue
        requirement.marker = None
        try:
            there = version(requirement.name) or ""
        except PackageNotFoundError:
            there = ""
        if not there or not requirement.specifier.contains(there, prereleases=True):
            found.append(Unmet(str(requirement), there))
    return found
