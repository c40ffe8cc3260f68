"""Overrides: `-s optimizer.learning_rate=3e-4`, `-s optimizer=sgd`, `-s optimizer=@sgd.yaml`, `-s ~callbacks`."""

from collections.abc import Iterable
from pathlib import Path

from hornbook.home import expanded
from hornbook.names import did_you_mean
from hornbook.problem import HornbookError, Place, Problem
from hornbook.recipes.document import MappingNode, Node
from hornbook.recipes.paths import removed, replaced, strayed
from hornbook.recipes.shape import on_other_data, written_out
from hornbook.recipes.text import MOST_BYTES, parse

FILE = "@"
"""Before a value that is read from a file. No value of YAML begins so."""


def overridden(recipe: MappingNode, overrides: Iterable[str]) -> MappingNode:
    """The recipe with overrides applied, in order.

    Args:
        recipe: Short forms at the top written out.
        overrides: Each `path=value`, the value as YAML would read it; `path=@file`, the value as the YAML
            file has it; or `~path` to remove.

    Returns:
        The changed recipe; what an override set knows that it came from there.

    Raises:
        HornbookError: With all overrides that cannot be applied.
    """
    problems: list[Problem] = []
    for override in overrides:
        try:
            recipe = _applied(recipe, override)
        except HornbookError as error:
            problems.extend(error.problems)
    if problems:
        raise HornbookError(problems)
    return written_out(recipe)


def _applied(recipe: MappingNode, override: str) -> MappingNode:
    source = f"-s {override}"
    if override.startswith("~"):
        less = removed(recipe, override[1:])
        if less is None:
            raise HornbookError(
                Problem(
                    code="HB131",
                    message=f"there is no {override[1:]!r} to remove",
                    place=Place(source, 1, 5),
                    path=override[1:],
                )
            )
        return less
    path, equals, text = override.partition("=")
    path = path.strip()
    if not equals or not all(path.split(".")):
        raise HornbookError(
            Problem(
                code="HB132",
                message=f"{override!r} is not an override",
                hint="write -s path=value, such as -s optimizer.learning_rate=3e-4, or -s '~path' to remove",
                place=Place(source, 1, 4),
            )
        )
    place = Place(source, 1, 4)
    file = read_from(override)
    value = parse(text, source) if file is None else _content(file, place)
    return with_value(recipe, path, value, place)


def with_value(recipe: MappingNode, path: str, value: Node, place: Place) -> MappingNode:
    """The recipe with one value set.

    Args:
        recipe: Short forms at the top written out.
        path: Where, such as `"optimizer.learning_rate"`.
        value: What to set.
        place: Where the change was written.

    Returns:
        The changed recipe.

    Raises:
        HornbookError: When the path leads through something that has no such element.
    """
    if path.endswith(".use"):
        # Another component takes none of the old one's parameters along.
        path, value = path.removesuffix(".use"), MappingNode({"use": value}, {"use": place}, place)
    if path == "data":
        value = on_other_data(recipe.get("data"), value)
    changed = replaced(recipe, path, value, place)
    if not isinstance(changed, MappingNode):
        raise HornbookError(
            Problem(
                code="HB133",
                message=f"there is no {path!r} to set",
                hint=_near(recipe, path),
                place=place,
                path=path,
            )
        )
    return changed


def _near(recipe: MappingNode, path: str) -> str:
    """What may have been meant by a path that leads nowhere."""
    step, names = strayed(recipe, path) or ("", [])
    named = f"; those here are named {', '.join(names)}" if names else ""
    return did_you_mean(step, names, f"a list's element is reached by its name or its index{named}")


def read_from(override: str) -> Path | None:
    """The file that an override reads its value from, if it does.

    Example:
        >>> read_from("optimizer=@sgd.yaml").name
        'sgd.yaml'
    """
    _, _, text = override.partition("=")
    named = text.startswith(FILE) and not override.startswith("~")
    return expanded(text.removeprefix(FILE)) if named else None


def _content(file: Path, place: Place) -> Node:
    """What a file holds; paths in it are relative to it, as its values know that they came from there."""
    try:
        with file.open("rb") as text:
            return parse(text.read(MOST_BYTES + 1), str(file))
    except OSError as error:
        message = f"{file} cannot be read: {error.strerror or error}"
        hint = "write -s path=@file, or --set-file path=file, with a YAML file"
        raise HornbookError(Problem(code="HB002", message=message, hint=hint, place=place)) from None
