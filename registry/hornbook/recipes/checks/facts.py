"""References to facts that this run will not know."""

from collections.abc import Iterator
from typing import Any

from hornbook.problem import Problem
from hornbook.recipes.checks.known import Known
from hornbook.recipes.references import Fact
from hornbook.recipes.use import Use

OF_CLASSES = ("data.classes", "data.class_names")


def facts(known: Known) -> Iterator[Problem]:
    """Find parameters that take a fact which no run of this recipe can provide.

    Args:
        known: The recipe, and what is known of its run.

    Yields:
        HB303.
    """
    for use in known.recipe.data.within():
        for parameter, fact in _referring(use):
            message = (
                f"the parameter {parameter!r} of {_named(use)} takes {fact}, which follows from the data"
            )
            yield known.problem("HB303", "error", message, f"give {parameter!r} a value", use, parameter)
    if known.data.get("labels") not in ("real", "none"):
        return
    for use in known.recipe.uses():
        if use.entry.kind == "dataset":
            continue
        for parameter, fact in _referring(use):
            if fact.name in OF_CLASSES:
                message = (
                    f"the parameter {parameter!r} of {_named(use)} takes {fact}, and the data has no classes"
                )
                yield known.problem("HB303", "error", message, f"give {parameter!r} a value", use, parameter)


def _referring(use: Use) -> Iterator[tuple[str, Fact]]:
    for parameter, value in use.parameters.items():
        if isinstance(value, (Fact, list, tuple, dict)):
            yield from ((parameter, fact) for fact in _facts(value))


def _facts(value: Any) -> Iterator[Fact]:
    """The facts in a value, but for those within components, which are looked at themselves."""
    if isinstance(value, Fact):
        yield value
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from _facts(one)
    elif isinstance(value, dict):
        for one in value.values():
            yield from _facts(one)


def _named(use: Use) -> str:
    return f"{use.entry.kind} {use.entry.name!r}"
