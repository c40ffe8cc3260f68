"""One short function a kind, for writing components down.

Declaring imports nothing but this module: a target is named, not loaded.

Example:
    >>> from hornbook import declare
    >>> declare.optimizer("nesterov", "keras.optimizers:SGD", defaults={"momentum": 0.9, "nesterov": True}).name
    'nesterov'
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, TypedDict, Unpack

from hornbook.component import Component, LabelForm, Parameter


class Details(TypedDict, total=False):
    """What may be said of a component beside its name and target; see `Component` for each."""

    summary: str
    defaults: Mapping[str, Any]
    provided: Mapping[str, str]
    parameters: Mapping[str, Parameter]
    labels: LabelForm | None
    facts: Mapping[str, Any]
    aliases: Sequence[str]
    reference: str
    tags: Sequence[str]
    backends: Sequence[str]
    since: str
    replaced_by: str


class Declare(Protocol):
    """The shape that every function of this module has."""

    def __call__(self, name: str, target: str, **details: Unpack[Details]) -> Component:
        """Write a component down; see `component`."""


def component(kind: str, name: str, target: str, **details: Unpack[Details]) -> Component:
    """Write a component of any kind down.

    Args:
        kind: One of `hornbook.component.KINDS`.
        name: The component's name, in snake_case.
        target: Where the Python object is, as `"package.module:Attribute"`.
        **details: See `hornbook.component.Component`.

    Returns:
        The component. Whether it is valid is said when its plugin is read, for all of them at once.
    """
    given: dict[str, Any] = dict(details)
    for several in ("aliases", "tags", "backends"):
        if several in given:
            one = given[several]
            given[several] = (one,) if isinstance(one, str) else tuple(one)
    return Component(kind=kind, name=name, target=target, **given)


def _of(kind: str) -> Declare:
    def declare(name: str, target: str, **details: Unpack[Details]) -> Component:
        return component(kind, name, target, **details)

    declare.__name__ = declare.__qualname__ = kind
    declare.__doc__ = f"Write a component of the kind `{kind}` down; see `component` for the arguments."
    return declare


loss = _of("loss")
optimizer = _of("optimizer")
scheduler = _of("scheduler")
augmenter = _of("augmenter")
layer = _of("layer")
metric = _of("metric")
activation = _of("activation")
initializer = _of("initializer")
regularizer = _of("regularizer")
constraint = _of("constraint")
callback = _of("callback")
dataset = _of("dataset")
model = _of("model")
