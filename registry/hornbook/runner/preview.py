"""What a recipe will do before it does it: the learning rate of every step, and a batch as it will be augmented."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import keras
import numpy as np

from hornbook.assembly.build import build
from hornbook.dataset import Split
from hornbook.recipes.recipe import Recipe
from hornbook.recipes.use import Use
from hornbook.runner.data.augmentation import Augmentation
from hornbook.runner.data.feeding import Portion, first_batch
from hornbook.runner.data.preparation import Prepared
from hornbook.runner.data.rows import take
from hornbook.runner.session import augmentation_for, load_data
from hornbook.runner.training.rate import numbers, rates_at

MOST_POINTS = 1000
"""How many steps of a run the learning rate is asked of, at the most."""
EXAMPLES = 8
"""How many examples are shown."""
DRAWS = 3
"""How often each of them is augmented."""
SLIGHT = 0.005
"""A share of a label below which it is not worth a word."""


@dataclass(frozen=True, slots=True)
class Curve:
    """The learning rate over the whole run.

    Args:
        steps: The numbers of the steps, from 0; shape `(points,)`.
        rates: The learning rate with which each of them is taken; shape `(points,)`.
        steps_per_epoch: How many steps an epoch has.
        epochs: How many epochs there are.
        optimizer: The optimizer's name.
        scheduler: The scheduler's name; none where the rate is a number.
        changed_by: Callbacks that will change the rate by what they see, which no curve can foretell.
    """

    steps: np.ndarray
    rates: np.ndarray
    steps_per_epoch: int
    epochs: int
    optimizer: str
    scheduler: str | None
    changed_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pictures:
    """Examples of the first batch, as they are and augmented.

    Args:
        before: Float32 `(examples, height, width, channels)`.
        labels: What each of them is, in words.
        after: The same examples augmented, for each draw; the first draw is what training begins with.
        mixed: What each of those is, in words, for each draw.
        value_range: The least and the greatest value that pixels can take.
        augmenters: The names of the augmenters, in order.
    """

    before: np.ndarray
    labels: tuple[str, ...]
    after: tuple[np.ndarray, ...]
    mixed: tuple[tuple[str, ...], ...]
    value_range: tuple[float, float]
    augmenters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a recipe will do.

    Args:
        name: The recipe's name.
        curve: The learning rate; none where the optimizer has none.
        pictures: Examples; none where the data has no pictures.
        notes: What cannot be shown, and why.
    """

    name: str
    curve: Curve | None
    pictures: Pictures | None
    notes: tuple[str, ...] = ()


def preview(recipe: Recipe) -> Preview:
    """Work out what a recipe will do, with its own data and by the code that runs use.

    Args:
        recipe: The recipe.

    Returns:
        The preview. Nothing is trained; the model is not made.

    Raises:
        HornbookError: When the data or an object cannot be had as the recipe says.
    """
    keras.utils.set_random_seed(recipe.seed)
    prepared = load_data(recipe)
    augmenters = [build(use, prepared.facts) for use in recipe.augment]
    augmentation = augmentation_for(recipe, prepared, augmenters)
    curve = learning_rate(recipe, prepared.facts)
    notes = [] if curve else [f"the optimizer {recipe.optimizer.written} has no learning rate"]
    pictures = None
    if prepared.dataset.modality != "images" or isinstance(prepared.splits["train"].inputs, Mapping):
        notes.append(f"{recipe.data.written} has no pictures: its inputs are {prepared.dataset.modality}")
    else:
        pictures = examples(recipe, prepared, augmentation)
        if augmentation is None:
            notes.append("the recipe has no augmenters: the examples are shown as they are")
    return Preview(recipe.name, curve, pictures, tuple(notes))


def learning_rate(recipe: Recipe, facts: Mapping[str, Any], points: int = MOST_POINTS) -> Curve | None:
    """The learning rate of every step of the run, or of as many as make a curve.

    Args:
        recipe: The recipe.
        facts: What is known of the run.
        points: How many steps are asked of, at the most.

    Returns:
        The curve; none where the optimizer takes no learning rate.
    """
    rate = recipe.optimizer.parameters.get("learning_rate")
    if rate is None:
        return None
    total = facts["training.total_steps"]
    steps = np.unique(np.linspace(0, total - 1, min(total, points)).round().astype("int64"))
    scheduled = isinstance(rate, Use)
    rates = rates_of(build(rate, facts), steps) if scheduled else np.full(len(steps), float(rate))
    changing = [use.written for use in recipe.callbacks if use.entry.name == "reduce_on_plateau"]
    return Curve(
        steps,
        rates,
        facts["training.steps_per_epoch"],
        recipe.training.epochs,
        recipe.optimizer.written,
        rate.written if isinstance(rate, Use) else None,
        tuple(changing),
    )


