"""Which plugins are installed, read from metadata on disk. Imports no plugin."""

import hashlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from hornbook.discovery.plugin import EntryPoint
from hornbook.hooks import GROUP


def installed() -> tuple[str, list[tuple[Path, int]]]:
    """Every distribution's metadata folder on the import path, and a fingerprint of them all.

    Returns:
        A fingerprint that changes whenever anything is installed, upgraded or removed; and the
        folders, each with its modification time, in the order of the import path.
    """
    folders = [found for root in dict.fromkeys(sys.path) for found in _metadata_folders(root)]
    digest = hashlib.sha256(repr((sys.version_info[:3], folders)).encode()).hexdigest()
    return digest, [(Path(path), stamp) for path, stamp in folders]


def _metadata_folders(root: str) -> Iterator[tuple[str, int]]:
    try:
        with os.scandir(root or ".") as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                if entry.name.endswith((".dist-info", ".egg-info")):
                    yield entry.path, entry.stat().st_mtime_ns
    except OSError:
        return


def entry_points(folders: list[tuple[Path, int]]) -> list[EntryPoint]:
    """The plugins that the distributions name.

    Args:
        folders: Metadata folders, as `installed` gives them; the first of a distribution counts.

    Returns:
        An entry point for each plugin, ordered by name. Where metadata cannot be read, one that bears
        the folder's name and the fault.
    """
    found: list[EntryPoint] = []
    seen: set[str] = set()
    for folder, stamp in folders:
        name = folder.name.rpartition(".")[0].partition("-")[0]
        if name.lower() in seen:
            continue
        seen.add(name.lower())
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
    for point in points:
        yield EntryPoint(
            name=point.name,
            module=point.value,
            distribution=metadata["Name"],
            version=metadata["Version"],
            requires=tuple(distribution.requires or ()),
            location=str(folder),
            stamp=stamp,
        )
