"""Where every value of a frozen recipe comes from: a line, an override, a default, or the run."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Literal

from hornbook.catalog import Entry
from hornbook.problem import Place
from hornbook.recipes.document import MappingNode, Node, SequenceNode
from hornbook.recipes.freezing import plain_value, values
from hornbook.recipes.overrides import read_from
from hornbook.recipes.recipe import Recipe
from hornbook.recipes.references import Fact
from hornbook.recipes.text import parse
from hornbook.recipes.use import Use, uses

Source = Literal["recipe", "base", "override", "default", "provided", "installed"]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where one value comes from.

    Args:
        path: The value's path in the frozen recipe, such as `"optimizer.learning_rate.use"`.
        value: The value, as plain data.
        source: `recipe`, the file itself; `base`, one that it extends; `override`, what was set beside it;
            `default`, of a component or of recipes; `provided`, what the run fills in; `installed`.
        place: Where it was written, if it was.
        supplier: Whose default it is: a distribution and its version, or `"recipes"`.
    """

    path: str
    value: Any
    source: Source
    place: Place | None = None
    supplier: str = ""


def origins(recipe: Recipe, overrides: Sequence[str] = ()) -> list[Origin]:
    """Where every value of a recipe comes from.

    Args:
        recipe: The recipe.
        overrides: Those that it was read with; one that reads a file is told from a base by this.

    Returns:
        An origin for each value, in the order of the frozen recipe. A list without components is one value.
    """
    tracer = _Tracer(
        str(recipe.source), frozenset(str(file) for one in overrides if (file := read_from(one)))
    )
    document = recipe.document
    found: list[Origin] = []
    for key, value in values(recipe).items():
        if key == "resolved":
            found += (Origin(f"{key}.{name}", one, "installed") for name, one in value.items())
        else:
            found += tracer.trace(
                key, value, document.get(key), Origin(key, None, "default", None, "recipes")
            )
    return found


@dataclass(frozen=True, slots=True)
class _Tracer:
    """Follows values and the tree that they were read from side by side.

    Args:
        recipe: The recipe's own file.
        set_files: Files from which overrides read values.
    """

    recipe: str
    set_files: frozenset[str]

    def trace(self, path: str, value: Any, tree: Node | None, otherwise: Origin) -> Iterator[Origin]:
        """The origins of a value and all within it.

        Args:
            path: Where it is.
            value: As `hornbook.recipes.freezing.values` gives it.
            tree: What was written there, if anything was.
            otherwise: Where it comes from if nothing was.
        """
        if isinstance(value, Use):
            yield from self._use(path, value, tree, otherwise)
        elif isinstance(value, Mapping) and value:
            for key, one in value.items():
                inner = tree.get(key) if isinstance(tree, MappingNode) else None
                yield from self.trace(f"{path}.{key}", one, inner, otherwise)
        elif isinstance(value, (list, tuple)) and (any(uses(value)) or _nested(value)):
            for index, one in enumerate(value):
                item = tree.items[index] if isinstance(tree, SequenceNode) else None
                yield from self.trace(f"{path}.{index}", one, item, otherwise)
        else:
            yield replace(self._origin(tree, otherwise), path=path, value=plain_value(value))

    def _use(self, path: str, use: Use, tree: Node | None, otherwise: Origin) -> Iterator[Origin]:
        named = tree.get("use") if isinstance(tree, MappingNode) else tree
        own = self._origin(named, otherwise)
        yield replace(own, path=f"{path}.use", value=use.entry.full_name)
        for name, value in use.parameters.items():
            inner = tree.get(name) if isinstance(tree, MappingNode) else None
            # A metric's name is what the recipe called it.
            metric_name = use.entry.kind == "metric" and name == "name" and value != use.defaults.get(name)
            yield from self.trace(f"{path}.{name}", value, inner, own if metric_name else _default(use, name))

    def _origin(self, tree: Node | None, otherwise: Origin) -> Origin:
        if tree is None or tree.place is None:
            return otherwise
        place = tree.place
        return Origin("", None, self._source(place.source), place)

    def _source(self, source: str) -> Source:
        if source == self.recipe:
            return "recipe"
        return "override" if source.startswith("-s ") or source in self.set_files else "base"


