"""Everything that Keras exports is offered by name, or left out for a reason that is written down."""

import importlib
import inspect
import runpy
from pathlib import Path
from typing import Any

import pytest

import hornbook
from hornbook.component import KINDS

EXCLUDED: dict[str, dict[str, str]] = runpy.run_path(str(Path(__file__).with_name("keras_exclusions.py")))[
    "EXCLUDED"
]


def load(target: str) -> Any:
    module, _, attribute = target.partition(":")
    return getattr(importlib.import_module(module), attribute)


NAMESPACES = (
    "keras.losses",
    "keras.optimizers",
    "keras.optimizers.schedules",
    "keras.metrics",
    "keras.callbacks",
    "keras.layers",
    "keras.activations",
    "keras.initializers",
    "keras.regularizers",
    "keras.constraints",
)
ENTRIES = [entry for entry in hornbook.components() if entry.kind not in ("dataset", "model")]
POINTING = [entry for entry in ENTRIES if entry.component.target.startswith("keras.")]
OFFERED = {id(inspect.unwrap(load(entry.component.target))) for entry in ENTRIES}
"""The objects that components lead to, seen through `functools.wraps`."""


def exported(namespace: str) -> dict[str, Any]:
    """What a namespace is for: its functions in `keras.activations`, its classes elsewhere."""
    wanted = inspect.isfunction if namespace == "keras.activations" else inspect.isclass
    return dict(inspect.getmembers(importlib.import_module(namespace), wanted))


@pytest.mark.parametrize("namespace", NAMESPACES)
def test_each_export_is_offered_or_left_out_for_a_reason(namespace: str) -> None:
    names = exported(namespace)
    excluded = {id(names[name]) for name in EXCLUDED[namespace] if name in names}
    forgotten = [name for name, one in names.items() if id(one) not in OFFERED | excluded]
    assert forgotten == []


@pytest.mark.parametrize("namespace", NAMESPACES)
def test_no_reason_outlives_what_it_is_about(namespace: str) -> None:
    names = exported(namespace)
    gone = [name for name in EXCLUDED[namespace] if name not in names]
    offered = [name for name in EXCLUDED[namespace] if id(names.get(name)) in OFFERED]
    assert (gone, offered) == ([], [])
    assert all(EXCLUDED[namespace].values())


@pytest.mark.parametrize("entry", POINTING, ids=lambda entry: f"{entry.kind}:{entry.full_name}")
def test_what_is_pointed_at_in_keras_is_of_its_kind(entry: Any) -> None:
    target = load(entry.component.target)
    if inspect.isclass(target) and KINDS[entry.kind].called:
        assert issubclass(target, load(KINDS[entry.kind].type))
    else:
        assert inspect.isfunction(target)
        assert entry.kind == "activation"


def test_reasons_are_given_for_what_is_looked_at() -> None:
    assert set(EXCLUDED) == set(NAMESPACES)
