"""The columns of a table in a text file, as far as a first recipe for it must know them."""

import csv
from itertools import islice
from pathlib import Path

_MOST_ROWS = 10_000
_MISSING = frozenset(("", "?", "na", "n/a", "nan"))


def columns(file: Path, delimiter: str) -> tuple[list[str], list[str]]:
    """The columns of a table, and which of them hold text, with which no model can be fed as it is.

    Args:
        file: A file of comma-separated values in UTF-8, whose first line names the columns.
        delimiter: What stands between two values; one character.

    Returns:
        All names; and those of the columns with a value, within the first 10,000 rows, that is neither a
        number nor missing. None where the file cannot be read so.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            rows = csv.reader(text, delimiter=delimiter, skipinitialspace=True)
            names = [name.strip() for name in next(rows, [])]
            found = {
                name
                for row in islice(rows, _MOST_ROWS)
                for name, cell in zip(names, row, strict=False)
                if _is_text(cell.strip())
            }
    except (OSError, ValueError, TypeError, csv.Error):
        return [], []
    return names, [name for name in names if name in found]


def _is_text(cell: str) -> bool:
    if cell.lower() in _MISSING:
        return False
    try:
        float(cell)
    except ValueError:
        return True
    return "_" in cell  # only Python reads 1_000 as a number
