"""Whether a component is written down rightly. Pure: looks at the record, loads nothing."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from hornbook.component import FACTS, KINDS, Component, Parameter
from hornbook.discovery.limits import LONGEST_NAME, LONGEST_TEXT
from hornbook.discovery.signature import is_plain

NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
TARGET = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*\Z")
LABELS = ("one_hot", "integer", "binary", "signed", "real", "input", "none", None)

_TEXTS = ("summary", "reference", "since", "replaced_by")
_LISTS = ("aliases", "tags", "backends")
_MAPPINGS = ("defaults", "provided", "parameters", "facts")


def faults(component: Component, packages: Collection[str]) -> Iterator[str]:
    """What is wrong with a component's declaration.

    Args:
        component: Anything that a plugin yielded.
        packages: The top-level packages in which the plugin's targets may live.

    Yields:
        One sentence a fault.
    """
    if not isinstance(component, Component):
        yield f"it yields {type(component).__name__} where a Component is due; use hornbook.declare"
        return
    named = f"{component.kind} {component.name!r}"
    ill_formed = list(_ill_formed(component))
    if ill_formed:
        yield from (f"{named}: {fault}" for fault in ill_formed)
        return
    if component.kind not in KINDS:
        yield f"{named}: there is no kind {component.kind!r}; kinds are {', '.join(KINDS)}"
    for name in (component.name, *component.aliases):
        if not NAME.match(name):
            yield f"{named}: the name {name!r} is not snake_case"
    for name in (component.name, *component.aliases, *component.tags, component.target):
        if len(name) > LONGEST_NAME:
            yield f"{shortened(name, 40)!r} is longer than {LONGEST_NAME} characters"
    if not TARGET.match(component.target):
        yield f"{named}: the target {component.target!r} is not of the form 'package.module:Attribute'"
    elif (top := component.target.partition(".")[0].partition(":")[0]) not in packages:
        yield (
            f"{named}: the target {component.target!r} lies in {top!r}, which is neither the plugin's own "
            "package, nor Keras, nor of a distribution that the plugin requires"
        )
    if component.labels not in LABELS:
        yield f"{named}: there is no label form {component.labels!r}"
    for parameter, fact in component.provided.items():
        if fact not in FACTS:
            yield f"{named}: {parameter!r} is to be provided with {fact!r}, which no run knows"
    for parameter, facts in component.parameters.items():
        if facts.kind is not None and facts.kind not in KINDS:
            yield f"{named}: the parameter {parameter!r} takes a {facts.kind!r}, which is no kind"


def _ill_formed(component: Component) -> Iterator[str]:
    """What is not even of the right type, so that nothing more can be asked of it."""
    for field in ("kind", "name", "target", *_TEXTS):
        if not isinstance(getattr(component, field), str):
            yield f"its {field} is not text"
    for field in _LISTS:
        listed = getattr(component, field)
        if not (isinstance(listed, tuple) and all(isinstance(one, str) for one in listed)):
            yield f"its {field} are not a list of names"
    for field in _MAPPINGS:
        said = getattr(component, field)
        if not (isinstance(said, Mapping) and all(isinstance(key, str) for key in said)):
            yield f"its {field} are not a mapping from names"
        elif field != "parameters" and not is_plain(said):
            yield f"its {field} are not plain data: names, and numbers, text, lists or mappings"
        elif field == "parameters":
            for name, parameter in said.items():
                if not isinstance(parameter, Parameter):
                    yield f"what is said of the parameter {name!r} is not a Parameter"
                elif not is_plain([*parameter.choices, parameter.minimum, parameter.maximum]):
                    yield f"the bounds or choices of the parameter {name!r} are not plain data"


def trimmed(component: Component) -> Component:
    """A component whose texts are no longer than anybody reads, and whose parameters know their names.

    Args:
        component: One without faults.
    """
    texts: dict[str, Any] = {field: shortened(getattr(component, field), LONGEST_TEXT) for field in _TEXTS}
    parameters = {
        name: replace(parameter, name=name, description=shortened(parameter.description, LONGEST_TEXT))
        for name, parameter in component.parameters.items()
    }
    return replace(component, **texts, parameters=parameters)


def shortened(text: str, longest: int) -> str:
    """A text cut to some characters, with `…` where something is missing."""
    return text if len(text) <= longest else text[: longest - 1] + "…"