def _nested(value: Sequence[Any]) -> bool:
    return any(isinstance(one, Mapping) for one in value)


def _default(use: Use, name: str) -> Origin:
    """Where a parameter's value comes from when the recipe leaves the parameter out."""
    component = use.entry.component
    if isinstance(use.parameters[name], Fact):
        return Origin("", None, "provided")
    if name not in component.parameters:
        return Origin("", None, "default", None, "recipes")
    supplier = _distribution(use.entry) if name not in component.defaults else _offering(use.entry)
    return Origin("", None, "default", None, supplier)


def _distribution(entry: Entry) -> str:
    """The distribution that holds a component's constructor."""
    return _keras() if entry.component.target.startswith(("keras.", "keras:")) else _offering(entry)


def _offering(entry: Entry) -> str:
    return f"{entry.distribution} {entry.version}"


@cache
def _keras() -> str:
    try:
        return f"keras {version('keras')}"
    except PackageNotFoundError:
        return "keras"


def explained(text: str, found: Sequence[Origin]) -> str:
    """A frozen recipe with a comment behind every value that says where it comes from.

    Args:
        text: The frozen recipe.
        found: The origins of its values.

    Returns:
        YAML text, which reads as the same recipe.
    """
    lines = text.splitlines()
    at = dict(_lines(parse(text, "")))
    begun = set(at.values())
    column = min(_WIDEST, max(len(lines[at[one.path] - 1]) for one in found)) + 2
    above: dict[int, str] = {}
    for one in found:
        line, said = at[one.path], f"# {_said(one, found)}"
        written = lines[line - 1]
        if line + 1 in begun or line == len(lines):
            lines[line - 1] = f"{written.ljust(column - 2)}  {said}"
        else:  # the value goes on below: there is no room behind it
            above[line] = f"{written[: len(written) - len(written.lstrip())]}{said}"
    whole = [part for n, line in enumerate(lines, 1) for part in (above.get(n), line) if part is not None]
    named = [f"# {_shown(Path(file).name)}: {_shown(file)}" for file in _files(found)]
    return "\n".join([*named, *whole]) + "\n"


_WIDEST = 60
"""The column that comments begin in at the latest, but behind a longer line."""


def _lines(tree: Node, path: str = "", place: Place | None = None) -> Iterator[tuple[str, int]]:
    """The line of every value's key, by the value's path."""
    own = place or tree.place
    assert own is not None
    yield path, own.line
    if isinstance(tree, MappingNode):
        for key, value in tree.entries.items():
            yield from _lines(value, f"{path}.{key}" if path else key, tree.keys[key])
    elif isinstance(tree, SequenceNode):
        for index, item in enumerate(tree.items):
            yield from _lines(item, f"{path}.{index}")


def _files(found: Sequence[Origin]) -> list[str]:
    """The files that values were written in, in the order of their first value."""
    files = dict.fromkeys(one.place.source for one in found if one.place and not _typed(one.place))
    return list(files)


def _typed(place: Place) -> bool:
    return place.source.startswith("-s ")


def _shown(text: str) -> str:
    """A text that stays on its line."""
    return "".join(one if one.isprintable() else " " for one in text)


def _said(origin: Origin, found: Sequence[Origin]) -> str:
    if origin.place is not None and _typed(origin.place):
        return _shown(origin.place.source)
    if origin.place is not None:
        name = Path(origin.place.source).name
        ambiguous = sum(Path(file).name == name for file in _files(found)) > 1
        where = f"{_shown(origin.place.source if ambiguous else name)}:{origin.place.line}"
        return {"base": f"base {where}", "override": f"set from {where}"}.get(origin.source, where)
    if origin.source == "default":
        return f"default of {origin.supplier}" if origin.supplier != "recipes" else "default"
    return "provided by the run" if origin.source == "provided" else origin.source
