"""Which plugins are installed, read from metadata on disk. Imports no plugin."""

import os
import re
import sys
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hornbook.discovery.plugin import EntryPoint
from hornbook.discovery.requirements import normal
from hornbook.hooks import GROUP

if TYPE_CHECKING:
    import importlib.metadata

_NAME = r"[a-z][a-z0-9_-]{0,99}"
_MODULE = r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*"


def installed() -> tuple[str, list[tuple[str, int]]]:
    """Every distribution's metadata folder on the import path, and a fingerprint of them all.

    Returns:
        A fingerprint that changes whenever anything is installed, upgraded or removed; and the
        folders, each with its modification time, in the order of the import path.
    """
    folders = [found for root in dict.fromkeys(sys.path) for found in metadata_folders(root)]
    stamps = sum(stamp for _, stamp in folders)
    checksum = zlib.crc32(repr((sys.version_info[:3], folders)).encode(errors="surrogateescape"))
    return f"{len(folders)}-{stamps}-{checksum}", folders


def metadata_folders(root: str) -> Iterator[tuple[str, int]]:
    """The metadata folders in a folder of the import path, ordered by name, each with its modification time."""
    try:
        with os.scandir(root or ".") as entries:
            metadata = sorted((entry.name, entry) for entry in entries if _holds_metadata(entry.name))
            for _, entry in metadata:
                with suppress(OSError):  # a link that leads nowhere, or what pip takes away at this moment
                    yield entry.path, entry.stat().st_mtime_ns
    except OSError:
        return


def _holds_metadata(name: str) -> bool:
    """Whether a folder is a distribution's; those with a `~` are what pip leaves of upgrades that broke off."""
    return name.endswith((".dist-info", ".egg-info")) and not name.startswith("~")


def entry_points(folders: list[tuple[str, int]]) -> list[EntryPoint]:
    """The plugins that the distributions name.

    Args:
        folders: Metadata folders, as `installed` gives them; the first of a distribution counts.

    Returns:
        An entry point for each plugin, ordered by name. Where metadata cannot be read, one that bears
        the folder's name and the fault.
    """
    found: list[EntryPoint] = []
    seen: set[str] = set()
    for path, stamp in folders:
        folder = Path(path)
        name = folder.name.rpartition(".")[0].partition("-")[0]
        if normal(name) in seen:
            continue
        seen.add(normal(name))
        if not (folder / "entry_points.txt").is_file():
            continue
        try:
            found.extend(_read(folder, stamp))
        except Exception as error:  # metadata is anybody's text: whatever it does, the rest goes on
            fault = f"its metadata cannot be read: {error}"
            found.append(EntryPoint(name, "", name, "", location=str(folder), stamp=stamp, fault=fault))
    return sorted(found, key=lambda point: (point.name, point.distribution))


def _read(folder: Path, stamp: int) -> Iterator[EntryPoint]:
    from importlib.metadata import PathDistribution  # slow to import, and rarely needed

    distribution = PathDistribution(folder)
    points = distribution.entry_points.select(group=GROUP)
    if not points:
        return
    metadata = distribution.metadata
    directory = folder.name.rpartition(".")[0].partition("-")
    for point in dict.fromkeys(points):
        yield EntryPoint(
            name=point.name,
            module=point.value,
            distribution=metadata["Name"] or directory[0],
            version=metadata["Version"] or directory[2],
            requires=tuple(distribution.requires or ()),
            location=str(folder),
            stamp=stamp,
            fault=_fault(point, metadata),
        )


def _fault(point: "importlib.metadata.EntryPoint", metadata: Any) -> str:
    """Why an entry point cannot be used; empty when it can."""
    if not (metadata["Name"] and metadata["Version"]):
        return "its metadata lacks the name or the version of the distribution"
    if not re.fullmatch(_NAME, point.name):
        return f"the plugin name {point.name!r} is not made of small letters, digits, - and _"
    if not re.fullmatch(_MODULE, point.value):
        return f"its entry point is {point.value!r}, which is not the name of a module"
    return ""
