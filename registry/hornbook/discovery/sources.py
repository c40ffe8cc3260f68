"""The files that a plugin is made of, so that an edited one is read again at the next command."""

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

from hornbook.discovery.limits import MOST_SOURCES
from hornbook.discovery.plugin import EntryPoint

Source = tuple[str, int]
"""A file and its modification time in nanoseconds."""


def sources(entry: EntryPoint, others: Iterable[str] = ()) -> tuple[Source, ...]:
    """The Python files of a plugin. Imports nothing.

    Args:
        entry: The plugin's entry point, whose top-level package is looked through.
        others: More top-level packages of the same distribution.

    Returns:
        Each file with its modification time; the first few hundred.
    """
    found: list[Source] = []
    for package in dict.fromkeys((entry.module.partition(".")[0], *sorted(others))):
        for file in _files(package):
            if len(found) == MOST_SOURCES:
                break
            with suppress(OSError):
                found.append((str(file), file.stat().st_mtime_ns))
    return tuple(found)


def _files(package: str) -> Iterator[Path]:
    try:
        # A module that failed to import is not there, but its file is.
        spec = getattr(sys.modules.get(package), "__spec__", None) or find_spec(package)
    except Exception:  # names that are none, and finders of another distribution's making
        return
    if spec is None:
        return
    folders = [Path(folder) for folder in spec.submodule_search_locations or ()]
    for folder in folders:
        yield from sorted(folder.rglob("*.py"))
    if not folders and spec.has_location:
        yield Path(str(spec.origin))


def untouched(found: Iterable[Source]) -> bool:
    """Whether files are as they were.

    Args:
        found: Files with their modification times, as `sources` gives them.
    """
    try:
        return all(os.stat(path).st_mtime_ns == stamp for path, stamp in found)  # noqa: PTH116
    except (OSError, ValueError):
        return False
