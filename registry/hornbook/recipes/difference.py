"""What two recipes differ in: frozen, so that a default counts as much as what was written."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any


class Absent:
    """Stands where one of two recipes has nothing. It is false, as what is empty."""

    def __repr__(self) -> str:
        return "absent"

    def __bool__(self) -> bool:
        return False


ABSENT = Absent()


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that two recipes differ in.

    Args:
        path: Where; an element of a list by its name, or else by its index: that of the first recipe, or of
            the second where only that has it.
        before: The value of the first recipe, as plain data, or `ABSENT`.
        after: The value of the second.
    """

    path: str
    before: Any
    after: Any


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """What two frozen recipes differ in.

    Components in a list are held against each other by their names, or else in order by what they are, so a
    layer more in the middle is one difference. Of the distributions that supplied the components, only
    those count that both recipes name, in another version.

    Args:
        before: The first recipe, as plain data.
        after: The second.

    Returns:
        The differences, in the order of the first recipe.

    Example:
        >>> differences({"seed": 1, "metrics": []}, {"seed": 2, "metrics": []})
        [Difference(path='seed', before=1, after=2)]
    """
    return [
        one
        for one in _compared("", before, after)
        if not (one.path.startswith("resolved.") and ABSENT in (one.before, one.after))
    ]


def _compared(path: str, before: Any, after: Any) -> Iterator[Difference]:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in dict.fromkeys((*before, *after)):
            inner = f"{path}.{key}" if path else key
            yield from _compared(inner, before.get(key, ABSENT), after.get(key, ABSENT))
    elif _listing(before) and _listing(after) and _components([*(before or ()), *(after or ())]):
        yield from _listed(path, before or [], after or [])
    elif not _same(before, after):
        yield Difference(path, before, after)


def _listing(value: Any) -> bool:
    return isinstance(value, list) or value is ABSENT or value is None


def _components(items: Sequence[Any]) -> bool:
    return bool(items) and all(isinstance(one, Mapping) and "use" in one for one in items)


def _listed(path: str, before: list[Any], after: list[Any]) -> Iterator[Difference]:
    """The differences of two lists of components; equals in name or kind are compared, the rest is extra."""
    shared = _names(before) & _names(after)
    keys = [[_key(one, shared) for one in side] for side in (before, after)]
    for tag, a, b, c, d in SequenceMatcher(None, keys[0], keys[1], autojunk=False).get_opcodes():
        if tag == "equal":
            for index, (one, other) in enumerate(zip(before[a:b], after[c:d], strict=True), a):
                yield from _compared(_step(path, index, one), one, other)
        else:
            yield from (Difference(_step(path, n, before[n]), before[n], ABSENT) for n in range(a, b))
            yield from (Difference(_step(path, n, after[n]), ABSENT, after[n]) for n in range(c, d))


def _names(items: Sequence[Any]) -> set[str]:
    return {one["name"] for one in items if isinstance(one.get("name"), str)}


def _key(one: Mapping[str, Any], shared: set[str]) -> tuple[str, str]:
    name = one.get("name")
    return ("name", name) if isinstance(name, str) and name in shared else ("use", str(one["use"]))


def _step(path: str, index: int, one: Mapping[str, Any]) -> str:
    name = one.get("name")
    return f"{path}.{name}" if isinstance(name, str) else f"{path}.{index}"


def _same(before: Any, after: Any) -> bool:
    """Whether two values are one: 1 and 1.0 are, 1 and true are not, and what is no number is itself."""
    if isinstance(before, bool) is not isinstance(after, bool):
        return False
    if isinstance(before, (list, tuple)) and isinstance(after, (list, tuple)):
        return len(before) == len(after) and all(map(_same, before, after))
    return bool(before == after) or (before != before and after != after)
