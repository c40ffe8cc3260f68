"""Shelf: a run's checkpoints as files, each whole or not there, the newest few kept."""

import json
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np

from hornbook.runner.checkpoints.checkpoint import Checkpoint
from hornbook.whole_file import settle, written_whole

_STATE = "state.json"
_DAMAGED = (
    *(OSError, ValueError, KeyError, TypeError, EOFError, MemoryError, RuntimeError),
    *(zipfile.BadZipFile, zlib.error),
)
"""What reading a damaged file may raise."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a run can go on from.

    Args:
        checkpoint: The newest that can be read and used; none if there is none.
        damaged: The names of newer ones that cannot be read.
    """

    checkpoint: Checkpoint | None
    damaged: tuple[str, ...] = ()


def write(checkpoint: Checkpoint, folder: Path, kept: int) -> Path:
    """Write a checkpoint, whole or not at all, and remove those that are no longer kept.

    Args:
        checkpoint: The checkpoint.
        folder: The folder of the run's checkpoints; made if it is missing.
        kept: How many are kept, this one included; at least 1.

    Returns:
        The file.

    Raises:
        OSError: When it cannot be written; what was there before is there still.
    """
    file = folder / f"epoch-{checkpoint.epoch:06d}-step-{checkpoint.step:08d}.npz"
    with written_whole(file) as stream:
        _fill(stream, checkpoint)
    settle(folder)  # so that the file that took its place has it after a power cut
    for old in [one for one in _files(folder) if one.name <= file.name][:-kept]:
        old.unlink(missing_ok=True)
    for torn in folder.glob("*.part"):
        torn.unlink(missing_ok=True)
    return file


def newest_name(folder: Path) -> str | None:
    """The name of the newest checkpoint; none if there is none."""
    return next((file.name for file in reversed(_files(folder))), None)


def newest(folder: Path, epochs: int) -> Found:
    """The newest checkpoint that can be used. Damaged ones are set aside, under another name.

    Args:
        folder: The folder of the run's checkpoints.
        epochs: How many epochs the journal tells of; a checkpoint of later ones has lost their metrics.

    Returns:
        The checkpoint, if there is one, and what was set aside.
    """
    damaged = []
    for file in reversed(_files(folder)):
        try:
            checkpoint = _read(file)
        except _DAMAGED:
            damaged.append(file.name)
            file.replace(file.with_name(f"{file.name}.damaged"))
            continue
        if checkpoint.epoch <= epochs:
            return Found(checkpoint, tuple(damaged))
    return Found(None, tuple(damaged))


def _files(folder: Path) -> list[Path]:
    """The checkpoints, the oldest first."""
    return sorted(folder.glob("epoch-*.npz"))


def _fill(stream: IO[bytes], checkpoint: Checkpoint) -> None:
    stored = {key: _storable(array) for key, array in checkpoint.arrays.items()}
    types = {key: array.dtype.name for key, array in checkpoint.arrays.items() if array.dtype.kind == "V"}
    position = {"epoch": checkpoint.epoch, "step": checkpoint.step, "stopped": checkpoint.stopped}
    np.savez(stream, **stored)  # type: ignore[arg-type]
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr(_STATE, json.dumps({**position, "types": types, **checkpoint.state}))


def _storable(array: np.ndarray) -> np.ndarray:
    """An array in a type that numpy can store: bfloat16 and its kin as the bytes that they are."""
    return array.view(f"uint{8 * array.dtype.itemsize}") if array.dtype.kind == "V" else array


def _read(file: Path) -> Checkpoint:
    with zipfile.ZipFile(file) as archive:
        state = json.loads(archive.read(_STATE))
    with np.load(file, allow_pickle=False) as stored:
        arrays = dict(_typed({key: stored[key] for key in stored.files if key != _STATE}, state.pop("types")))
    epoch, step, stopped = state.pop("epoch"), state.pop("step"), state.pop("stopped")
    return Checkpoint(epoch, step, arrays, state, stopped)


def _typed(arrays: Mapping[str, np.ndarray], types: Mapping[str, str]) -> Iterator[tuple[str, np.ndarray]]:
    import ml_dtypes

    for key, array in arrays.items():
        yield key, array.view(getattr(ml_dtypes, types[key])) if key in types else array
