"""What the shell completes, out of the index and the recipe that was typed, and how bash is answered."""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

import click
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    FishComplete,
    ZshComplete,
    add_completion_class,
    split_arg_string,
)

from hornbook.catalog import Catalog, Entry
from hornbook.component import Parameter
from hornbook.discovery.plugin import OFFICIAL
from hornbook.problem import HornbookError
from hornbook.recipes.document import MappingNode, Node, ScalarNode, SequenceNode
from hornbook.recipes.shape import CHECKPOINT, DATA, KEYS, PLACES, TRAINING
from hornbook_cli.inert import inert

_NOT_SET = ("recipe", "extends", "remove", "requires", "resolved")
"""Keys of a recipe that nobody changes from the command line."""
_BREAKS = "=:"
"""Where bash takes a new word to begin."""

_SOURCE = """\
%(complete_func)s() {
    local line type value
    COMPREPLY=()
    while IFS= read -r line; do
        type="${line%%%%,*}"
        value="${line#*,}"
        if [[ "$type" == dir ]]; then
            compopt -o dirnames
        elif [[ "$type" == file ]]; then
            compopt -o default
        else
            COMPREPLY+=("$value")
            [[ "$value" == *[=.:] ]] && compopt -o nospace
        fi
    done < <(COMP_LINE="$COMP_LINE" COMP_POINT="$COMP_POINT" %(complete_var)s=bash_complete "$1")
}
complete -o nosort -F %(complete_func)s %(prog_name)s
"""


_typed: list[str] = []
"""The words of the line before the one at the cursor."""


class Bash(BashComplete):
    """Bash breaks words at `=` and `:`, as in `-s optimizer=sgd`, so the line as typed is gone by instead."""

    source_template = _SOURCE

    def source(self) -> str:
        """The script; it needs Bash 4.4 or later."""
        return self.source_template % self.source_vars()

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words before the one at the cursor, and that one as far as it is typed."""
        typed = os.environ.get("COMP_LINE", "")[: int(os.environ.get("COMP_POINT", "0"))]
        words = split_arg_string(typed)[1:]
        incomplete = words.pop() if words and not typed[-1:].isspace() else ""
        _typed[:] = words
        self._shown_by_bash = max(incomplete.rfind(mark) for mark in _BREAKS) + 1
        return words, incomplete

    def format_completion(self, item: CompletionItem) -> str:
        """A completion, without what bash takes to be another word."""
        return f"{item.type},{item.value[self._shown_by_bash :]}"


class Zsh(ZshComplete):
    """Zsh, which gives whole words."""

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words before the one at the cursor, and that one as far as it is typed."""
        words, incomplete = super().get_completion_args()
        _typed[:] = words
        return words, incomplete


