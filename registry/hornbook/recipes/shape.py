"""The shape of a recipe: its keys, what each takes, and the short forms written out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hornbook.recipes.document import MappingNode, Node, ScalarNode, SequenceNode

VERSION = 1
"""The version of the recipe language that this registry reads."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A plain value that a recipe may set.

    Args:
        types: The Python types it may have.
        default: What it is when it is left out.
        required: Whether it must be there.
        minimum: The least number allowed; with `above`, the value itself is not.
        maximum: The greatest number allowed.
        above: Whether the value must be greater than the minimum rather than at least it.
        meaning: One line.
    """

    types: tuple[type, ...]
    default: Any = None
    required: bool = False
    minimum: float | None = None
    maximum: float | None = None
    above: bool = False
    meaning: str = ""


TOP: Mapping[str, Setting] = {
    "recipe": Setting((int,), required=True, meaning="the version of the recipe language: 1"),
    "name": Setting((str,), meaning="what runs of it are called; the file's name if left out"),
    "description": Setting((str,), "", meaning="what it is for, in a few words"),
    "seed": Setting(
        (int,), 0, minimum=0, maximum=2**32 - 1, meaning="from which all randomness of a run comes"
    ),
}
DATA: Mapping[str, Setting] = {
    "validation": Setting(
        (float, int), minimum=0, maximum=1, meaning="the share of the training split to validate on"
    ),
    "test": Setting((float, int), minimum=0, maximum=1, meaning="the share of the training split to test on"),
    "split_seed": Setting((int,), 0, minimum=0, maximum=2**32 - 1, meaning="from which the splits are drawn"),
    "stratify": Setting((bool,), False, meaning="whether each class is split in the same proportion"),
}
TRAINING: Mapping[str, Setting] = {
    "epochs": Setting(
        (int,), required=True, minimum=1, meaning="how often the training split is gone through"
    ),
    "batch_size": Setting((int,), 32, minimum=1, meaning="how many examples one step trains on"),
    "jit_compile": Setting(
        (bool,), None, meaning="whether steps are compiled with XLA; Keras decides if left out"
    ),
    "steps_per_execution": Setting(
        (int,),
        None,
        minimum=1,
        meaning="how many steps go to the backend at once; the run decides if left out",
    ),
}
CHECKPOINT: Mapping[str, Setting] = {
    "every_n_epochs": Setting((int,), minimum=1, meaning="a checkpoint after every so many epochs"),
    "every_n_steps": Setting(
        (int,), minimum=1, meaning="a checkpoint after every so many steps, within epochs too"
    ),
    "every_n_minutes": Setting(
        (float, int),
        minimum=0,
        above=True,
        meaning="a checkpoint whenever so many minutes have gone by, within epochs too",
    ),
    "max_to_keep": Setting((int,), 2, minimum=1, meaning="how many checkpoints are kept, the newest of them"),
}
"""Under `training.checkpoint`."""
BOUNDS: Mapping[str, Setting] = {
    "min": Setting((int, float), meaning="the least value that is good enough"),
    "max": Setting((int, float), meaning="the greatest value that is good enough"),
}

PLACES: Mapping[str, str] = {
    "data": "dataset",
    "augment": "augmenter",
    "model": "model",
    "loss": "loss",
    "optimizer": "optimizer",
    "metrics": "metric",
    "callbacks": "callback",
}
"""Where components go, each with its kind."""

LISTS = ("augment", "metrics", "callbacks")
"""The places that take a list of components."""

REQUIRED = ("recipe", "data", "model", "loss", "training")
OTHER = ("extends", "remove", "requires", "resolved", "training", "tracking", "expect", "silence")
KEYS = (*TOP, *PLACES, *OTHER)


def written_out(recipe: MappingNode) -> MappingNode:
    """The recipe with its short forms written out: `x` as `{use: x}`, a list of layers as `sequential`.

    Args:
        recipe: As written.

    Returns:
        The same recipe; what is neither a short nor a long form stays for the check to find.
    """
    for place in PLACES:
        value = recipe.get(place)
        if value is None:
            continue
        if place in LISTS:
            recipe = recipe.with_entry(place, _listed(value))
        elif place == "model" and isinstance(value, SequenceNode):
            sequential = ScalarNode("sequential", value.place)
            recipe = recipe.with_entry(
                place, MappingNode({"use": sequential, "layers": value}, {}, value.place)
            )
        else:
            recipe = recipe.with_entry(place, long_form(value))
    return recipe


def on_other_data(before: Node | None, after: Node) -> Node:
    """Another dataset in the place of one: how the data is split belongs to the run, and stays.

    Args:
        before: What stood under `data`.
        after: What is written over it, another `use`.

    Returns:
        `after`, with those settings of `before` that it does not give itself.
    """
    after = long_form(after)
    if not (isinstance(before, MappingNode) and isinstance(after, MappingNode)):
        return after
    for name in DATA:
        kept = before.get(name)
        if kept is not None and name not in after.entries:
            after = after.with_entry(name, kept, before.keys.get(name))
    return after


def long_form(value: Node) -> Node:
    """A component's name as a mapping with `use`; anything else as it is."""
    if isinstance(value, ScalarNode) and isinstance(value.value, str):
        return MappingNode({"use": value}, {"use": value.place}, value.place)
    return value


def _listed(value: Node) -> Node:
    if isinstance(value, SequenceNode):
        return SequenceNode(tuple(long_form(item) for item in value.items), value.place)
    if isinstance(value, ScalarNode) and value.value is None:
        return SequenceNode((), value.place)
    return value
