"""Plugin records as JSON and back, for the index and between processes."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any

from hornbook.component import Component, Parameter
from hornbook.discovery.plugin import Command, EntryPoint, Plugin

Data = dict[str, Any]

_COMPONENT = [field.name for field in fields(Component) if field.name != "parameters"]
_PARAMETER = [field.name for field in fields(Parameter)]
_TUPLES = ("aliases", "tags", "backends")
_PLAIN = ("state", "stage", "cause", "hooks", "recipes", "tracking", "import_seconds", "heavy", "sources")


class StoredParameters(Mapping[str, Parameter]):
    """Parameters that are read from their line of the index when somebody asks; most are never asked for.

    Args:
        lines: Gives the lines of the index, of which one is what `encode_parameters` makes, as JSON.
        number: Which of them.
    """

    __slots__ = ("_lines", "_number", "_read")

    def __init__(self, lines: Callable[[], Sequence[bytes]], number: int) -> None:
        self._lines, self._number = lines, number
        self._read: dict[str, Parameter] | None = None

    @property
    def line(self) -> bytes:
        """The line that they are read from."""
        return self._lines()[self._number]

    def _all(self) -> dict[str, Parameter]:
        if self._read is None:
            self._read = decode_parameters(json.loads(self.line))
        return self._read

    def __getitem__(self, name: str) -> Parameter:
        return self._all()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def __repr__(self) -> str:
        return repr(self._all())


def encode(plugin: Plugin) -> Data:
    """A plugin as plain data, its components with their parameters."""
    components = [
        encode_component(component) | {"parameters": encode_parameters(component)}
        for component in plugin.components
    ]
    return encode_without_components(plugin) | {"components": components}


def encode_without_components(plugin: Plugin) -> Data:
    """What is known of a plugin but for its components."""
    commands = [asdict(command) for command in plugin.commands]
    plain = {name: getattr(plugin, name) for name in _PLAIN}
    return {"entry": asdict(plugin.entry), "commands": commands, **plain}


def encode_component(component: Component) -> Data:
    """A component without its parameters, leaving out what is empty."""
    return _without_empty({name: getattr(component, name) for name in _COMPONENT})


def encode_parameters(component: Component) -> list[Data]:
    """The parameters of a component, leaving out what is empty."""
    return [
        _without_empty({name: getattr(parameter, name) for name in _PARAMETER})
        for parameter in component.parameters.values()
    ]


def _without_empty(record: Data) -> Data:
    """What says something: a default is kept even when it is empty, a bound even when it is 0."""
    return {
        key: value
        for key, value in record.items()
        if key == "default"
        or not (value is None or value is False or (hasattr(value, "__len__") and not value))
    }


def decode_entry(data: Mapping[str, Any]) -> EntryPoint:
    """An entry point from plain data."""
    return EntryPoint(**{**data, "requires": tuple(data["requires"])})


def decode_component(data: Data, parameters: Mapping[str, Parameter]) -> Component:
    """A component from plain data and its parameters."""
    for key in _TUPLES:
        if key in data:
            data[key] = tuple(data[key])
    data["parameters"] = parameters
    return Component(**data)


def decode_parameters(data: Iterable[Data]) -> dict[str, Parameter]:
    """Parameters from plain data."""
    return {
        parameter["name"]: Parameter(**(parameter | {"choices": tuple(parameter.get("choices", ()))}))
        for parameter in data
    }


def decode_plugin(data: Data, components: Iterable[Component]) -> Plugin:
    """A plugin from plain data and its components."""
    return Plugin(
        entry=decode_entry(data["entry"]),
        state=data["state"],
        stage=data["stage"],
        cause=data["cause"],
        hooks=tuple(data["hooks"]),
        components=tuple(components),
        recipes=tuple(data["recipes"]),
        commands=tuple(Command(**command) for command in data["commands"]),
        tracking=tuple(data["tracking"]),
        import_seconds=data["import_seconds"],
        heavy=tuple(data["heavy"]),
        sources=tuple((path, stamp) for path, stamp in data["sources"]),
    )


def decode(data: Data) -> Plugin:
    """A plugin from plain data.

    Raises:
        Exception: Of any kind where the data is not what `encode` writes.
    """
    components = (
        decode_component(component, decode_parameters(component["parameters"]))
        for component in data["components"]
    )
    return decode_plugin(data, components)
