"""Dataset -> what a run trains on: splits with encoded labels, and the facts that recipes refer to."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from hornbook.component import LabelForm
from hornbook.dataset import Dataset, Split
from hornbook.problem import HornbookError
from hornbook.recipes.labels import expected_activation
from hornbook.recipes.paths import found
from hornbook.recipes.recipe import Recipe
from hornbook.runner.data.encoding import encoded, label_form
from hornbook.runner.data.rows import take
from hornbook.runner.data.splitting import divided


@dataclass(frozen=True, slots=True)
class Prepared:
    """Data, ready to train on.

    Args:
        dataset: The data as it came.
        splits: The run's splits, labels encoded as the loss reads them.
        labels: The form of those labels.
        facts: What is known of the run, by the names of `hornbook.component.FACTS`.
    """

    dataset: Dataset
    splits: Mapping[str, Split]
    labels: LabelForm
    facts: Mapping[str, Any]


def prepare(recipe: Recipe, dataset: Dataset) -> Prepared:
    """Split the data, encode its labels and gather the facts.

    Args:
        recipe: The recipe.
        dataset: What its dataset component returned.

    Returns:
        The prepared data.

    Raises:
        HornbookError: When the data cannot be split or labelled as the recipe asks, at its line.
    """
    form = label_form(dataset, recipe.loss.entry.component.labels)
    try:
        splits = {
            name: _encoded(split, dataset, form) for name, split in divided(dataset, recipe.splitting).items()
        }
    except HornbookError as error:
        raise HornbookError(_placed(error, recipe)) from None
    return Prepared(dataset, splits, form, facts(recipe, dataset, splits, form))


def _encoded(split: Split, dataset: Dataset, form: LabelForm) -> Split:
    if form == "input":  # an autoencoder's labels are what goes in
        everything = take(split.inputs, np.arange(len(split)))
        return Split(split.inputs, everything if isinstance(everything, np.ndarray) else None)
    return Split(split.inputs, encoded(split.labels, dataset, form))


def _placed(error: HornbookError, recipe: Recipe) -> list[Any]:
    def place(path: str) -> Any:
        node = found(recipe.document, path)
        return node.place if node is not None else None

    return [replace(problem, place=place(problem.path)) for problem in error.problems]


def facts(recipe: Recipe, dataset: Dataset, splits: Mapping[str, Split], form: LabelForm) -> dict[str, Any]:
    """What is known of a run once its data is there, by the names of `hornbook.component.FACTS`."""
    training = recipe.training
    examples = len(splits["train"])
    steps = math.ceil(examples / training.batch_size)
    from_logits = bool(recipe.loss.parameters.get("from_logits", False))
    return {
        "data.task": dataset.task,
        "data.modality": dataset.modality,
        "data.shape": dataset.shape,
        "data.classes": dataset.classes,
        "data.class_names": list(dataset.class_names) or None,
        "data.examples": examples,
        "data.value_range": dataset.value_range,
        "data.labels": form,
        "data.outputs": _outputs(dataset, splits["train"], form),
        "loss.from_logits": from_logits,
        "loss.activation": expected_activation(recipe.loss, form),
        "training.epochs": training.epochs,
        "training.batch_size": training.batch_size,
        "training.steps_per_epoch": steps,
        "training.total_steps": steps * training.epochs,
    }


def _outputs(dataset: Dataset, train: Split, form: LabelForm) -> int | None:
    if form == "integer":
        return dataset.classes
    return None if train.labels is None else int(train.labels.shape[-1])


def described(prepared: Prepared, recipe: Recipe) -> dict[str, Any]:
    """The data as plain data, for the journal."""
    dataset = prepared.dataset
    return {
        "name": recipe.data.entry.full_name,
        "digest": dataset.digest,
        "task": dataset.task,
        "modality": dataset.modality,
        "shape": dataset.shape,
        "dtype": _types(dataset),
        "classes": dataset.classes,
        "class_names": list(dataset.class_names),
        "feature_names": list(dataset.feature_names),
        "labels": prepared.labels,
        "value_range": dataset.value_range,
        "splits": {name: len(split) for name, split in prepared.splits.items()},
    }


def _types(dataset: Dataset) -> str | dict[str, str]:
    inputs = dataset.train.inputs
    if isinstance(inputs, Mapping):
        return {name: str(rows.dtype) for name, rows in inputs.items()}
    return str(inputs.dtype)
