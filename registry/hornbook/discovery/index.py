"""The index: what inspection found, kept in the user's cache directory so that reading commands need no import.

The index is a convenience, never a condition: missing, stale, damaged or unwritable, it is made anew or
done without.
"""

import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Any

from hornbook.discovery.codec import decode, decode_entry, encode
from hornbook.discovery.plugin import EntryPoint, Plugin

FORMAT = 1


def location() -> Path:
    """The index file of this Python environment."""
    from platformdirs import user_cache_path

    environment = sha256(f"{sys.prefix} {sys.version}".encode()).hexdigest()[:12]
    return user_cache_path("hornbook", appauthor=False) / f"index-{environment}.json"


def current(
    fingerprint: str,
    entries: Callable[[], Iterable[EntryPoint]],
    inspect: Callable[[Sequence[EntryPoint]], Iterable[Plugin]],
    admitted: Callable[[EntryPoint], bool],
) -> list[Plugin]:
    """The plugins, from the index as far as it is fresh.

    Args:
        fingerprint: Of all that is installed.
        entries: Finds the entry points; called only when something has been installed or removed.
        inspect: Inspects the plugins whose entry points it is given.
        admitted: Whether a plugin may be inspected now. One that may not stays as the index knows it,
            and is `disabled` where it does not.

    Returns:
        A plugin for each entry point, in their order.
    """
    file, inspector = location(), _inspector()
    stored = _read(file)
    unchanged = stored.get("fingerprint") == fingerprint and stored.get("inspector") == inspector
    known = {plugin.entry: plugin for plugin in _decoded(stored.get("plugins")) if untouched(plugin)}
    points = _entries(stored) if unchanged else None
    if points is None:
        points = list(entries())
        known = _still_valid(known) if _comparable(stored, inspector) else {}
        unchanged = False
    missing = [point for point in points if point not in known and admitted(point)]
    if missing or not unchanged:
        known |= {plugin.entry: plugin for plugin in inspect(missing)}
        made = {"format": FORMAT, "fingerprint": fingerprint, "inspector": inspector, "keras": _keras()}
        held = [encode(known[point]) for point in points if point in known]
        _write(file, {**made, "entries": [asdict(point) for point in points], "plugins": held})
    return [known.get(point) or Plugin(entry=point, state="disabled") for point in points]


def _still_valid(known: dict[EntryPoint, Plugin]) -> dict[EntryPoint, Plugin]:
    """What was ready; the rest may be now that something else is installed, so it is looked at again."""
    return {entry: plugin for entry, plugin in known.items() if plugin.state == "ready"}


def _comparable(stored: dict[str, Any], inspector: list[int]) -> bool:
    return stored.get("inspector") == inspector and stored.get("keras") == _keras()


def _entries(stored: dict[str, Any]) -> list[EntryPoint] | None:
    try:
        return [decode_entry(data) for data in stored["entries"]]
    except (KeyError, TypeError):
        return None


def _read(file: Path) -> dict[str, Any]:
    try:
        stored = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    usable = isinstance(stored, dict) and stored.get("format") == FORMAT
    return stored if usable and isinstance(stored.get("plugins"), list) else {}


def _decoded(plugins: Any) -> Iterator[Plugin]:
    for data in plugins or ():
        # A foreign or damaged entry, whatever is wrong with it, is inspected again.
        with suppress(Exception):
            yield decode(data)


def untouched(plugin: Plugin) -> bool:
    """Whether the files that a plugin was read from are as they were."""
    try:
        return all(os.stat(path).st_mtime_ns == stamp for path, stamp in plugin.sources)  # noqa: PTH116
    except (OSError, ValueError):
        return False


def _inspector() -> list[int]:
    """The code that inspects: edited, it may find something else."""
    return [file.stat().st_mtime_ns for file in sorted(Path(__file__).parent.glob("*.py"))]


def _keras() -> str:
    """Parameters come from Keras, so another Keras makes every finding stale."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("keras")
    except PackageNotFoundError:
        return ""


def _write(file: Path, content: dict[str, Any]) -> None:
    """Write beside, then rename: whoever reads at the same time sees the old index or the new one."""
    text = json.dumps(content)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=file.parent, delete=False, encoding="utf-8") as beside:
            beside.write(text)
        Path(beside.name).replace(file)
    except OSError:
        return
