"""The learning rate that an optimizer has come to, as it is recorded after every epoch."""

import math
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
        step = int(_numbers(self._optimizer.iterations))
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
        try:
            asked = keras.ops.convert_to_tensor(steps, dtype=self._optimizer.iterations.dtype)
            rates = _numbers(self._schedule(asked))
        except Exception:  # a plugin's schedule may look at its step as at one number
            return {}
        return dict(zip(steps.tolist(), rates.tolist(), strict=True)) if rates.shape == steps.shape else {}

    def _now(self) -> float:
        return float(_numbers(self._optimizer.learning_rate))


def _numbers(tensor: Any) -> np.ndarray:
    return np.asarray(keras.ops.convert_to_numpy(tensor), "float64")
