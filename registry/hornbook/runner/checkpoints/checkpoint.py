"""Checkpoint: everything that the rest of a training depends on, in one file that is whole or not there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from hornbook.problem import HornbookError, Problem
from hornbook.runner.checkpoints.callback_state import callback_state, set_callback_state
from hornbook.runner.checkpoints.randomness import randomness, set_randomness


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
    if hasattr(model, "jax_state_sync"):  # under JAX, fit keeps the variables' values to itself
        model.jax_state_sync()
    groups = _variables(model, within_epoch=step > 0)
    arrays = {key: keras.ops.convert_to_numpy(one.value) for key, one in groups.items()}
    states = [callback_state(callback, f"callbacks/{n}", arrays) for n, callback in enumerate(callbacks)]
    state = {"callbacks": states, "randomness": randomness(arrays)}
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
    states = checkpoint.state["callbacks"]
    if len(states) != len(callbacks):
        raise _misfit(f"it is of {len(states)} callbacks, and there are {len(callbacks)}")
    for callback, state in zip(callbacks, states, strict=True):
        set_callback_state(callback, state, checkpoint.arrays)
    set_randomness(checkpoint.state["randomness"], checkpoint.arrays)


def restore_metrics(checkpoint: Checkpoint, model: keras.Model) -> None:
    """Put the metrics of a broken off epoch back, once Keras has reset them for the epoch."""
    metrics = {
        key: one for key, one in _variables(model, within_epoch=True).items() if key.startswith("metrics/")
    }
    _assign(checkpoint, metrics)


def not_finite(model: keras.Model) -> frozenset[str]:
    """The weights of a model in which there is something that is not finite, by where they belong."""
    weights = _variables(model, within_epoch=False, optimizer=False)
    return not_finite_in({key: keras.ops.convert_to_numpy(one.value) for key, one in weights.items()})


def not_finite_in(arrays: Mapping[str, np.ndarray]) -> frozenset[str]:
    """The weights among arrays in which there is something that is not finite."""
    return frozenset(
        key
        for key, array in arrays.items()
        if key.startswith("model/") and array.dtype.kind not in "iub" and not np.isfinite(array).all()
    )


def _variables(model: keras.Model, within_epoch: bool, optimizer: bool = True) -> dict[str, Any]:
    groups = {"model": model.variables}
    if optimizer:
        groups["optimizer"] = model.optimizer.variables
    if within_epoch:
        groups["metrics"] = [one for metric in model.metrics for one in metric.variables]
    return {f"{group}/{n}": one for group, found in groups.items() for n, one in enumerate(found)}


def _assign(checkpoint: Checkpoint, variables: Mapping[str, Any]) -> None:
    for key, variable in variables.items():
        value = checkpoint.arrays.get(key)
        if value is None or tuple(value.shape) != tuple(variable.shape):
            raise _misfit(f"{key} ({variable.path}) differs")
        variable.assign(value)


def _misfit(why: str) -> HornbookError:
    message = f"the checkpoint does not fit the model: {why}"
    hint = "a plugin may have changed since; run the recipe anew"
    return HornbookError(Problem(code="HB521", message=message, hint=hint), exit_code=1)
