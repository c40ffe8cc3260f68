"""A few rows of input in the form that the model takes: `input_example.json`."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from hornbook.reports.report import Report, Source, Told
from hornbook.reports.store import Data
from hornbook.runner.data.rows import take

if TYPE_CHECKING:
    from hornbook.reports.scene import Scene

ROWS = 5
FEW_NUMBERS = 20_000
"""Numbers in the example, as long as that leaves a row."""
MOST_NUMBERS = 160_000
"""Numbers in a row beyond which there is no example; an image of 224 by 224 by 3 has 150,528."""


def gather(scene: "Scene") -> Data | None:
    """The first rows of the split that reports speak of."""
    _, split = scene.split
    inputs = split.inputs
    columns = dict(inputs) if isinstance(inputs, Mapping) else {"": inputs}
    width = sum(int(np.prod(rows.shape[1:])) for rows in columns.values())
    if width > MOST_NUMBERS or not len(split):
        return None
    rows = np.arange(min(len(split), max(1, min(ROWS, FEW_NUMBERS // max(1, width)))))
    taken = take(inputs, rows)
    named = isinstance(taken, Mapping)
    arrays = dict(taken) if isinstance(taken, Mapping) else {"": taken}
    kept = {f"input{number}": _text_or_number(one) for number, one in enumerate(arrays.values())}
    return {**kept, "names": list(arrays) if named else None}


def _text_or_number(rows: np.ndarray) -> np.ndarray:
    """Text kept as objects becomes text; of anything else in them there is no form that is only data."""
    if rows.dtype != object:
        return rows
    if not all(isinstance(one, str) for one in rows.ravel()):
        raise ValueError("the inputs are neither numbers nor text")
    return rows.astype(str)


def page(told: Told) -> str | None:
    """The file: `{"inputs": rows}`, or `{"inputs": {name: rows}}` where inputs have names."""
    data = told.data("input_example")
    if data is None:
        return None
    names = data["names"]
    columns = [_rows(data[f"input{number}"]) for number in range(len(names) if names is not None else 1)]
    inputs: Any = columns[0] if names is None else dict(zip(names, columns, strict=True))
    return json.dumps({"inputs": inputs}, allow_nan=True) + "\n"


def _rows(values: np.ndarray) -> Any:
    """Rows as lists; a float32 in as few digits as tell it from its neighbours."""
    if values.dtype.kind == "f" and values.dtype.itemsize < 8:
        flat = np.array([float(str(one)) for one in values.ravel()])
        return flat.reshape(values.shape).tolist()
    return values.tolist()


SOURCES = (Source("input_example", "begun", gather),)
REPORTS = (Report("input_example.json", "Input as the model takes it", "json", ("input_example",), page),)
