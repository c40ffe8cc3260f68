"""Dependencies: what is installed, in which version, and what that requires in turn."""

import json
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from hornbook.discovery.distributions import metadata_folders
from hornbook.discovery.requirements import applies, normal

_FIELD = re.compile(r"^(Version|Requires-Dist): *(.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Installed:
    """A distribution that is installed.

    Args:
        version: Its version.
        required: The names of the distributions that it requires here; extras aside.
        editable: Whether its code may change without its version.
    """

    version: str
    required: tuple[str, ...]
    editable: bool


def installed(names: Iterable[str]) -> dict[str, Installed]:
    """Distributions by name, in the order that is given; what is not installed is left out."""
    stamp = _stamp()
    return {name: one for name in names if (one := _found(name, stamp))}


def in_play(roots: Iterable[str]) -> dict[str, Installed]:
    """Distributions and all that they require.

    Args:
        roots: Names of distributions; what is not installed is left out.

    Returns:
        The distributions by their normal names, ordered.
    """
    stamp = _stamp()
    found: dict[str, Installed] = {}
    waiting = list(roots)
    while waiting:
        name = normal(waiting.pop())
        if name not in found and (one := _found(name, stamp)) is not None:
            found[name] = one
            waiting += one.required
    return dict(sorted(found.items()))


def _stamp() -> int:
    """A number that is another one whenever something was installed or removed."""
    return hash(tuple(_metadata(root, _changed(Path(root))) for root in dict.fromkeys(sys.path)))


def _changed(folder: Path) -> int:
    try:
        return folder.stat().st_mtime_ns
    except OSError:
        return 0


@lru_cache(100)
def _metadata(root: str, changed: int) -> tuple[tuple[str, int], ...]:
    return tuple(metadata_folders(root))


@lru_cache(1000)  # a sweep asks for the same ones in every trial, some sixty each
def _found(name: str, stamp: int) -> Installed | None:
    """A distribution, if it is installed; of its metadata only the head is read, which is quick."""
    try:
        found = distribution(name)
    except (PackageNotFoundError, ValueError):
        return None
    head = (found.read_text("METADATA") or found.read_text("PKG-INFO") or "").partition("\n\n")[0]
    fields = _FIELD.findall(head)
    version = next((value.strip() for field, value in fields if field == "Version"), "")
    requirements = (value for field, value in fields if field == "Requires-Dist")
    required = tuple(other for one in requirements if (other := _required(one)))
    return Installed(version, required, _is_editable(found))


@cache
def _required(requirement: str) -> str | None:
    """The name that a requirement requires here, if it does; extras aside."""
    from packaging.requirements import InvalidRequirement, Requirement

    try:
        parsed = Requirement(requirement)
    except InvalidRequirement:
        return None
    return parsed.name if applies(parsed) else None


def _is_editable(found: Distribution) -> bool:
    try:
        origin = json.loads(found.read_text("direct_url.json") or "{}")
        return bool(origin.get("dir_info", {}).get("editable", False))
    except (ValueError, AttributeError):
        return False
