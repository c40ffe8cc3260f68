"""The learning rate that an optimizer has come to, as it is recorded after every epoch."""

import math
from collections.abc import Callable
from typing import Any

import keras
import numpy as np

EPOCHS_AT_ONCE = 256
"""For how many epochs a schedule is asked at once."""


class Rate:
    """Reads an optimizer's learning rate at the ends of epochs.

    To ask a schedule takes Keras a millisecond, as long as many a step, and no longer for many epochs than for one.

    Args:
        optimizer: The optimizer.
        steps: How many steps an epoch has.
    """

    def __init__(self, optimizer: Any, steps: int) -> None:
        self._optimizer = optimizer
        self._steps = steps
        self._known: dict[int, float] = {}
        # Keras tells an optimizer's rate, but not what makes it.
        self._schedule: Any = getattr(optimizer, "_learning_rate", None)
        scheduled = isinstance(self._schedule, keras.optimizers.schedules.LearningRateSchedule)
        self._at_once = scheduled and not optimizer.gradient_accumulation_steps

    def read(self) -> float:
        """The learning rate of the step that comes next."""
        if not self._at_once:
            return self._now()
        step = int(numbers(self._optimizer.iterations))
        if step not in self._known and step % self._steps == 0:
            self._known = self._asked(step // self._steps)
            self._at_once = math.isclose(
                self._known.get(step, math.nan), self._now(), rel_tol=1e-4, abs_tol=1e-9
            )
        return self._known[step] if self._at_once and step in self._known else self._now()

    def _asked(self, epoch: int) -> dict[int, float]:
        """The rates at the ends of many epochs; none where the schedule cannot be asked for many.

        They are always the same many: what a computation gives for a step may depend, in its last bit, on the
        place of the step among others, and a resumed run is to record what one that never stopped records.
        """
        first = epoch // EPOCHS_AT_ONCE * EPOCHS_AT_ONCE
        steps = np.arange(first, first + EPOCHS_AT_ONCE) * self._steps
        counted = keras.backend.standardize_dtype(self._optimizer.iterations.dtype)
        rates = rates_at(self._schedule, steps.astype(counted))
        return {} if rates is None else dict(zip(steps.tolist(), rates.tolist(), strict=True))

    def _now(self) -> float:
        return float(numbers(self._optimizer.learning_rate))


def rates_at(schedule: Callable[[Any], Any], steps: np.ndarray) -> np.ndarray | None:
    """The rates of many steps, asked for at once.

    Args:
        schedule: A schedule, or what asks it for many steps.
        steps: The numbers of the steps, of a type of whole numbers; shape `(steps,)`.

    Returns:
        Float64 of the same shape, to be checked against rates that were asked for one by one; none where the
        schedule cannot be asked for many.
    """
    try:
        rates = numbers(schedule(keras.ops.convert_to_tensor(steps)))
    except Exception:  # a plugin's schedule may look at its step as at one number
        return None
    return rates if rates.shape == steps.shape else None


def numbers(tensor: Any) -> np.ndarray:
    """The numbers of a tensor, as float64."""
    return np.asarray(keras.ops.convert_to_numpy(tensor), "float64")
