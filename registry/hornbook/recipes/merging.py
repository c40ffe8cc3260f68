"""One recipe over another: mappings merge deeply, lists replace, another `use` replaces the component."""

from hornbook.problem import HornbookError, Problem
from hornbook.recipes.document import MappingNode, Node, ScalarNode, SequenceNode
from hornbook.recipes.paths import position, removed
from hornbook.recipes.shape import long_form, on_other_data


def merged(base: Node, over: Node, is_whole: bool = True) -> Node:
    """One value over another.

    Args:
        base: What is inherited; short forms at the top written out.
        over: What is written over it.
        is_whole: Whether they are whole recipes, whose `data` is a dataset.

    Returns:
        The merged value, each part knowing where it was written.
    """
    if isinstance(over, MappingNode):
        base = long_form(base)
    if not (isinstance(base, MappingNode) and isinstance(over, MappingNode)) or _another_use(base, over):
        return over
    entries, keys = dict(base.entries), dict(base.keys)
    for key, value in over.entries.items():
        inherited = base.get(key)
        below = value if inherited is None else merged(inherited, value, is_whole=False)
        if is_whole and key == "data" and below is value:
            below = on_other_data(inherited, value)
        entries[key] = below
        keys[key] = over.keys.get(key) or base.keys.get(key) or below.place
    return MappingNode(entries, keys, over.place)


def _another_use(base: MappingNode, over: MappingNode) -> bool:
    theirs, ours = base.get("use"), over.get("use")
    return theirs is not None and ours is not None and theirs != ours


def without_removed(base: MappingNode, over: MappingNode) -> MappingNode:
    """The base less what the recipe over it lists under `remove`.

    Args:
        base: What is inherited.
        over: The recipe that inherits.

    Returns:
        The base without the removed keys.

    Raises:
        HornbookError: When `remove` is no list of paths, or one of them is not there.
    """
    listed = over.get("remove")
    if listed is None:
        return base
    paths = listed.items if isinstance(listed, SequenceNode) else (listed,)
    problems = []
    located: set[tuple[str | int, ...]] = set()
    for path in paths:
        if not (isinstance(path, ScalarNode) and isinstance(path.value, str)):
            problems.append(
                Problem(
                    code="HB121", message="`remove` takes a list of paths", place=path.place, path="remove"
                )
            )
            continue
        steps = _located(base, path.value)
        if steps is None:
            problems.append(
                Problem(
                    code="HB122",
                    message=f"there is no {path.value!r} to remove",
                    place=path.place,
                    path="remove",
                )
            )
        else:
            located.add(steps)
    if problems:
        raise HornbookError(problems)
    # From the back, for an element that is gone moves those behind it.
    for steps in sorted(located, key=_order, reverse=True):
        base = removed(base, ".".join(map(str, steps))) or base
    return base


def _located(tree: Node, path: str) -> tuple[str | int, ...] | None:
    """The steps of a path, with the index of every element on the way; none if nothing is there."""
    here: Node | None = tree
    steps: list[str | int] = []
    for step in path.split("."):
        index = position(here, step) if isinstance(here, SequenceNode) else None
        if isinstance(here, MappingNode):
            here = here.get(step)
        else:
            here = here.items[index] if isinstance(here, SequenceNode) and index is not None else None
        if here is None:
            return None
        steps.append(step if index is None else index)
    return tuple(steps)


def _order(steps: tuple[str | int, ...]) -> list[tuple[bool, int, str]]:
    return [(True, step, "") if isinstance(step, int) else (False, 0, step) for step in steps]
