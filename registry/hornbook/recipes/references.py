"""References: `${optimizer.clipnorm}` is another value of the recipe, `${data.classes}` a fact of the run."""

import re
from dataclasses import dataclass, field

from hornbook.component import FACTS
from hornbook.names import did_you_mean
from hornbook.problem import HornbookError, Place, Problem
from hornbook.recipes.document import MappingNode, Node, ScalarNode, SequenceNode, leaves
from hornbook.recipes.paths import found
from hornbook.recipes.text import LONG_TEXT, MOST_BYTES, MOST_DEPTH, MOST_NODES

HINTED = 50
"""References to nothing for which the nearest is looked up, among all paths of the recipe."""
PATTERN = re.compile(r"\$\{\s*([A-Za-z_][\w.]*)\s*\}")


@dataclass(frozen=True, slots=True)
class Fact:
    """A reference to what only the run knows.

    Args:
        name: One of `hornbook.component.FACTS`.
    """

    name: str

    def __str__(self) -> str:
        return f"${{{self.name}}}"

    __repr__ = __str__


def resolved(recipe: MappingNode) -> tuple[MappingNode, list[Problem]]:
    """The recipe with every reference to another of its values replaced by that value.

    Args:
        recipe: With its overrides applied.

    Returns:
        The recipe, references to facts having become `Fact` scalars; and a problem for every reference
        that leads nowhere; nothing stands in its place.

    Raises:
        HornbookError: Where references lead in a circle: what they would stand for is not known then.
    """
    resolver = _Resolver(recipe)
    tree = resolver.node(recipe, "", ())
    if any(problem.code == "HB143" for problem in resolver.problems):
        raise HornbookError(resolver.problems)
    assert isinstance(tree, MappingNode)
    return tree, resolver.problems


@dataclass(slots=True)
class _Resolver:
    recipe: MappingNode
    problems: list[Problem] = field(default_factory=list)
    nodes: int = 0
    depth: int = 0
    inserted: int = 0

    def node(self, tree: Node, path: str, chain: tuple[str, ...]) -> Node:
        if isinstance(tree, ScalarNode):
            self._count(tree, path)
            reference = isinstance(tree.value, str) and "${" in tree.value
            return self._scalar(tree, path, chain) if reference else tree
        self.depth += 1
        self._count(tree, path)
        whole: Node
        if isinstance(tree, MappingNode):
            entries = {
                key: self.node(value, f"{path}.{key}" if path else key, chain)
                for key, value in tree.entries.items()
            }
            whole = MappingNode(entries, tree.keys, tree.place)
        else:
            items = tuple(self.node(item, f"{path}.{n}", chain) for n, item in enumerate(tree.items))
            whole = SequenceNode(items, tree.place)
        self.depth -= 1
        return whole

    def _count(self, tree: Node, path: str) -> None:
        """What references lead to is written out; that must stay within what a text may hold."""
        self.nodes += 1
        if isinstance(tree, ScalarNode) and isinstance(tree.value, str):
            self.nodes += len(tree.value) // LONG_TEXT
        if self.nodes > MOST_NODES or self.depth > MOST_DEPTH:
            most = f"{MOST_NODES:,} values" if self.nodes > MOST_NODES else f"{MOST_DEPTH} levels"
            message = f"with its references written out, the recipe has more than {most}"
            raise HornbookError(Problem(code="HB145", message=message, place=tree.place, path=path))

    def _scalar(self, scalar: ScalarNode, path: str, chain: tuple[str, ...]) -> Node:
        text: str = scalar.value
        whole = PATTERN.fullmatch(text.strip())
        if whole:
            return self._value(whole[1], scalar, path, chain)
        if "${" in PATTERN.sub("", text):
            message = f"{text!r} has a reference that is none"
            hint = "write `${path.to.a.value}`; a reference is no expression"
            self._fault("HB144", message, scalar.place, path, hint)
            return scalar
        pieces = PATTERN.sub(lambda match: self._inserted(match[1], scalar, path, chain), text)
        return ScalarNode(pieces, scalar.place)

    def _inserted(self, name: str, scalar: ScalarNode, path: str, chain: tuple[str, ...]) -> str:
        value = self._value(name, scalar, path, chain)
        if isinstance(value, ScalarNode) and not isinstance(value.value, Fact):
            text = str(value.value)
            self.inserted += len(text)
            if self.inserted > MOST_BYTES:
                message = (
                    f"with its references written out, the recipe has more than {MOST_BYTES:,} characters"
                )
                raise HornbookError(Problem(code="HB145", message=message, place=scalar.place, path=path))
            return text
        self._fault(
            "HB142", f"${{{name}}} cannot stand within text", scalar.place, path, "let it stand alone"
        )
        return ""

    def _value(self, name: str, scalar: ScalarNode, path: str, chain: tuple[str, ...]) -> Node:
        if name in FACTS:
            return ScalarNode(Fact(name), scalar.place)
        if name in chain:
            circle = " -> ".join((*chain[chain.index(name) :], name))
            self._fault("HB143", f"the reference leads in a circle: {circle}", scalar.place, path)
            return ScalarNode(None, scalar.place)
        target = found(self.recipe, name)
        if target is None:
            hint = "a reference names a value of the recipe or a fact of the run"
            if len(self.problems) < HINTED:
                known = [*FACTS, *(known for known, _ in leaves(self.recipe))]
                hint = did_you_mean(name, known, hint)
            self._fault("HB141", f"${{{name}}} refers to nothing", scalar.place, path, hint)
            return ScalarNode(None, scalar.place)
        return _at(self.node(target, name, (*chain, name)), scalar.place)

    def _fault(self, code: str, message: str, place: Place | None, path: str, hint: str = "") -> None:
        self.problems.append(Problem(code=code, message=message, hint=hint, place=place, path=path))


def _at(tree: Node, place: Place | None) -> Node:
    """A scalar that was referred to, as if written where the reference stands."""
    return ScalarNode(tree.value, place) if isinstance(tree, ScalarNode) else tree
