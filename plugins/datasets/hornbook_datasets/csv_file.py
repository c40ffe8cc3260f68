"""A table of numbers with a target, from a file of comma-separated values."""

import csv as csv_format
import math
from array import array
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from hornbook.dataset import Dataset, Split
from hornbook_datasets.files import existing_file
from hornbook_datasets.targets import Task, read_targets

_MISSING = frozenset(("", "?", "na", "n/a", "nan"))
_GREATEST = float(np.finfo("float32").max)


def csv(
    path: str,
    target: str,
    task: Task | None = None,
    ignore: Sequence[str] = (),
    delimiter: str = ",",
    class_names: Sequence[str] | None = None,
    unlabelled: bool = False,
) -> Dataset:
    r"""A table from a CSV file: one column is the target, all others are numbers.

    Args:
        path: The file, in UTF-8. Its first line names the columns.
        target: The column to predict.
        task: `classification` or `regression`. Left out, text and whole numbers that run from 0 without a gap
            are classes, and numbers with fractions are for regression.
        ignore: Columns to leave out, such as identifiers.
        delimiter: What stands between two values; one character.
        class_names: The names of the classes, in the order of their numbers. Left out, the distinct values
            of the target, sorted.
        unlabelled: Whether to read no target; its column need not be there then. For predicting.

    Returns:
        Features float32 `(rows, columns)`; class numbers int32 `(rows,)`, or numbers float32 `(rows, 1)`.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: A value is missing or no number, or the file is not of this form; with line and column.

    Example:
        >>> import pathlib, tempfile
        >>> path = pathlib.Path(tempfile.mkdtemp(), "pets.csv")
        >>> _ = path.write_text("weight,height,pet\n4.1,25,cat\n20.5,60,dog\n")
        >>> csv(str(path), target="pet").class_names
        ('cat', 'dog')
    """
    file = existing_file(path)
    if len(delimiter) != 1:
        raise ValueError(f"delimiter is {delimiter!r}; it must be one character")
    task = "classification" if class_names and task is None else task
    features, names, answers = _read(file, target, tuple(ignore), delimiter, unlabelled)
    if unlabelled:
        return Dataset(
            train=Split(features),
            task="unlabelled",
            modality="features",
            labels="none",
            feature_names=names,
        )
    column = _column(file, target, answers, task)
    try:
        targets = read_targets({"train": column}, task, class_names)
    except ValueError as error:
        raise ValueError(f"{file}, column {target!r}: {error}") from error
    return Dataset(
        train=Split(features, targets.splits["train"]),
        task=targets.task,
        modality="features",
        labels=targets.form,
        class_names=targets.class_names,
        feature_names=names,
    )


def _read(
    file: Path, target: str, ignore: tuple[str, ...], delimiter: str, unlabelled: bool
) -> tuple[np.ndarray, tuple[str, ...], dict[int, str]]:
    """The numbers of a file, the names of their columns, and the text in its target column by line.

    There is no text where it is unlabelled.
    """
    numbers, answers = array("f"), dict[int, str]()
    lines = _lines(file, delimiter)
    header = [name.strip() for name in next(lines, (1, [""]))[1]]
    optional = (target, *ignore) if unlabelled else ()
    _check_header(file, header, target, ignore, optional)
    wanted = [place for place, name in enumerate(header) if name != target and name not in ignore]
    answer = None if unlabelled else header.index(target)
    for line, cells in lines:
        if len(cells) != len(header):
            raise ValueError(
                f"{file}, line {line}: {len(cells)} values, but the first line names {len(header)}"
            )
        try:
            row = [float(cells[place]) for place in wanted]
        except ValueError:
            row = []
        # One sum a row finds NaN, infinity and what float32 cannot hold. Only Python reads 1_000 as a number.
        if len(row) < len(wanted) or not sum(map(abs, row)) <= _GREATEST or "_" in "".join(cells):
            _check_cells(file, line, header, wanted, cells)
        numbers.extend(row)
        answers[line] = "" if answer is None else cells[answer].strip()
        if answer is not None and answers[line].lower() in _MISSING:
            raise ValueError(
                f"{file}, line {line}, column {target!r}: the value is missing; leave the row out"
            )
    if not answers:
        raise ValueError(f"{file} has no rows below its first line")
    names = tuple(header[place] for place in wanted)
    return np.frombuffer(numbers, "float32").reshape(len(answers), len(wanted)), names, answers


def _lines(file: Path, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The cells of each line that is not blank, with the line's number."""
    with file.open(encoding="utf-8-sig", newline="") as text:
        reader = csv_format.reader(text, delimiter=delimiter, skipinitialspace=True, strict=True)
        try:
            yield from ((reader.line_num, cells) for cells in reader if cells)
        except csv_format.Error as error:
            raise ValueError(f"{file}, line {reader.line_num}: {error}") from error
        except UnicodeDecodeError as error:
            raise ValueError(f"{file} is not text in UTF-8: {error.reason}; save it as UTF-8") from error


def _check_header(
    file: Path, header: list[str], target: str, ignore: tuple[str, ...], optional: tuple[str, ...]
) -> None:
    listed = ", ".join(header)
    for name in (target, *ignore):
        if name not in header and name not in optional:
            raise ValueError(f"{file} has no column {name!r}; its first line names {listed}")
    repeated = [name for name in header if header.count(name) > 1]
    if repeated:
        raise ValueError(f"{file}: the first line names the column {repeated[0]!r} more than once")
    if target in ignore:
        raise ValueError(f"the column {target!r} is the target, so it cannot be ignored")
    if set(header) <= {target, *ignore}:
        raise ValueError(f"{file} has no columns of features beside {target!r}")


def _check_cells(file: Path, line: int, header: list[str], wanted: list[int], cells: list[str]) -> None:
    """Say which value of a line is not a number that float32 can hold, if one is not."""
    for place in wanted:
        cell = cells[place].strip()
        where = f"{file}, line {line}, column {header[place]!r}"
        if cell.lower() in _MISSING:
            raise ValueError(f"{where}: the value is missing; fill it in, or leave the row out")
        number = _number(cell)
        if number is None:
            raise ValueError(f"{where}: {cell!r} is not a number; columns of text go under 'ignore'")
        if not abs(number) <= _GREATEST:
            raise ValueError(f"{where}: {cell} is beyond the range of float32")


def _number(cell: str) -> float | None:
    try:
        return None if "_" in cell else float(cell)
    except ValueError:
        return None


def _column(file: Path, target: str, answers: dict[int, str], task: Task | None) -> np.ndarray:
    """The target as numbers where all of it is; numbers with fractions that are to be classes stay text."""
    texts = list(answers.values())
    numbers = {line: _number(text) for line, text in answers.items()}
    odd = [line for line, number in numbers.items() if number is None or not math.isfinite(number)]
    if odd and (task == "regression" or (task is None and len(odd) < len(texts))):
        remedy = "" if task else ", while other values are; correct it, or add 'task: classification'"
        where = f"{file}, line {odd[0]}, column {target!r}"
        raise ValueError(f"{where}: {answers[odd[0]]!r} is not a number{remedy}")
    column = np.array(texts if odd else list(numbers.values()))
    fractions = not odd and (column != np.floor(column)).any()
    return np.array(texts) if task == "classification" and fractions else column
