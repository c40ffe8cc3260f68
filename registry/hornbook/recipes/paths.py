"""Paths within a recipe, such as `optimizer.learning_rate` or `model.layers.head.units`."""

from collections.abc import Callable

from hornbook.problem import Place
from hornbook.recipes.document import MappingNode, Node, ScalarNode, SequenceNode
from hornbook.recipes.shape import long_form

_MOST_DIGITS = 10


def found(tree: Node, path: str) -> Node | None:
    """The value at a path; none if there is none."""
    here: Node | None = tree
    for step in path.split("."):
        if isinstance(here, MappingNode):
            here = here.get(step)
        elif isinstance(here, SequenceNode):
            index = position(here, step)
            here = None if index is None else here.items[index]
        else:
            return None
    return here


def position(sequence: SequenceNode, step: str) -> int | None:
    """Which element of a list a step means: by its `name`, or by its index.

    Args:
        sequence: The list.
        step: One step of a path, such as `"head"` or `"3"`.

    Returns:
        The index, none where no element answers to the step.
    """
    names = _names(sequence)
    if step in names:
        return names.index(step)
    if step.isdecimal() and len(step) < _MOST_DIGITS and int(step) < len(sequence.items):
        return int(step)
    return None


def strayed(tree: Node, path: str) -> tuple[str, list[str]] | None:
    """The first step of a path that no element of a list answers to, and the names of those there are."""
    steps = path.split(".")
    for number, step in enumerate(steps):
        here = found(tree, ".".join(steps[:number])) if number else tree
        if isinstance(here, SequenceNode) and position(here, step) is None:
            return step, [name for name in _names(here) if name is not None]
    return None


def _names(sequence: SequenceNode) -> list[str | None]:
    """The `name` of each element, where it has one."""
    named = [item.get("name") if isinstance(item, MappingNode) else None for item in sequence.items]
    return [
        one.value if isinstance(one, ScalarNode) and isinstance(one.value, str) else None for one in named
    ]


def replaced(tree: Node, path: str, value: Node, place: Place | None = None) -> Node | None:
    """The tree with the value at a path set; mappings that are missing on the way are made.

    Args:
        tree: The tree.
        path: Where.
        value: What to put there.
        place: Where the change was written.

    Returns:
        A new tree; none where the path leads through something that has no such element.
    """
    return _changed(tree, path.split("."), lambda _: value, place)


def removed(tree: MappingNode, path: str) -> MappingNode | None:
    """The tree without what is at a path; none if nothing is there."""
    if found(tree, path) is None:
        return None
    changed = _changed(tree, path.split("."), lambda _: None, None)
    return changed if isinstance(changed, MappingNode) else None


def _changed(
    here: Node, steps: list[str], change: Callable[[Node | None], Node | None], place: Place | None
) -> Node | None:
    step, further = steps[0], steps[1:]
    # `optimizer: adam` is reached into as `{use: adam}`.
    here = long_form(here)
    if isinstance(here, MappingNode):
        return _changed_mapping(here, step, further, change, place)
    if isinstance(here, SequenceNode):
        return _changed_sequence(here, step, further, change, place)
    return None


def _changed_mapping(
    here: MappingNode,
    step: str,
    further: list[str],
    change: Callable[[Node | None], Node | None],
    place: Place | None,
) -> Node | None:
    inner = here.get(step)
    if further:
        missing = inner is None or (isinstance(inner, ScalarNode) and inner.value is None)
        below = MappingNode({}, {}, place) if missing else inner
        assert below is not None
        value = _changed(below, further, change, place)
        return None if value is None else here.with_entry(step, value, here.keys.get(step) or place)
    value = change(inner)
    return here.without(step) if value is None else here.with_entry(step, value, place)


def _changed_sequence(
    here: SequenceNode,
    step: str,
    further: list[str],
    change: Callable[[Node | None], Node | None],
    place: Place | None,
) -> Node | None:
    index = position(here, step)
    if index is None:
        return None
    inner = here.items[index]
    value = _changed(inner, further, change, place) if further else change(inner)
    if value is None and further:
        return None
    kept = () if value is None else (value,)
    return SequenceNode((*here.items[:index], *kept, *here.items[index + 1 :]), here.place)
