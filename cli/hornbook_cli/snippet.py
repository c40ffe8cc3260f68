"""How a recipe uses a component: a few lines to copy."""

from typing import Any

from hornbook.catalog import Catalog, Entry
from hornbook.component import Parameter
from hornbook_cli.writing import inline

_COMMON = frozenset({"name", "dtype", "reduction", "axis", "trainable", "autocast", "seed", "data_format"})
"""Parameters that most components have, which show nothing of this one."""
_MOST = 2


def snippet(entry: Entry, catalog: Catalog) -> list[str]:
    """The lines of a recipe that use a component.

    Args:
        entry: The component.
        catalog: The components there are, which tell whether the bare name means this one.

    Returns:
        YAML lines. What must be filled in is written `…`.
    """
    bare = catalog.find(entry.kind, entry.name) is entry
    use = {"use": entry.name if bare else entry.full_name} | _parameters(entry)
    written = inline(use) if len(use) > 1 else str(use["use"])
    return {
        "loss": [f"loss: {written}"],
        "optimizer": [f"optimizer: {written}"],
        "scheduler": ["optimizer:", "  use: adam", f"  learning_rate: {written}"],
        "augmenter": [f"augment: [{written}]"],
        "layer": ["model:", f"  - {written}"],
        "metric": [f"metrics: [{written}]"],
        "activation": ["model:", f"  - {{use: dense, units: 64, activation: {written}}}"],
        "initializer": ["model:", f"  - {{use: dense, units: 64, kernel_initializer: {written}}}"],
        "regularizer": ["model:", f"  - {{use: dense, units: 64, kernel_regularizer: {written}}}"],
        "constraint": ["model:", f"  - {{use: dense, units: 64, kernel_constraint: {written}}}"],
        "callback": [f"callbacks: [{written}]"],
        "dataset": [f"data: {inline(use | {'validation': 0.2})}"],
        "model": [f"model: {written}"],
    }[entry.kind]


def _parameters(entry: Entry) -> dict[str, Any]:
    """What must be given, and where that is nothing the first few that characterize the component."""
    component = entry.component
    mine = [one for one in component.parameters.values() if one.name not in component.provided]
    required = {one.name: _Blank() for one in mine if one.required}
    telling = [one for one in mine if one.name not in _COMMON and _plain(one)]
    return required or {one.name: one.default for one in telling[:_MOST]}


def _plain(parameter: Parameter) -> bool:
    value = parameter.default
    return not parameter.required and not parameter.opaque and isinstance(value, (bool, int, float))


class _Blank(float):
    """Something to fill in."""

    def __repr__(self) -> str:
        return "…"
