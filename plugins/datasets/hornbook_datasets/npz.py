"""Arrays from an npz file of numpy's."""

import zipfile
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from hornbook.dataset import Dataset, Modality, Split
from hornbook_datasets.files import existing_file
from hornbook_datasets.inputs import prepare_inputs
from hornbook_datasets.targets import Task, read_targets

_ENDINGS = {"train": ["train"], "validation": ["validation", "val", "valid"], "test": ["test"]}


def npz(
    path: str,
    arrays: Mapping[str, str | Sequence[str]] | None = None,
    task: Task | None = None,
    modality: Modality | None = None,
    scale: float | None = None,
    class_names: Sequence[str] | None = None,
) -> Dataset:
    """Arrays from an npz file, as numpy.savez writes it.

    Args:
        path: The file. Nothing in it is unpickled.
        arrays: The names of the arrays of inputs and of labels, for each split, such as
            `{train: [images, labels], test: [test_images, test_labels]}`; without labels, `{train: images}`.
            Left out: `x_train`, `y_train` and, where there are some, `x_val`, `y_val` (or `valid`,
            `validation`) and `x_test`, `y_test`; else `x`, `y`; else `x` alone.
        task: `classification` or `regression`. Left out, text, truth values, one-hot rows and whole numbers
            that run from 0 without a gap are classes, and numbers with fractions are for regression.
        modality: `images`, of shape `(examples, height, width)` or with channels last; `tokens`, whole
            numbers `(examples, length)`; or `features`, of any shape. Left out, unsigned integers of three or
            four axes are images, and so are numbers of four axes of which the last is 1, 3 or 4; all else
            is features.
        scale: What inputs are multiplied by, above 0. Left out, images of unsigned integers are scaled to
            [0, 1], and nothing else is scaled.
        class_names: The names of the classes, in the order of their numbers. Left out, the distinct values
            of the labels, sorted.

    Returns:
        Inputs float32 (tokens int32), images with an axis of channels; class numbers int32 `(examples,)`, or
        numbers float32 `(examples, width)`.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: The file or its arrays are not of this form; the message tells.

    Example:
        >>> import tempfile
        >>> path = tempfile.mkdtemp() + "/data.npz"
        >>> np.savez(path, x=np.zeros((4, 28, 28), "uint8"), y=np.array([0, 1, 0, 1]))
        >>> npz(path).shape
        (28, 28, 1)
    """
    file = existing_file(path)
    try:
        columns = _read(file, arrays)
        inputs = prepare_inputs({split: column[0] for split, column in columns.items()}, modality, scale)
        labelled = {split: column[1] for split, column in columns.items() if len(column) > 1}
        targets = read_targets(labelled, task, class_names) if labelled else None
    except ValueError as error:
        raise ValueError(f"{file}: {error}") from error
    splits = {
        split: Split(rows, targets.splits[split] if targets else None)
        for split, rows in inputs.splits.items()
    }
    return Dataset(
        train=splits["train"],
        validation=splits.get("validation"),
        test=splits.get("test"),
        task=targets.task if targets else "unlabelled",
        modality=inputs.modality,
        labels=targets.form if targets else "none",
        class_names=targets.class_names if targets else (),
        value_range=inputs.value_range,
    )


def _read(file: Path, arrays: Mapping[str, str | Sequence[str]] | None) -> dict[str, list[np.ndarray]]:
    """The arrays of each split: inputs, and labels where there are some; as many of one as of the other."""
    with file.open("rb") as opened:
        try:
            held = np.load(opened, allow_pickle=False)
        except (ValueError, OSError, EOFError, zipfile.BadZipFile):
            raise ValueError("this is not an npz file that can be read; numpy.savez writes one") from None
        if not isinstance(held, np.lib.npyio.NpzFile):
            raise ValueError("this is a single array; numpy.savez writes several, by name, into one npz file")
        names = _given(arrays) if arrays else _conventional(held.files)
        columns = {split: [_array(held, name) for name in couple] for split, couple in names.items()}
    if len({len(column) for column in columns.values()}) > 1:
        raise ValueError("some splits have labels and others have none")
    for split, column in columns.items():
        lengths = [len(rows) for rows in column]
        if len(set(lengths)) > 1:
            raise ValueError(f"{split} has {lengths[0]} inputs but {lengths[1]} labels")
        if not lengths[0]:
            raise ValueError(f"{split} has no examples")
    return columns


def _given(arrays: Mapping[str, str | Sequence[str]]) -> dict[str, list[str]]:
    """The names as a recipe gives them."""
    names = {split: [couple] if isinstance(couple, str) else list(couple) for split, couple in arrays.items()}
    if "train" not in names or not set(names) <= set(_ENDINGS):
        raise ValueError(f"arrays are given for {', '.join(names)}; they are for train, validation and test")
    if any(len(couple) not in (1, 2) for couple in names.values()):
        raise ValueError("arrays names, for each split, one array of inputs and at most one of labels")
    return names


def _conventional(held: Sequence[str]) -> dict[str, list[str]]:
    """The names that people give to arrays."""
    if "x_train" not in held:
        if "x" in held:
            return {"train": ["x", "y"] if "y" in held else ["x"]}
        raise ValueError(
            f"it holds {', '.join(held) or 'nothing'}, but neither x_train, y_train nor x, y; say which is "
            "which, such as 'arrays: {train: [images, labels]}' or, without labels, 'arrays: {train: images}'"
        )
    return {
        split: [f"x_{ending}", f"y_{ending}"]
        for split, endings in _ENDINGS.items()
        for ending in endings
        if f"x_{ending}" in held
    }


def _array(held: "np.lib.npyio.NpzFile", name: str) -> np.ndarray:
    if name not in held.files:
        raise ValueError(f"it has no array {name!r}; it holds {', '.join(held.files)}")
    try:
        array = held[name]
    except ValueError as error:
        if "allow_pickle" not in str(error):
            raise ValueError(f"the array {name!r} is damaged: {error}") from error
        raise ValueError(
            f"the array {name!r} holds Python objects, which are not loaded because they can run code; "
            "save numbers or text"
        ) from None
    except (OSError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise ValueError(f"the array {name!r} is damaged: {error}") from error
    if not array.ndim:
        raise ValueError(f"the array {name!r} is a single value")
    return array
