"""Whether a component is written down rightly. Pure: looks at the record, loads nothing."""

import re
from collections.abc import Collection, Iterator

from hornbook.component import FACTS, KINDS, Component, Parameter

NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
TARGET = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*\Z")
LABELS = ("one_hot", "integer", "binary", "signed", "real", "input", "none", None)


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
    if component.kind not in KINDS:
        yield f"{named}: there is no kind {component.kind!r}; kinds are {', '.join(KINDS)}"
    for name in (component.name, *component.aliases):
        if not (isinstance(name, str) and NAME.match(name)):
            yield f"{named}: the name {name!r} is not snake_case"
    if not (isinstance(component.target, str) and TARGET.match(component.target)):
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
        if not isinstance(facts, Parameter):
            yield f"{named}: what is said of the parameter {parameter!r} is not a Parameter"
        elif facts.kind is not None and facts.kind not in KINDS:
            yield f"{named}: the parameter {parameter!r} takes a {facts.kind!r}, which is no kind"
