"""Use: a component put to use, with a value for every parameter. What names in a recipe are bound to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from hornbook.catalog import Entry
from hornbook.problem import Place


@dataclass(frozen=True, slots=True)
class Use:
    """A component and its parameters.

    Args:
        entry: The component and where it comes from.
        parameters: A value for every parameter that has one: plain data, `Fact`, `Use`, or lists of them.
        defaults: What the constructor itself would take for parameters that are left out.
        place: Where its name was written.
        path: Where it is in the recipe.
        written: Its name as it was written.
        given: The parameters that were written.
    """

    entry: Entry
    parameters: Mapping[str, Any]
    defaults: Mapping[str, Any] = field(default_factory=dict, compare=False)
    place: Place | None = field(default=None, compare=False)
    path: str = field(default="", compare=False)
    written: str = field(default="", compare=False)
    given: frozenset[str] = field(default=frozenset(), compare=False)

    @property
    def arguments(self) -> dict[str, Any]:
        """The parameters that must be handed to the target: those that are not its own defaults."""
        return {
            name: value
            for name, value in self.parameters.items()
            if name not in self.defaults or not _same(self.defaults[name], value)
        }

    def within(self) -> Iterator["Use"]:
        """This use and every use inside its parameters."""
        yield self
        for value in self.parameters.values():
            if isinstance(value, _HOLDING):
                yield from uses(value)


def _same(default: Any, value: Any) -> bool:
    """Whether a value is the default; an object handed over from Python never is."""
    comparable = value is None or isinstance(value, (bool, int, float, str, list, dict, Use))
    return comparable and type(default) is type(value) and bool(default == value)


def uses(value: Any) -> Iterator[Use]:
    """Every use within a parameter's value."""
    if isinstance(value, Use):
        yield from value.within()
    elif isinstance(value, (dict, list, tuple)):
        for one in value.values() if isinstance(value, dict) else value:
            if isinstance(one, _HOLDING):
                yield from uses(one)


_HOLDING = (Use, dict, list, tuple)
"""What a use may be in; a recipe has thousands of plain values, and is gone through several times."""
