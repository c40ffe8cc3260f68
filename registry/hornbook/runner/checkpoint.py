"""Checkpoint: everything that the rest of a training depends on, in one file that is whole or not there."""

import json
import os
import random
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np

from hornbook.problem import HornbookError, Problem
from hornbook.runner.callback_state import callback_state, set_callback_state

KEPT = 2
"""How many checkpoints are kept: the newest, and one more should it turn out to be damaged."""
_STATE = "state.json"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state of a training between two steps.

    Args:
        epoch: How many epochs were complete.
        step: How many steps of the next one were.
        arrays: Weights, optimizer, metrics and seed generators, by where they belong.
        state: What is no array: callbacks and the generators of Python.
        stopped: Whether a callback had ended the training.
    """

    epoch: int
    step: int
    arrays: Mapping[str, np.ndarray]
    state: Mapping[str, Any]
    stopped: bool = False


def capture(
    model: keras.Model, callbacks: Sequence[keras.callbacks.Callback], epoch: int, step: int
) -> Checkpoint:
    """Take the state of a training.

    Args:
        model: The model, compiled and built.
        callbacks: The recipe's callbacks.
        epoch: How many epochs are complete.
        step: How many steps of the next one are.

    Returns:
        The checkpoint.
    """
    groups = _variables(model, within_epoch=step > 0)
    arrays = {key: keras.ops.convert_to_numpy(one.value) for key, one in groups.items()}
    states = [callback_state(callback, f"callbacks/{n}", arrays) for n, callback in enumerate(callbacks)]
    state = {"callbacks": states, "randomness": _randomness(arrays)}
    return Checkpoint(epoch, step, arrays, state, bool(model.stop_training))


def restore(
    checkpoint: Checkpoint, model: keras.Model, callbacks: Sequence[keras.callbacks.Callback]
) -> None:
    """Put a training back into the state of a checkpoint, but for its metrics; see `restore_metrics`.

    Args:
        checkpoint: The checkpoint.
        model: The model, compiled and built as it was then.
        callbacks: The recipe's callbacks, their `on_train_begin` already called.

    Raises:
        HornbookError: When the checkpoint is of another model.
    """
    if not model.optimizer.built:
        model.optimizer.build(model.trainable_variables)
    _assign(checkpoint, _variables(model, within_epoch=False))
    for callback, state in zip(callbacks, checkpoint.state["callbacks"], strict=True):
        set_callback_state(callback, state, checkpoint.arrays)
    _set_randomness(checkpoint)


def restore_metrics(checkpoint: Checkpoint, model: keras.Model) -> None:
    """Put the metrics of a broken off epoch back, once Keras has reset them for the epoch."""
    metrics = {
        key: one for key, one in _variables(model, within_epoch=True).items() if key.startswith("metrics/")
    }
    _assign(checkpoint, metrics)


def _variables(model: keras.Model, within_epoch: bool) -> dict[str, Any]:
    groups = {"model": model.variables, "optimizer": model.optimizer.variables}
    if within_epoch:
        groups["metrics"] = [one for metric in model.metrics for one in metric.variables]
    return {f"{group}/{n}": one for group, found in groups.items() for n, one in enumerate(found)}


def _assign(checkpoint: Checkpoint, variables: Mapping[str, Any]) -> None:
    for key, variable in variables.items():
        value = checkpoint.arrays.get(key)
        if value is None or tuple(value.shape) != tuple(variable.shape):
            message = f"the checkpoint does not fit the model: {key} ({variable.path}) differs"
            hint = "a plugin may have changed since; run the recipe anew"
            raise HornbookError(Problem(code="HB521", message=message, hint=hint), exit_code=1)
        variable.assign(value)


def _randomness(arrays: dict[str, np.ndarray]) -> dict[str, Any]:
    """The generators that anybody's code may draw from, beside Keras' own."""
    name, keys, position, has_gauss, cached = np.random.get_state(legacy=True)
    arrays["randomness/numpy"] = np.asarray(keys)
    if keras.backend.backend() == "torch":
        import torch

        arrays["randomness/torch"] = torch.get_rng_state().numpy()
    return {"python": random.getstate(), "numpy": [name, position, has_gauss, cached]}


def _set_randomness(checkpoint: Checkpoint) -> None:
    python, (name, position, has_gauss, cached) = (
        checkpoint.state["randomness"]["python"],
        checkpoint.state["randomness"]["numpy"],
    )
    random.setstate((python[0], tuple(python[1]), python[2]))
    np.random.set_state((name, checkpoint.arrays["randomness/numpy"], position, has_gauss, cached))
    if "randomness/torch" in checkpoint.arrays:
        import torch

        torch.set_rng_state(torch.from_numpy(checkpoint.arrays["randomness/torch"].copy()))


def write(checkpoint: Checkpoint, folder: Path) -> Path:
    """Write a checkpoint, whole or not at all, and remove those that are no longer kept.

    Args:
        checkpoint: The checkpoint.
        folder: The folder of the run's checkpoints; made if it is missing.

    Returns:
        The file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    position = {"epoch": checkpoint.epoch, "step": checkpoint.step, "stopped": checkpoint.stopped}
    with tempfile.NamedTemporaryFile("w+b", dir=folder, suffix=".part", delete=False) as part:
        np.savez(part, **checkpoint.arrays)  # type: ignore[arg-type]
        with zipfile.ZipFile(part, "a") as archive:
            archive.writestr(_STATE, json.dumps({**position, **checkpoint.state}))
        part.flush()
        os.fsync(part.fileno())
    file = folder / f"epoch-{checkpoint.epoch:06d}-step-{checkpoint.step:08d}.npz"
    Path(part.name).replace(file)
    for old in sorted(folder.glob("epoch-*.npz"))[:-KEPT]:
        old.unlink(missing_ok=True)
    for torn in folder.glob("*.part"):
        torn.unlink(missing_ok=True)
    return file


def newest(folder: Path) -> Checkpoint | None:
    """The newest checkpoint that can be read; none if there is none."""
    for file in sorted(folder.glob("epoch-*.npz"), reverse=True):
        try:
            return _read(file)
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            continue
    return None


def _read(file: Path) -> Checkpoint:
    with zipfile.ZipFile(file) as archive:
        state = json.loads(archive.read(_STATE))
    with np.load(file, allow_pickle=False) as stored:
        arrays = {key: stored[key] for key in stored.files if key != _STATE}
    epoch, step, stopped = state.pop("epoch"), state.pop("step"), state.pop("stopped")
    return Checkpoint(epoch, step, arrays, state, stopped)
