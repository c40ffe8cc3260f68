"""Scene: a run as its own process has it, and what its model says of examples, asked once for all reports."""

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from hornbook.dataset import Split
from hornbook.reports.text import inert
from hornbook.runner.data.rows import take
from hornbook.runner.prediction import interpreted

if TYPE_CHECKING:
    from hornbook.catalog import Catalog
    from hornbook.runner.journals.folder import RunFolder
    from hornbook.runner.session import Session

MOST_EXAMPLES = 10_000
"""How many examples are predicted for, at the most."""
MOST_OUTPUTS = 1_000
"""How many numbers a model may give for an example."""
SMALL_BATCH = 100_000
"""Numbers in the inputs of a batch up to which it takes less time to call the model once than more often."""
FEW_BATCHES = 4
"""As many batches are put into one while that is small; and for as many, TensorFlow takes longer to trace a graph."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What a model says of examples that it was not trained on, where there are some.

    Args:
        split: The split's name.
        total: How many examples the split has.
        rows: The rows of the split that were predicted for, evenly spread over it; shape `(examples,)`.
        labels: What is right, encoded as the loss reads it; shape `(examples,)` or `(examples, width)`.
        outputs: What the model gives; shape `(examples, width)`.
    """

    split: str
    total: int
    rows: np.ndarray
    labels: np.ndarray
    outputs: np.ndarray

    @property
    def described(self) -> dict[str, Any]:
        """Which examples these are, as plain data."""
        return {"split": self.split, "shown": len(self.rows), "total": self.total}


@dataclass(frozen=True, slots=True)
class Classes:
    """The answers of a classifier.

    Args:
        names: The names of the classes.
        true: The number of each example's class; shape `(examples,)`.
        said: The number of the class that the model takes it for; shape `(examples,)`.
        probabilities: Of each class, shape `(examples, classes)`; none where outputs are none.
        wrongness: The greater, the worse the answer: 1 less the probability of the true class, or how far
            the output for it is behind; shape `(examples,)`.
    """

    names: tuple[str, ...]
    true: np.ndarray
    said: np.ndarray
    probabilities: np.ndarray | None
    wrongness: np.ndarray


class Scene:
    """A run as its own process has it.

    Args:
        session: Its data and objects.
        folder: Its folder.
        catalog: Where its components came from.
    """

    def __init__(self, session: "Session", folder: "RunFolder", catalog: "Catalog") -> None:
        self.session = session
        self.folder = folder
        self.catalog = catalog

    @property
    def split(self) -> tuple[str, Split]:
        """The split that reports speak of: validation, else test, else training; with its name."""
        splits = self.session.prepared.splits
        name = next(one for one in ("validation", "test", "train") if one in splits)
        return name, splits[name]

    @cached_property
    def answers(self) -> Answers | None:
        """What the model says of the split; none where there is nothing to hold it against."""
        name, split = self.split
        if split.labels is None or self.session.prepared.labels in ("input", "none") or not len(split):
            return None
        rows = np.unique(
            np.linspace(0, len(split) - 1, min(len(split), MOST_EXAMPLES)).round().astype("int64")
        )
        size = 4 * self.session.recipe.training.batch_size  # no gradients are kept: there is room for more
        outputs = predicted(self.session.assembly.model, split, rows, size)
        if outputs is None or not np.isfinite(outputs).all():
            return None
        return Answers(name, len(split), rows, split.labels[rows], outputs)

    @cached_property
    def classes(self) -> Classes | None:
        """The answers as classes; none where the model does not tell one class of several."""
        prepared = self.session.prepared
        if prepared.dataset.task != "classification" or self.answers is None:
            return None
        form, outputs, labels = prepared.labels, self.answers.outputs, self.answers.labels
        count = 2 if form in ("binary", "signed") else outputs.shape[1]
        from_logits = bool(prepared.facts.get("loss.from_logits"))
        said, probabilities = interpreted(outputs, form, count, from_logits)
        if said is None or count < 2 or labels.size != len(labels) * (count if form == "one_hot" else 1):
            return None  # several labels an example are no one class
        true = _true(labels, form)
        names = prepared.dataset.class_names
        if len(names) != count:
            names = ("-1", "+1") if form == "signed" else tuple(map(str, range(count)))
        names = tuple(name if inert(name) else f"class {number}" for number, name in enumerate(names))
        return Classes(names, true, said, probabilities, _wrongness(outputs, true, probabilities))


def predicted(model: Any, split: Split, rows: np.ndarray, size: int) -> np.ndarray | None:
    """What a model gives for rows of a split, batch by batch.

    Args:
        model: The Keras model.
        split: The examples.
        rows: The numbers of those that are asked for; at least one.
        size: Examples a batch; up to four times as many while they are small.

    Returns:
        Float32 `(rows, width)`; none where the model gives something else, or too much of it.
    """
    import keras

    size = min(max(size, min(FEW_BATCHES * size, SMALL_BATCH // _numbers(split))), len(rows))
    parts = []
    # Without a graph, a recurrent layer goes through its steps one by one in Python.
    recurrent = any(isinstance(layer, keras.layers.RNN) for layer in model._flatten_layers())
    few = len(rows) <= FEW_BATCHES * size and keras.backend.backend() == "tensorflow" and not recurrent
    with _untraced(model) if few else nullcontext():
        for first in range(0, len(rows), size):
            batch = rows[first : first + size]
            # Every batch is of one size: for another, backends would compile the model once more.
            whole = np.pad(batch, (0, size - len(batch)), mode="edge")
            given = model.predict_on_batch(take(split.inputs, whole))
            if isinstance(given, (Mapping, list, tuple)) or given.ndim != 2 or given.shape[1] > MOST_OUTPUTS:
                return None
            parts.append(np.asarray(given[: len(batch)], "float32"))
    return np.concatenate(parts)


def _numbers(split: Split) -> int:
    """How many numbers the inputs of an example are."""
    columns = split.inputs.values() if isinstance(split.inputs, Mapping) else (split.inputs,)
    return max(1, sum(math.prod(rows.shape[1:]) for rows in columns))


@contextmanager
def _untraced(model: Any) -> Iterator[None]:
    """Have a model predict without a graph."""
    before = model.run_eagerly
    model.run_eagerly, model.predict_function = True, None
    try:
        yield
    finally:
        model.run_eagerly, model.predict_function = before, None


def _true(labels: np.ndarray, form: str) -> np.ndarray:
    """The numbers of the classes in encoded labels."""
    if form == "one_hot":
        return np.asarray(labels.argmax(-1), "int64")
    if form == "integer":
        return np.asarray(labels.reshape(len(labels)), "int64")
    return np.asarray(labels.reshape(len(labels)) > (0.5 if form == "binary" else 0), "int64")


def _wrongness(outputs: np.ndarray, true: np.ndarray, probabilities: np.ndarray | None) -> np.ndarray:
    row = np.arange(len(true))
    if probabilities is not None:
        return np.asarray(1 - probabilities[row, true])
    if outputs.shape[1] == 1:  # one number, its sign the class
        return np.asarray(-outputs[:, 0] * (2 * true - 1))
    others = outputs.copy()
    others[row, true] = -np.inf
    return np.asarray(others.max(-1) - outputs[row, true])