def rates_of(schedule: Any, steps: np.ndarray) -> np.ndarray:
    """The rates of many steps, asked for at once where they can be had that way.

    Args:
        schedule: A schedule.
        steps: The numbers of the steps, ascending; shape `(steps,)`.

    Returns:
        Float64 of the same shape.
    """
    # One that takes all steps for what it finds of the first, or of the last, is wrong at the other end. To ask for
    # one step takes a millisecond, as long as for all of them at once.
    few = [0, len(steps) // 2, -1]
    for at_once in (schedule, partial(keras.ops.vectorized_map, schedule)):
        rates = rates_at(at_once, steps)
        if rates is not None and np.allclose(rates[few], _one_by_one(schedule, steps[few])):
            return rates
    return _one_by_one(schedule, steps)


def _one_by_one(schedule: Any, steps: np.ndarray) -> np.ndarray:
    return np.array([float(numbers(schedule(int(step)))) for step in steps])


def examples(
    recipe: Recipe,
    prepared: Prepared,
    augmentation: Augmentation | None,
    shown: int = EXAMPLES,
    draws: int = DRAWS,
) -> Pictures:
    """The first examples of the first batch of the run, as they are and augmented.

    A whole batch is augmented, since augmenters mix its examples. Further draws are those of later epochs.

    Args:
        recipe: The recipe.
        prepared: Its data, of images.
        augmentation: What is done to batches, prepared; none shows the examples as they are.
        shown: How many examples are shown, at the most.
        draws: How often each of them is augmented.

    Returns:
        The pictures.
    """
    train = prepared.splits["train"]
    portion = Portion(train, recipe.training.batch_size, recipe.seed, augmentation)
    rows = portion.rows(portion.order(0), 0)
    inputs = np.asarray(take(train.inputs, rows))
    shown = min(shown, len(inputs))
    labels = None if train.labels is None else train.labels[rows]
    after = []
    if augmentation is not None and labels is not None:
        after = augmented(augmentation, Split(inputs, labels), draws)
    return Pictures(
        before=inputs[:shown],
        labels=in_words(labels, prepared, shown),
        after=tuple(pictures[:shown] for pictures, _ in after),
        mixed=tuple(in_words(mixed, prepared, shown) for _, mixed in after),
        value_range=prepared.dataset.value_range or (float(inputs.min()), float(inputs.max())),
        augmenters=tuple(use.written for use in recipe.augment),
    )


def augmented(augmentation: Augmentation, batch: Split, draws: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """A batch as it is augmented at the first step of each of the first epochs.

    Args:
        augmentation: What is done to batches, prepared.
        batch: One batch, labels encoded.
        draws: How many epochs.

    Returns:
        The augmented inputs and labels of each draw.
    """
    portion = Portion(batch, len(batch), augmentation=augmentation)
    made = [first_batch(portion, epoch) for epoch in range(draws)]
    return [
        (keras.ops.convert_to_numpy(inputs), keras.ops.convert_to_numpy(labels)) for inputs, labels in made
    ]


def in_words(labels: np.ndarray | None, prepared: Prepared, examples: int) -> tuple[str, ...]:
    """The encoded labels of the first examples in words; a mixed one as `cat: 62%, dog: 38%`."""
    names, form = prepared.dataset.class_names, prepared.labels
    if labels is None or form == "input":
        return ("",) * examples
    labels = labels[:examples]
    if form == "integer":
        return tuple(_class(int(label), names) for label in labels)
    if form == "one_hot":
        return tuple(_shares(label, names) for label in labels)
    if form in ("binary", "signed") and labels.shape[-1] == 1:
        ones = labels[:, 0] if form == "binary" else (labels[:, 0] + 1) / 2
        return tuple(_shares(np.array([1 - one, one]), names) for one in ones)
    return tuple(", ".join(f"{value:.4g}" for value in np.ravel(label)[:3]) for label in labels)


def _shares(label: np.ndarray, names: tuple[str, ...]) -> str:
    order = [int(one) for one in np.argsort(-label, kind="stable") if label[one] > SLIGHT]
    if len(order) == 1 and np.isclose(label[order[0]], 1):
        return _class(order[0], names)
    return ", ".join(f"{_class(one, names)}: {label[one]:.0%}" for one in order[:3])


def _class(number: int, names: tuple[str, ...]) -> str:
    return names[number] if number < len(names) else str(number)
