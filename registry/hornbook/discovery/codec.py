"""Plugin records as JSON and back, for the index and between processes."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from hornbook.component import Component, Parameter
from hornbook.discovery.plugin import Command, EntryPoint, Plugin

_COMPONENT = {field.name for field in fields(Component)}
_TUPLES = ("aliases", "tags", "backends")


def encode(plugin: Plugin) -> dict[str, Any]:
    """A plugin as plain data, leaving out what is empty."""
    data = asdict(plugin)
    data["components"] = [_lean(component) for component in data["components"]]
    return data


def _lean(component: dict[str, Any]) -> dict[str, Any]:
    parameters = [_without_empty(parameter) for parameter in component["parameters"].values()]
    return _without_empty(component) | {"parameters": parameters}


def _without_empty(record: dict[str, Any]) -> dict[str, Any]:
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


def decode_component(data: Mapping[str, Any]) -> Component:
    """A component from plain data.

    Raises:
        Exception: Of any kind where the data is not what `encode` writes.
    """
    given = {key: value for key, value in data.items() if key in _COMPONENT}
    given.update({key: tuple(given[key]) for key in _TUPLES if key in given})
    given["parameters"] = {
        parameter["name"]: Parameter(**{**parameter, "choices": tuple(parameter.get("choices", ()))})
        for parameter in data["parameters"]
    }
    return Component(**given)


def decode(data: Mapping[str, Any]) -> Plugin:
    """A plugin from plain data.

    Raises:
        Exception: Of any kind where the data is not what `encode` writes.
    """
    return Plugin(
        entry=decode_entry(data["entry"]),
        state=data["state"],
        stage=data["stage"],
        cause=data["cause"],
        hooks=tuple(data["hooks"]),
        components=tuple(decode_component(component) for component in data["components"]),
        recipes=tuple(data["recipes"]),
        commands=tuple(Command(**command) for command in data["commands"]),
        tracking=tuple(data["tracking"]),
        import_seconds=data["import_seconds"],
        sources=tuple((path, stamp) for path, stamp in data["sources"]),
    )
