"""Rows of data: selecting some of them without reading them."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from hornbook.dataset import Inputs, Rows


@dataclass(frozen=True, slots=True)
class Selection:
    """Some rows of data that are read when they are asked for.

    Args:
        rows: All rows.
        chosen: The numbers of those that are in.
    """

    rows: Rows
    chosen: np.ndarray

    @property
    def shape(self) -> tuple[int, ...]:
        """As numpy's."""
        return (len(self.chosen), *self.rows.shape[1:])

    @property
    def dtype(self) -> np.dtype:
        """As numpy's."""
        return self.rows.dtype

    def __len__(self) -> int:
        return len(self.chosen)

    def __getitem__(self, wanted: np.ndarray, /) -> np.ndarray:
        return self.rows[self.chosen[wanted]]


def select(inputs: Inputs, chosen: np.ndarray) -> Inputs:
    """Some rows of the inputs; arrays are copied, rows that are read on demand stay unread."""
    if isinstance(inputs, Mapping):
        return {name: _select(rows, chosen) for name, rows in inputs.items()}
    return _select(inputs, chosen)


def _select(rows: Rows, chosen: np.ndarray) -> Rows:
    return rows[chosen] if isinstance(rows, np.ndarray) else Selection(rows, chosen)


def take(inputs: Inputs, chosen: np.ndarray) -> np.ndarray | dict[str, np.ndarray]:
    """Read some rows."""
    if isinstance(inputs, Mapping):
        return {name: rows[chosen] for name, rows in inputs.items()}
    return inputs[chosen]


def in_memory(inputs: Inputs) -> bool:
    """Whether every row is an array's already."""
    columns = inputs.values() if isinstance(inputs, Mapping) else (inputs,)
    return all(isinstance(rows, np.ndarray) for rows in columns)
