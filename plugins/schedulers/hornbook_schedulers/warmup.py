"""Warmup: any schedule, with a gradual start."""

from numbers import Real
from typing import Any

import keras
from keras import ops

from hornbook_schedulers.arguments import number, steps


@keras.saving.register_keras_serializable(package="hornbook_schedulers")
class Warmup(keras.optimizers.schedules.LearningRateSchedule):
    """Gradual warmup before any schedule (Goyal et al., 2017, Accurate, large minibatch SGD).

    Multiplies a schedule by a factor that grows by equal amounts over the first steps:

        schedule(step) * min(1, start_factor + (1 - start_factor) * (step + 1) / warmup_steps)

    The schedule keeps its own clock: it is not put off, only held down at first. So it ends when it
    would have ended without, and its length stays the length of the run. The first step trains
    already, and step `warmup_steps - 1` is the first that has the schedule's own value.

    Args:
        schedule: A `LearningRateSchedule`, or a number for a constant learning rate.
        warmup_steps: How many steps the warmup takes, at least 1.
        start_factor: What the factor grows from, from 0 to 1. Goyal et al. begin at one `k`-th of the
            learning rate, for `k` times the batch size.

    Raises:
        ValueError: If an argument is out of its range, or `schedule` is neither schedule nor number.

    Example:
        >>> schedule = Warmup(0.1, warmup_steps=4)
        >>> [round(float(schedule(step)), 4) for step in (0, 1, 2, 3, 4)]
        [0.025, 0.05, 0.075, 0.1, 0.1]
    """

    def __init__(self, schedule: Any, warmup_steps: int, start_factor: float = 0.0) -> None:
        if not isinstance(schedule, Real | keras.optimizers.schedules.LearningRateSchedule):
            raise ValueError(
                "Argument `schedule` must be a learning rate schedule or a number. "
                f"Received: schedule={schedule!r}"
            )
        self.schedule = number("schedule", schedule) if isinstance(schedule, Real) else schedule
        self.warmup_steps = steps("warmup_steps", warmup_steps)
        self.start_factor = number("start_factor", start_factor, most=1.0)

    def __call__(self, step: Any) -> Any:
        """Return the learning rate at a step.

        Args:
            step: Steps taken so far, as a number or a tensor of any shape that the schedule takes.

        Returns:
            A float32 tensor of the shape of `step`.
        """
        rate = self.schedule if isinstance(self.schedule, float) else ops.cast(self.schedule(step), "float32")
        done = ops.minimum((ops.cast(step, "float32") + 1.0) / self.warmup_steps, 1.0)
        return rate * (self.start_factor + (1.0 - self.start_factor) * done)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments that make an equal schedule."""
        return {
            "schedule": keras.saving.serialize_keras_object(self.schedule),
            "warmup_steps": self.warmup_steps,
            "start_factor": self.start_factor,
        }

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> "Warmup":
        """Make a schedule from what `get_config` returned."""
        return cls(**{**config, "schedule": keras.saving.deserialize_keras_object(config["schedule"])})
