"""What a run's own process keeps for its reports: small JSON and npz files, which are data and run no code."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hornbook.runner.journals.folder import RunFolder, write_json

Data = Mapping[str, Any]
"""Plain data and numpy arrays, by name."""

FAILURES = "failures"
"""The name of the data that says which sources failed, and why."""


def place(folder: RunFolder) -> Path:
    """Where the data lies."""
    return folder.reports / "data"


def save(folder: RunFolder, name: str, data: Data) -> None:
    """Keep data: arrays in `<name>.npz`, all else in `<name>.json`, which is written last.

    Args:
        folder: The run's folder.
        name: What it is called.
        data: The data; arrays are of numbers, truth values or text.

    Raises:
        OSError: When it cannot be written.
        ValueError: When an array holds objects.
    """
    import numpy as np

    remove(folder, name)
    arrays = {key: value for key, value in data.items() if isinstance(value, np.ndarray)}
    if arrays:
        _save_arrays(place(folder) / f"{name}.npz", arrays)
    write_json(
        place(folder) / f"{name}.json", {key: value for key, value in data.items() if key not in arrays}
    )


def _save_arrays(file: Path, arrays: Mapping[str, Any]) -> None:
    import numpy as np

    file.parent.mkdir(parents=True, exist_ok=True)
    with beside(file) as unfinished, unfinished.open("wb") as stream:
        np.savez_compressed(stream, allow_pickle=False, **arrays)


@contextmanager
def beside(file: Path) -> Iterator[Path]:
    """A file to write to, which takes the place of another once it is whole."""
    unfinished = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        yield unfinished
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)


def load(folder: RunFolder, name: str) -> dict[str, Any] | None:
    """Read data.

    Args:
        folder: The run's folder.
        name: What it is called.

    Returns:
        The data; none where there is none of that name.

    Raises:
        ValueError: When a file is not what `save` wrote.
    """
    import numpy as np

    file = place(folder) / f"{name}.json"
    if not file.is_file():
        return None
    data = json.loads(file.read_text("utf-8"))
    if not isinstance(data, dict):
        raise ValueError(f"{file.name} is no mapping")
    arrays = file.with_suffix(".npz")
    if arrays.is_file():
        with np.load(arrays, allow_pickle=False) as stored:
            data |= {key: stored[key] for key in stored.files}
    return data


def remove(folder: RunFolder, name: str) -> None:
    """Forget data, where there is some."""
    for suffix in (".json", ".npz"):
        (place(folder) / f"{name}{suffix}").unlink(missing_ok=True)


def stamp(folder: RunFolder, name: str) -> list[int] | None:
    """Something that changes whenever the data does; none where there is none."""
    try:
        status = (place(folder) / f"{name}.json").stat()
    except OSError:
        return None
    return [status.st_mtime_ns, status.st_size]


def failures(folder: RunFolder) -> dict[str, str]:
    """Why sources of data failed, by their names."""
    try:
        return {name: str(reason) for name, reason in (load(folder, FAILURES) or {}).items()}
    except (OSError, ValueError):
        return {}
