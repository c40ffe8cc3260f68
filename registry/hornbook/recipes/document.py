"""Document: a tree of plain data in which every value knows the line that it was written on."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hornbook.problem import Place


@dataclass(frozen=True, slots=True)
class ScalarNode:
    """A single value: text, a number, a truth value, or nothing."""

    value: Any
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class SequenceNode:
    """Values in a row."""

    items: tuple["Node", ...]
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class MappingNode:
    """Values by key, in the order written.

    Args:
        entries: The values.
        keys: Where each key stands.
        place: Where the mapping begins.
    """

    entries: Mapping[str, "Node"]
    keys: Mapping[str, Place | None] = field(default_factory=dict, compare=False)
    place: Place | None = field(default=None, compare=False)

    def get(self, key: str) -> "Node | None":
        """The value of a key, none if there is no such key."""
        return self.entries.get(key)

    def key_place(self, key: str) -> Place | None:
        """Where a key stands; where the mapping begins if that is not known."""
        return self.keys.get(key) or self.place

    def with_entry(self, key: str, value: "Node", place: Place | None = None) -> "MappingNode":
        """The mapping with one value set."""
        where = place or self.keys.get(key) or value.place
        return MappingNode({**self.entries, key: value}, {**self.keys, key: where}, self.place)

    def without(self, *keys: str) -> "MappingNode":
        """The mapping less some keys."""
        return MappingNode(
            {key: value for key, value in self.entries.items() if key not in keys}, self.keys, self.place
        )


Node = ScalarNode | SequenceNode | MappingNode


def node(data: Any, place: Place | None = None) -> Node:
    """Plain data as a tree.

    Args:
        data: Mappings, lists and scalars; an object of any other type is kept as a scalar. A tree
            within the data is kept as it is.
        place: Where it comes from.

    Returns:
        The tree, every node of it at that place.
    """
    if isinstance(data, (ScalarNode, SequenceNode, MappingNode)):
        return data
    if isinstance(data, Mapping) and all(isinstance(key, str) for key in data):
        entries = {key: node(value, place) for key, value in data.items()}
        return MappingNode(entries, dict.fromkeys(entries, place), place)
    if isinstance(data, (list, tuple)):
        return SequenceNode(tuple(node(value, place) for value in data), place)
    return ScalarNode(data, place)


def plain(tree: Node) -> Any:
    """A tree as plain data."""
    if isinstance(tree, MappingNode):
        return {key: plain(value) for key, value in tree.entries.items()}
    if isinstance(tree, SequenceNode):
        return [plain(value) for value in tree.items]
    return tree.value


def leaves(tree: Node, path: str = "") -> Iterator[tuple[str, ScalarNode]]:
    """The scalars of a tree, each with its path such as `model.layers.0.units`."""
    if isinstance(tree, ScalarNode):
        yield path, tree
        return
    children: Sequence[tuple[Any, Node]] = (
        list(tree.entries.items()) if isinstance(tree, MappingNode) else list(enumerate(tree.items))
    )
    for key, child in children:
        yield from leaves(child, f"{path}.{key}" if path else str(key))
