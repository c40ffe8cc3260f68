"""YAML text -> Document. YAML 1.2 as plain data: no tags, no duplicate keys, bounded size, depth and aliases."""

import codecs
import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from hornbook.problem import HornbookError, Place, Problem
from hornbook.recipes.document import MappingNode, Node, ScalarNode, SequenceNode

MOST_BYTES = 1_000_000
MOST_DEPTH = 40
MOST_NODES = 100_000
MOST_DIGITS = 400
MOST_PROBLEMS = 1_000
"""Problems of one kind that are told of a recipe; to look for the nearest names takes time."""
LONG_TEXT = 100
"""Characters that count as one value more, so that aliases of a long text are bounded too."""

_PARSER = getattr(yaml, "CLoader", yaml.Loader)

_TELLING = frozenset("~nNtTfF+-.0123456789")
"""What a scalar begins with that may be something else than text; most are words."""
_NOTHING = re.compile(r"(~|null|Null|NULL|)\Z")
_TRUTH = re.compile(r"(true|True|TRUE|false|False|FALSE)\Z")
_INTEGERS = (
    (re.compile(r"[-+]?[0-9]+\Z"), 10),
    (re.compile(r"0o[0-7]+\Z"), 8),
    (re.compile(r"0x[0-9a-fA-F]+\Z"), 16),
)
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_INFINITY = re.compile(r"[-+]?\.(inf|Inf|INF)\Z")
_NOT_A_NUMBER = re.compile(r"\.(nan|NaN|NAN)\Z")


def scalar(text: str) -> Any:
    """What a plain (unquoted) scalar means under YAML 1.2's core schema.

    Args:
        text: The scalar.

    Returns:
        None, a bool, an int, a float, or the text itself.

    Raises:
        ValueError: When a number has too many digits to be meant.

    Example:
        >>> scalar("1e-4"), scalar("no"), scalar("0o17")
        (0.0001, 'no', 15)
    """
    if text and text[0] not in _TELLING:
        return text
    if _NOTHING.match(text):
        return None
    if _TRUTH.match(text):
        return text[0] in "tT"
    for pattern, base in _INTEGERS:
        if pattern.match(text):
            if len(text) > MOST_DIGITS:
                raise ValueError(f"a number of {len(text):,} digits; {MOST_DIGITS} are the most")
            return int(text, base)
    if _FLOAT.match(text):
        return float(text)
    if _INFINITY.match(text):
        return float("-inf" if text.startswith("-") else "inf")
    if _NOT_A_NUMBER.match(text):
        return float("nan")
    return text


def parse(content: bytes | str, source: str) -> Node:
    """Read a YAML document.

    Args:
        content: The text, or its UTF-8 bytes.
        source: What to call it in places.

    Returns:
        The tree; a scalar of nothing for an empty text.

    Raises:
        HornbookError: With all that is wrong with the text, each at its place.
    """
    text = _decoded(content, source)
    composer = _Composer(source)
    parser = None
    try:
        parser = _PARSER(text)
        tree = composer.document(parser)
    except yaml.reader.ReaderError as error:
        # libyaml counts bytes.
        before = text.encode()[: error.position].decode(errors="ignore")
        raise HornbookError(_at(before, source, "HB102", _unreadable(error))) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(source, mark.line + 1, mark.column + 1) if mark else Place(source, 1, 1)
        words = error.problem or error.context or "it is not YAML"
        indented = mark is not None and text.splitlines()[mark.line : mark.line + 1]
        hint = "indent with spaces, not tabs" if indented and "\t" in _indentation(indented[0]) else ""
        raise HornbookError(
            Problem(code="HB103", message=f"not YAML: {words}", hint=hint, place=place)
        ) from None
    finally:
        if parser is not None:
            parser.dispose()
    if composer.problems:
        raise HornbookError(composer.problems)
    return tree


def _decoded(content: bytes | str, source: str) -> str:
    if len(content) > MOST_BYTES:
        raise HornbookError(
            Problem(
                code="HB101",
                message=f"a recipe has at most {MOST_BYTES:,} bytes, and this has more",
                place=Place(source, 1, 1),
            )
        )
    # A command line hands over bytes that are not UTF-8 as lone surrogates.
    octets = content.encode(errors="surrogatepass") if isinstance(content, str) else content
    octets = octets.removeprefix(codecs.BOM_UTF8)
    try:
        return octets.decode()
    except UnicodeDecodeError as error:
        before = octets[: error.start].decode()
        problem = _at(before, source, "HB102", f"byte 0x{octets[error.start]:02x} is not UTF-8")
        raise HornbookError(problem) from None


