"""The index: what inspection found, kept in the user's cache directory so that reading commands need no import.

The index is a convenience, never a condition: missing, stale, damaged or unwritable, it is made anew or
done without. Its first line tells of all plugins and components, the others of parameters, a line a component,
so that a thousand components cost little more than ten.
"""

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from functools import cache
from itertools import count
from typing import Any

from hornbook.discovery import storage
from hornbook.discovery.codec import (
    Data,
    StoredParameters,
    decode_component,
    decode_entry,
    decode_plugin,
    encode_component,
    encode_parameters,
    encode_without_components,
)
from hornbook.discovery.plugin import EntryPoint, Plugin
from hornbook.discovery.sources import untouched


@dataclass(frozen=True, slots=True)
class _Stored:
    """What the index holds: findings, and what they were made from."""

    fingerprint: str = ""
    inspector: list[int] = field(default_factory=list)
    keras: str = ""
    entries: list[EntryPoint] = field(default_factory=list)
    plugins: list[Plugin] = field(default_factory=list)


def current(
    fingerprint: str,
    entries: Callable[[], Iterable[EntryPoint]],
    inspect: Callable[[Sequence[EntryPoint]], Iterable[Plugin]],
    admitted: Callable[[EntryPoint], bool],
    refresh: bool = False,
) -> list[Plugin]:
    """The plugins, from the index as far as it is fresh.

    Args:
        fingerprint: Of all that is installed.
        entries: Finds the entry points; called only when something has been installed or removed.
        inspect: Inspects the plugins whose entry points it is given.
        admitted: Whether a plugin may be inspected now. One that may not stays as the index knows it,
            and is `disabled` where it does not.
        refresh: Whether every plugin is inspected anew.

    Returns:
        A plugin for each entry point, in their order.
    """
    stored, inspector = _Stored() if refresh else _read(), _inspector()
    known = {plugin.entry: plugin for plugin in stored.plugins if untouched(plugin.sources)}
    unchanged = stored.fingerprint == fingerprint and stored.inspector == inspector
    if unchanged:
        points = stored.entries
    else:
        points = list(entries())
        # What was ready stays so; the rest may be now that something else is installed.
        comparable = stored.inspector == inspector and stored.keras == _keras()
        known = {one: plugin for one, plugin in known.items() if comparable and plugin.state == "ready"}
    missing = [point for point in points if point not in known and admitted(point)]
    if missing or not unchanged:
        known |= {plugin.entry: plugin for plugin in inspect(missing)}
        held = [known[point] for point in points if point in known]
        storage.write(_text(_Stored(fingerprint, inspector, _keras(), points, held)))
    return [known.get(point) or Plugin(entry=point, state="disabled") for point in points]


def remembered() -> list[Plugin]:
    """The plugins as the index knows them, whether or not that is fresh; for what must not wait."""
    return _read().plugins


def _inspector() -> list[int]:
    """The code that inspects: edited, it may find something else."""
    with os.scandir(os.path.dirname(__file__)) as files:  # noqa: PTH120
        return sorted(file.stat().st_mtime_ns for file in files if file.name.endswith(".py"))


def _keras() -> str:
    """Parameters come from Keras, so another Keras makes every finding stale."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("keras")
    except PackageNotFoundError:
        return ""


def _text(stored: _Stored) -> bytes:
    """The index as text: a line of everything but parameters, then a line of parameters a component."""
    plugins, parameters = [], []
    for plugin in stored.plugins:
        components = [encode_component(component) for component in plugin.components]
        plugins.append(encode_without_components(plugin) | {"components": components})
        parameters += [_parameters(component.parameters, component) for component in plugin.components]
    head = {
        "fingerprint": stored.fingerprint,
        "inspector": stored.inspector,
        "keras": stored.keras,
        "entries": [asdict(entry) for entry in stored.entries],
        "plugins": plugins,
    }
    return b"\n".join([json.dumps(head).encode(), *parameters, b""])


def _parameters(parameters: Any, component: Any) -> bytes:
    if isinstance(parameters, StoredParameters):
        return parameters.line
    return json.dumps(encode_parameters(component)).encode()


def _read() -> _Stored:
    _, content = storage.read()
    lines = cache(lambda: content.split(b"\n"))
    # Whatever is wrong with what is there, it is made anew.
    with suppress(Exception):
        head = json.loads(content[: content.index(b"\n")])
        parameters = (StoredParameters(lines, number) for number in count(1))
        return _Stored(
            head["fingerprint"],
            head["inspector"],
            head["keras"],
            [decode_entry(entry) for entry in head["entries"]],
            [_plugin(data, parameters) for data in head["plugins"]],
        )
    return _Stored()


def _plugin(data: Data, parameters: Iterator[StoredParameters]) -> Plugin:
    components = [decode_component(component, next(parameters)) for component in data["components"]]
    return decode_plugin(data, components)
