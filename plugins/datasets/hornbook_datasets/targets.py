"""Targets as they stand in a file -> labels: which task they make, and what their classes are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

Task = Literal["classification", "regression"]


@dataclass(frozen=True, slots=True)
class Targets:
    """Labels for each split, and what is to be known of them.

    Args:
        task: What the labels are for.
        form: `"integer"`, int32 of shape `(examples,)`, or `"real"`, float32 of shape `(examples, width)`.
        class_names: In the order of the class numbers; empty for regression.
        splits: The labels, by the name of the split.
    """

    task: Task
    form: Literal["integer", "real"]
    class_names: tuple[str, ...]
    splits: dict[str, np.ndarray]


def read_targets(
    columns: Mapping[str, np.ndarray], task: Task | None = None, class_names: Sequence[str] | None = None
) -> Targets:
    """Make labels of targets.

    Left to itself, the task is what the targets leave no doubt about: text, truth values, one-hot rows and
    whole numbers that run from 0 without a gap are classes; numbers with fractions are to be predicted as
    numbers. Other whole numbers could be either, so the task must then be given.

    Args:
        columns: The targets of each split: text, truth values or numbers, of shape `(examples,)` or
            `(examples, width)`.
        task: `"classification"` or `"regression"`.
        class_names: The names of the classes. Targets are then these names, be they text or numbers, or else
            numbers counted from 0. Left out, the names are the distinct values that occur in any split, sorted.

    Returns:
        The labels.

    Raises:
        ValueError: The targets are neither, or do not fit the task.

    Example:
        >>> targets = read_targets({"train": np.array(["cat", "dog", "cat"])})
        >>> targets.class_names, targets.splits["train"]
        (('cat', 'dog'), array([0, 1, 0], dtype=int32))
    """
    if task not in (None, "classification", "regression"):
        raise ValueError(f"task is {task!r}; it can be classification or regression")
    lengths = [len(column) for column in columns.values()]
    everything = _joined(columns)
    if (task or _evident(everything, bool(class_names))) == "classification":
        names, numbers = _classes(everything, tuple(map(str, class_names or ())))
        return Targets("classification", "integer", names, _parted(columns, numbers.astype("int32"), lengths))
    if class_names:
        raise ValueError("class_names are given, but the task is regression")
    return Targets("regression", "real", (), _parted(columns, _reals(everything), lengths))


def _joined(columns: Mapping[str, np.ndarray]) -> np.ndarray:
    """All splits' targets in one array of two axes."""
    widths = {column.shape[1:] for column in columns.values()}
    if len(widths) > 1 or len(next(iter(widths))) > 1:
        shapes = ", ".join(f"{name} {column.shape}" for name, column in columns.items())
        raise ValueError(f"labels are one column or several, as many in every split; they are {shapes}")
    everything = np.concatenate([column.reshape(len(column), -1) for column in columns.values()])
    if everything.dtype.kind not in "biufUS":
        raise ValueError(f"labels are text or numbers, not {everything.dtype}")
    if everything.dtype.kind == "f" and not np.isfinite(everything).all():
        raise ValueError("there are labels that are missing or infinite; leave those examples out")
    return np.char.decode(everything, "utf-8") if everything.dtype.kind == "S" else everything


def _parted(columns: Mapping[str, np.ndarray], rows: np.ndarray, lengths: list[int]) -> dict[str, np.ndarray]:
    return dict(zip(columns, np.split(rows, np.cumsum(lengths)[:-1]), strict=True))


def _evident(values: np.ndarray, named: bool) -> Task:
    """The task that targets leave no doubt about."""
    if named or values.dtype.kind in "bU" or _one_hot(values):
        return "classification"
    if not _whole(values):
        return "regression"
    distinct = np.unique(values)
    if values.shape[1] == 1 and np.array_equal(distinct, np.arange(len(distinct))):
        return "classification"
    raise ValueError(
        f"the labels are whole numbers from {distinct[0]:g} to {distinct[-1]:g}, which could be classes or "
        "amounts; add 'task: classification' or 'task: regression'"
    )


def _classes(values: np.ndarray, names: tuple[str, ...]) -> tuple[tuple[str, ...], np.ndarray]:
    """The names of the classes, and the class number of every example."""
    counted = _one_hot(values)
    if counted:
        names = names or tuple(map(str, range(values.shape[1])))
        values = values.argmax(axis=1)[:, None]
    if values.shape[1] > 1:
        raise ValueError(f"{values.shape[1]} columns of labels are classes only where every row is one-hot")
    column = values[:, 0]
    if column.dtype.kind != "U":
        if not _whole(column):
            raise ValueError("the labels have fractions, so they are no classes; add 'task: regression'")
        column = column if column.dtype.kind == "b" else column.astype("int64")
    if not names:
        distinct, numbers = np.unique(column, return_inverse=True)
        if len(distinct) == 1:
            raise ValueError(f"all labels are {distinct[0]}: there is nothing to tell apart")
        return tuple(map(str, distinct.tolist())), numbers
    known = {name: number for number, name in enumerate(names)}
    distinct, places = np.unique(column, return_inverse=True)
    called = list(map(str, distinct.tolist()))
    if not counted and (column.dtype.kind == "U" or known.keys() >= set(called)):
        unknown = [name for name in called if name not in known]
        if unknown:
            raise ValueError(f"the label {unknown[0]!r} is not among class_names")
        return names, np.array([known[name] for name in called])[places]
    numbers = column.astype("int64")
    if numbers.min() < 0 or numbers.max() >= len(names):
        outside = numbers.min() if numbers.min() < 0 else numbers.max()
        raise ValueError(
            f"there are {len(names)} class_names, so labels run to {len(names) - 1}, not {outside}"
        )
    return names, numbers


def _reals(values: np.ndarray) -> np.ndarray:
    if values.dtype.kind == "U":
        raise ValueError(f"the label {values.flat[0]} is text, which regression cannot predict")
    with np.errstate(over="ignore"):  # what overflows is infinite, and refused below
        reals = values.astype("float32")
    if not np.isfinite(reals).all():
        raise ValueError("there are labels beyond the range of float32; scale them down")
    return reals


def _whole(values: np.ndarray) -> bool:
    return values.dtype.kind in "biu" or bool((values == np.floor(values)).all())


def _one_hot(values: np.ndarray) -> bool:
    return (
        values.shape[1] > 1
        and values.dtype.kind != "U"
        and bool(((values == 0) | (values == 1)).all() and (values.sum(axis=1) == 1).all())
    )
