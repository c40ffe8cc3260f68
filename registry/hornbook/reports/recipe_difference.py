"""What a run's recipe says otherwise than the recipes that it extends, or than its own file: `difference.md`."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hornbook.reports.report import Report, Source, Told
from hornbook.reports.store import Data
from hornbook.reports.text import NOTHING, escaped, inert, table

if TYPE_CHECKING:
    from hornbook.catalog import Catalog
    from hornbook.recipes.document import MappingNode
    from hornbook.recipes.recipe import Recipe
    from hornbook.reports.scene import Scene

MOST_ROWS = 200
_VALUE = 300
"""Characters of a value that are shown."""


def gather(scene: "Scene") -> Data | None:
    """The differences; none where the recipe extends nothing and nothing was overridden."""
    from hornbook.recipes.difference import differences
    from hornbook.recipes.reading import inherited, unchecked

    recipe = scene.session.recipe
    if recipe.source is None or not recipe.source.is_file() or recipe.source == scene.folder.recipe:
        return None
    base = inherited(recipe.source, scene.catalog)
    before, after = _both(base or unchecked(recipe.source, scene.catalog), recipe, scene.catalog)
    found = differences(before, after)
    if not found:
        return None
    rows = [
        {
            "path": one.path,
            "before": _written(one.before),
            "after": _written(one.after),
            "by": _setter(recipe, one.path, one.after, scene.folder.recipe),
        }
        for one in found[:MOST_ROWS]
    ]
    extended = [] if base is None else _extended(recipe.source)
    return {
        "file": recipe.source.name,
        "extends": extended,
        "rows": rows,
        "more": len(found) - len(rows),
    }


def _both(
    base: "MappingNode", recipe: "Recipe", known: "Catalog"
) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Both sides with every default; where the base is no whole recipe by itself, both as they are written."""
    from hornbook.problem import HornbookError
    from hornbook.recipes.checking import checked
    from hornbook.recipes.document import plain
    from hornbook.recipes.freezing import plain_value, values
    from hornbook.recipes.references import resolved

    try:
        document, dangling = resolved(base)
        before = values(checked(document, known, recipe.source, dangling))
    except HornbookError:
        return plain_value(plain(base)), plain_value(plain(recipe.document))
    return plain_value(before), plain_value(values(recipe))


def _extended(file: Path) -> list[str]:
    """The names that a recipe gives after `extends`."""
    from hornbook.recipes.document import plain
    from hornbook.recipes.text import parse

    named = plain(parse(file.read_bytes(), str(file))).get("extends", [])
    return [str(one) for one in (named if isinstance(named, list) else [named])]


def _written(value: Any) -> str | None:
    """A value on one line; none where there is none. A component is shown without what is nothing in it."""
    from hornbook.recipes.difference import ABSENT
    from hornbook.recipes.freezing import on_one_line

    return None if value is ABSENT else inert(on_one_line(_lean(value)), _VALUE)


def _lean(value: Any) -> Any:
    if isinstance(value, list):
        return [_lean(one) for one in value]
    if not isinstance(value, Mapping):
        return value
    return {key: _lean(one) for key, one in value.items() if one is not None}


def _setter(recipe: "Recipe", path: str, after: Any, frozen: Path) -> str:
    """Where a value was written; empty where nobody wrote it, or where only the frozen recipe tells of it."""
    from hornbook.recipes.difference import ABSENT
    from hornbook.recipes.paths import found

    if after is ABSENT:
        return "removed"
    node = found(recipe.document, path)
    place = node.place if node is not None else None
    if place is None or Path(place.source) == frozen:
        return ""
    return place.source if place.source.startswith("-") else f"{Path(place.source).name}:{place.line}"


def page(told: Told) -> str | None:
    """The page."""
    data = told.data("difference")
    if data is None:
        return None
    file = escaped(data["file"])
    bases = ", ".join(f"**{escaped(one)}**" for one in data["extends"])
    told_of = f"**{file}** extends {bases}" if bases else f"**{file}** was overridden"
    lines = ["# What this run does differently", "", f"{told_of}; every default counts as a value.", ""]
    heading = "base" if bases else "recipe"
    lines += table(("value", heading, "this run", "set by"), map(_row, data["rows"]))
    if data["more"]:
        lines += ["", f"… and {data['more']:,} more."]
    return "\n".join(lines) + "\n"


def _row(row: Mapping[str, Any]) -> tuple[str, str, str, str]:
    return (
        escaped(row["path"], _VALUE),
        _shown(row["before"]),
        _shown(row["after"]),
        escaped(row["by"], _VALUE),
    )


def _shown(value: str | None) -> str:
    return NOTHING if value is None else escaped(value, _VALUE)


SOURCES = (Source("difference", "begun", gather),)
REPORTS = (Report("difference.md", "The recipe against its base", "markdown", ("difference",), page),)
