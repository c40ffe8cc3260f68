"""One recipe over another: mappings merge deeply, lists replace, another `use` replaces the component."""

from hornbook.problem import HornbookError, Problem
from hornbook.recipes.document import MappingNode, Node, ScalarNode, SequenceNode
from hornbook.recipes.paths import removed
from hornbook.recipes.shape import long_form, on_other_data


def merged(base: Node, over: Node) -> Node:
    """One value over another.

    Args:
        base: What is inherited; short forms at the top written out.
        over: What is written over it.

    Returns:
        The merged value, each part knowing where it was written.
    """
    if isinstance(over, MappingNode):
        base = long_form(base)
    if not (isinstance(base, MappingNode) and isinstance(over, MappingNode)) or _another_use(base, over):
        return over
    result = base
    for key, value in over.entries.items():
        inherited = base.get(key)
        place = over.keys.get(key)
        below = value if inherited is None else merged(inherited, value)
        if key == "data" and below is value:
            below = on_other_data(inherited, value)
        result = result.with_entry(key, below, place)
    return MappingNode(result.entries, result.keys, over.place)


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
    for path in paths:
        if not (isinstance(path, ScalarNode) and isinstance(path.value, str)):
            problems.append(
                Problem(
                    code="HB121", message="`remove` takes a list of paths", place=path.place, path="remove"
                )
            )
            continue
        less = removed(base, path.value)
        if less is None:
            problems.append(
                Problem(
                    code="HB122",
                    message=f"there is no {path.value!r} to remove",
                    place=path.place,
                    path="remove",
                )
            )
        else:
            base = less
    if problems:
        raise HornbookError(problems)
    return base