class Fish(FishComplete):
    """Fish, which gives whole words."""

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words before the one at the cursor, and that one as far as it is typed."""
        words, incomplete = super().get_completion_args()
        _typed[:] = words
        return words, incomplete


for _shell in (Bash, Zsh, Fish):
    add_completion_class(_shell)


def recipe_on_the_line(context: click.Context) -> str | None:
    """The recipe that was typed, if one was.

    Args:
        context: Of the command. An option at the end of the line, whose value is being typed, keeps click
            from reading the rest; so it is read again without.
    """
    if _typed and _typed[-1].startswith("-") and context.info_name in _typed:
        words = _typed[_typed.index(context.info_name) + 1 : -1]
        context = context.command.make_context(context.info_name, words, resilient_parsing=True)
    several = context.params.get("recipes") or ()
    found: str | None = context.params.get("recipe") or next(iter(several), None)
    return found


def component_items(catalog: Catalog, incomplete: str) -> list[CompletionItem]:
    """The components whose names begin with what was typed, as `huber`, `losses/huber` or `loss:huber`."""
    kind, colon, name = incomplete.rpartition(":")
    entries = catalog.of(kind) if colon else catalog.entries
    return [
        CompletionItem(f"{kind}{colon}{one}", help=inert(entry.component.summary))
        for entry in entries
        for one in _names(entry, "/" in name)
        if one.startswith(name)
    ]


def override_items(catalog: Catalog, recipe: str | None, incomplete: str) -> list[CompletionItem]:
    """What may stand after `-s`: paths into a recipe, with the parameters of its components, and values.

    Args:
        catalog: The components there are.
        recipe: The recipe on the line, if there is one yet.
        incomplete: What was typed, such as `"optimizer.le"` or `"optimizer=s"`.

    Returns:
        The completions, each with what was typed before it.
    """
    tree: MappingNode = MappingNode({})
    if recipe is not None:
        from hornbook.recipes.reading import unchecked

        with suppress(HornbookError):  # a recipe has its keys, whatever is wrong with this one
            tree = unchecked(recipe, catalog)
    path, equals, value = incomplete.partition("=")
    mark = "~" if path.startswith("~") else ""
    *before, last = path.removeprefix(mark).split(".")
    spot: _Spot | None = _Spot(catalog, tree)
    for step in before if not equals else (*before, last):
        spot = spot and spot.at(step)
    if spot is None:
        return []
    if equals:
        return [
            CompletionItem(f"{path}={one}", help=text) for one, text in spot.values() if one.startswith(value)
        ]
    way = "".join(f"{step}." for step in before)
    steps = [(step, text) for step, text in spot.steps() if step.startswith(last)]
    return [CompletionItem(f"{mark}{way}{step}{'' if mark else '='}", help=text) for step, text in steps] + [
        CompletionItem(f"{mark}{way}{step}.{inner}{'' if mark else '='}", help=text)
        for step, _ in steps[:1]
        if len(steps) == 1 and (within := spot.at(step))
        for inner, text in within.steps()
    ]


@dataclass(frozen=True, slots=True)
class _Spot:
    """A place in a recipe: what is written there, and what may be."""

    catalog: Catalog
    tree: Node | None = None
    path: str = ""
    parameter: Parameter = field(default_factory=Parameter)

    @property
    def kind(self) -> str | None:
        """The kind of component that goes here."""
        return self.parameter.kind or PLACES.get(self.path)

    def at(self, step: str) -> "_Spot | None":
        """The place one step further; none where there is no such step."""
        from hornbook.recipes.paths import position

        path = f"{self.path}.{step}" if self.path else step
        if isinstance(self.tree, SequenceNode):
            index = position(self.tree, step)
            # An element of a list is of the kind that the list is for.
            element = Parameter(kind=self.kind)
            return None if index is None else _Spot(self.catalog, self.tree.items[index], path, element)
        inner = self.tree.get(step) if isinstance(self.tree, MappingNode) else None
        entry = self._entry()
        parameter = entry.component.parameters.get(step, Parameter()) if entry else Parameter()
        return _Spot(self.catalog, inner, path, parameter)

    def steps(self) -> Iterator[tuple[str, str]]:
        """The steps that go on from here, each with a word on it."""
        if not self.path:
            yield from ((key, "") for key in KEYS if key not in _NOT_SET)
        elif isinstance(self.tree, SequenceNode):
            yield from ((_named(item, index), "") for index, item in enumerate(self.tree.items))
        elif self.path == "tracking":
            options = {option for plugin in self.catalog.plugins for option in plugin.tracking}
            yield from ((option, "") for option in sorted({"experiment", "tags"} | options))
        else:
            places = {"training": TRAINING, "training.checkpoint": CHECKPOINT, "data": DATA}
            settings = places.get(self.path, {})
            yield from ((name, setting.meaning) for name, setting in settings.items())
            if self.path == "training":
                yield "checkpoint", "when checkpoints are taken, and how many are kept"
            entry = self._entry()
            for parameter in entry.component.parameters.values() if entry else ():
                yield inert(parameter.name), inert(parameter.description)

    def values(self) -> Iterator[tuple[str, str]]:
        """The values that may stand here, as far as they can be listed."""
        if self.kind is not None:
            entries = self.catalog.of(self.kind)
            yield from ((_names(one, False)[0], inert(one.component.summary)) for one in entries)
        default = self.parameter.default
        listed = self.parameter.choices or ((True, False) if isinstance(default, bool) else ())
        yield from ((str(one).lower() if isinstance(one, bool) else str(one), "") for one in listed)

    def _entry(self) -> Entry | None:
        """The component that is put to use here."""
        name = self.tree.get("use") if isinstance(self.tree, MappingNode) else self.tree
        if self.kind is None or not (isinstance(name, ScalarNode) and isinstance(name.value, str)):
            return None
        found = self.catalog.find(self.kind, name.value)
        return found if isinstance(found, Entry) else None


def _named(item: Node, index: int) -> str:
    """How an element of a list is reached: by its name, else by its number."""
    name = item.get("name") if isinstance(item, MappingNode) else None
    return str(name.value) if isinstance(name, ScalarNode) else str(index)


def _names(entry: Entry, full: bool) -> tuple[str, ...]:
    """The names to offer: bare ones only of official components, which they always mean."""
    return (entry.full_name,) if full or entry.plugin not in OFFICIAL else (entry.name,)
