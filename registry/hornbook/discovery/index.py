"""The index: what inspection found, kept in the user's cache directory so that reading commands need no import.

The index is a convenience, never a condition: missing, stale, damaged or unwritable, it is made anew or
done without.
"""

import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any

from hornbook.discovery.codec import decode, encode
from hornbook.discovery.plugin import EntryPoint, Plugin

FORMAT = 1


def location() -> Path:
    """The index file of this Python environment."""
    from platformdirs import user_cache_path

    environment = sha256(f"{sys.prefix} {sys.version}".encode()).hexdigest()[:12]
    return user_cache_path("hornbook", appauthor=False) / f"index-{environment}.json"


def current(
    fingerprint: str, entries: Callable[[], Iterable[EntryPoint]], inspect: Callable[..., Iterable[Plugin]]
) -> list[Plugin]:
    """The plugins, from the index as far as it is fresh.

    Args:
        fingerprint: Of all that is installed.
        entries: Finds the entry points; called only when something has changed.
        inspect: Inspects the plugins whose entry points it is given.

    Returns:
        The inspected plugins, ordered as `entries` orders them.
    """
    file, inspector = location(), _inspector()
    stored = _read(file)
    if stored.get("inspector") != inspector:
        stored = {}
    plugins = [plugin for data in stored.get("plugins", ()) if (plugin := _decoded(data)) is not None]
    whole = stored.get("fingerprint") == fingerprint and len(plugins) == len(stored["plugins"])
    fresh = [plugin for plugin in plugins if untouched(plugin)]
    if whole and len(fresh) == len(plugins):
        return fresh
    keras = _keras()
    comparable = stored.get("keras") == keras
    # What was not ready may be now that something else is installed, so it is looked at again.
    known = {plugin.entry: plugin for plugin in fresh if comparable and plugin.state == "ready"}
    points = list(entries())
    missing = [point for point in points if point not in known]
    found = known | {plugin.entry: plugin for plugin in inspect(missing)}
    inspected = [found[point] for point in points if point in found]
    made = {"format": FORMAT, "fingerprint": fingerprint, "inspector": inspector, "keras": keras}
    _write(file, made | {"plugins": inspected})
    return inspected


def _read(file: Path) -> dict[str, Any]:
    try:
        stored = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    usable = isinstance(stored, dict) and stored.get("format") == FORMAT
    return stored if usable and isinstance(stored.get("plugins"), list) else {}


def _decoded(data: Any) -> Plugin | None:
    try:
        return decode(data)
    except Exception:  # a foreign or damaged entry, whatever is wrong with it, is inspected again
        return None


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
    text = json.dumps(content | {"plugins": [encode(plugin) for plugin in content["plugins"]]})
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=file.parent, delete=False, encoding="utf-8") as beside:
            beside.write(text)
        Path(beside.name).replace(file)
    except OSError:
        return