def _indentation(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _at(before: str, source: str, code: str, message: str) -> Problem:
    """A problem with the character that comes after some text."""
    lines = before.split("\n")
    hint = "a recipe is a text file in UTF-8"
    return Problem(code=code, message=message, hint=hint, place=Place(source, len(lines), len(lines[-1]) + 1))


def _unreadable(error: yaml.reader.ReaderError) -> str:
    character = error.character if isinstance(error.character, int) else ord(error.character)
    return f"the character U+{character:04X} is not allowed in YAML"


@dataclass(frozen=True, slots=True)
class _Anchored:
    """What an alias stands for: a tree, how many nodes it has and how many levels."""

    tree: Node
    size: int
    levels: int


@dataclass(slots=True)
class _Composer:
    """Builds the tree from the parser's events; what is wrong is collected, not raised."""

    source: str
    problems: list[Problem] = field(default_factory=list)
    anchors: dict[str, "_Anchored"] = field(default_factory=dict)
    nodes: int = 0
    deepest: int = 0

    def document(self, parser: Any) -> Node:
        parser.get_event()  # the stream's start
        if parser.check_event(yaml.StreamEndEvent):
            return ScalarNode(None, Place(self.source, 1, 1))
        parser.get_event()  # the document's start
        tree = self._node(parser, 0)
        parser.get_event()  # the document's end
        if not parser.check_event(yaml.StreamEndEvent):
            self._fault("HB104", "a recipe is one YAML document", parser.get_event(), "split it at the `---`")
        return tree

    def _node(self, parser: Any, depth: int) -> Node:
        event = parser.get_event()
        self._count(1, depth, event)
        if isinstance(event, yaml.AliasEvent):
            return self._aliased(event, depth)
        if event.tag not in (None, "!"):
            self._fault("HB105", f"the tag {event.tag!r} is not allowed: a recipe is plain data", event)
        before, deepest_before = self.nodes, self.deepest
        self.deepest = depth
        tree: Node
        if isinstance(event, yaml.ScalarEvent):
            self._count(len(event.value) // LONG_TEXT, depth, event)
            tree = self._scalar(event)
        elif isinstance(event, yaml.SequenceStartEvent):
            tree = self._sequence(parser, event, depth)
        else:
            tree = self._mapping(parser, event, depth)
        if event.anchor is not None:
            self.anchors[event.anchor] = _Anchored(tree, self.nodes - before + 1, self.deepest - depth)
        self.deepest = max(self.deepest, deepest_before)
        return tree

    def _count(self, nodes: int, depth: int, event: Any) -> None:
        self.nodes += nodes
        if self.nodes > MOST_NODES:
            raise HornbookError(
                self._problem("HB106", f"more than {MOST_NODES:,} values, aliases written out", event)
            )
        self.deepest = max(self.deepest, depth)
        if depth > MOST_DEPTH:
            raise HornbookError(self._problem("HB107", f"nested deeper than {MOST_DEPTH} levels", event))

    def _aliased(self, event: Any, depth: int) -> Node:
        anchored = self.anchors.get(event.anchor)
        if anchored is None:
            self._fault("HB108", f"the alias *{event.anchor} has no anchor before it", event)
            return ScalarNode(None, self._place(event))
        self._count(anchored.size, depth + anchored.levels, event)
        return anchored.tree

    def _scalar(self, event: Any) -> ScalarNode:
        place = self._place(event)
        if event.style:  # quoted, or in a block: text as it stands
            return ScalarNode(event.value, place)
        try:
            return ScalarNode(scalar(event.value), place)
        except ValueError as error:
            self._fault("HB109", str(error), event)
            return ScalarNode(0, place)

    def _sequence(self, parser: Any, event: Any, depth: int) -> SequenceNode:
        items = []
        while not parser.check_event(yaml.SequenceEndEvent):
            items.append(self._node(parser, depth + 1))
        parser.get_event()
        return SequenceNode(tuple(items), self._place(event))

    def _mapping(self, parser: Any, event: Any, depth: int) -> MappingNode:
        entries: dict[str, Node] = {}
        places: dict[str, Place | None] = {}
        while not parser.check_event(yaml.MappingEndEvent):
            key_event = parser.peek_event()
            key = self._node(parser, depth + 1)
            value = self._node(parser, depth + 1)
            name = key.value if isinstance(key, ScalarNode) else None
            if not isinstance(name, str):
                written = getattr(key_event, "value", "this")
                self._fault("HB110", f"the key {written!r} is not text", key_event, "write it in quotes")
            elif name in entries:
                first = places[name]
                self._fault(
                    "HB111",
                    f"the key {name!r} is there twice; first in line {first.line if first else '?'}",
                    key_event,
                )
            else:
                entries[name], places[name] = value, self._place(key_event)
        parser.get_event()
        return MappingNode(entries, places, self._place(event))

    def _place(self, event: Any) -> Place:
        return Place(self.source, event.start_mark.line + 1, event.start_mark.column + 1)

    def _problem(self, code: str, message: str, event: Any, hint: str = "") -> Problem:
        return Problem(code=code, message=message, hint=hint, place=self._place(event))

    def _fault(self, code: str, message: str, event: Any, hint: str = "") -> None:
        self.problems.append(self._problem(code, message, event, hint))
