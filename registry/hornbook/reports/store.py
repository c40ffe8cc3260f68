"""What a run's own process keeps for its reports: small JSON and npz files, which are data and run no code."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hornbook.runner.journals.folder import RunFolder
from hornbook.whole_file import write_json, written_whole

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
        with written_whole(place(folder) / f"{name}.npz", durable=False) as stream:
            np.savez_compressed(stream, allow_pickle=False, **arrays)
    rest = {key: value for key, value in data.items() if key not in arrays}
    write_json(place(folder) / f"{name}.json", rest, durable=False)


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
