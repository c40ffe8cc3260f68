"""Dataset and Split: what a dataset component returns. The contract between data and runs."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol, runtime_checkable

import numpy as np

Modality = Literal["images", "tokens", "features"]
DatasetLabels = Literal["integer", "one_hot", "binary", "signed", "real", "none"]


@runtime_checkable
class Rows(Protocol):
    """An array, or what can stand for one: rows that are read when they are asked for.

    `shape` and `dtype` are as numpy's; `rows[indices]` takes a 1-d array of row numbers and returns a
    numpy array of those rows.
    """

    @property
    def shape(self) -> tuple[int, ...]:
        """The number of rows, and the shape of one."""

    @property
    def dtype(self) -> np.dtype:
        """The type of every number."""

    def __len__(self) -> int: ...

    def __getitem__(self, rows: np.ndarray, /) -> np.ndarray: ...


Inputs = Rows | Mapping[str, Rows]


@dataclass(frozen=True, slots=True)
class Split:
    """Examples for one purpose: training, validation or test.

    Args:
        inputs: One array, or a named mapping of them, of shape `(examples, ...)`.
        labels: Shape `(examples,)` or `(examples, width)`; none where there are no labels.
    """

    inputs: Inputs
    labels: np.ndarray | None = None

    def __len__(self) -> int:
        inputs = self.inputs
        return len(next(iter(inputs.values())) if isinstance(inputs, Mapping) else inputs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """Data with all that a run must know of it.

    Args:
        train: What is trained on. A run's own `validation` and `test` are split off from it.
        validation: What is measured after every epoch, where the data comes with it.
        test: What is measured once, at the end, where the data comes with it.
        task: `"classification"`, `"regression"`, or another word.
        modality: What an augmenter finds the inputs under: `"images"` (height, width, channels),
            `"tokens"` (integers in a row) or `"features"` (anything else).
        labels: The form in which `Split.labels` are written here; a run encodes them as its loss wants.
        class_names: The names of the classes, in the order of their numbers; empty without classes.
        feature_names: The names of the columns of `features`, in order, where they have names.
        value_range: The least and the greatest value that inputs can take, where that is known.
        digest: Says which data this is; computed from the content where it is left out.

    Example:
        >>> import numpy as np
        >>> split = Split(np.zeros((4, 2), "float32"), np.array([0, 1, 1, 0]))
        >>> data = Dataset(train=split, task="classification", modality="features", labels="integer",
        ...                class_names=("no", "yes"))
        >>> data.shape, data.classes
        ((2,), 2)
    """

    train: Split
    validation: Split | None = None
    test: Split | None = None
    task: str
    modality: Modality
    labels: DatasetLabels
    class_names: tuple[str, ...] = ()
    feature_names: tuple[str, ...] = ()
    value_range: tuple[float, float] | None = None
    digest: str = field(default="")

    def __post_init__(self) -> None:
        if not self.digest:
            object.__setattr__(self, "digest", _digest(self))

    @property
    def shape(self) -> tuple[int, ...] | dict[str, tuple[int, ...]]:
        """The shape of one input without the batch axis; by name where there are several inputs."""
        inputs = self.train.inputs
        if isinstance(inputs, Mapping):
            return {name: tuple(rows.shape[1:]) for name, rows in inputs.items()}
        return tuple(inputs.shape[1:])

    @property
    def classes(self) -> int | None:
        """How many classes there are; none where the labels are not classes."""
        return len(self.class_names) or None

    @property
    def splits(self) -> dict[str, Split]:
        """The splits that there are, by name."""
        named = {"train": self.train, "validation": self.validation, "test": self.test}
        return {name: split for name, split in named.items() if split is not None}


def _digest(dataset: Dataset) -> str:
    content = hashlib.sha256()
    for name, split in dataset.splits.items():
        inputs = split.inputs
        columns = dict(inputs) if isinstance(inputs, Mapping) else {"inputs": inputs}
        for column, rows in {**columns, "labels": split.labels}.items():
            if rows is None:
                continue
            content.update(f"{name}.{column} {rows.shape} {rows.dtype}\n".encode())
            everything = rows if isinstance(rows, np.ndarray) else rows[np.arange(len(rows))]
            content.update(np.ascontiguousarray(everything).tobytes())
    return "sha256:" + content.hexdigest()
