"""Constant: the same learning rate at every step."""

from typing import Any

import keras
from keras import ops

from hornbook_schedulers.arguments import number


@keras.saving.register_keras_serializable(package="hornbook_schedulers")
class Constant(keras.optimizers.schedules.LearningRateSchedule):
    """The same learning rate at every step.

    A number does the same for an optimizer. The schedule is there to be named, swept over and compared
    with others.

    Args:
        value: The learning rate, at least 0.

    Raises:
        ValueError: If an argument is out of its range.

    Example:
        >>> schedule = Constant(0.01)
        >>> round(float(schedule(1000)), 6)
        0.01
    """

    def __init__(self, value: float) -> None:
        self.value = number("value", value)

    def __call__(self, step: Any) -> Any:
        """Return the learning rate at a step.

        Args:
            step: Steps taken so far, as a number or a tensor of any shape.

        Returns:
            A float32 tensor of the shape of `step`.
        """
        return ops.full_like(ops.cast(step, "float32"), self.value)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments that make an equal schedule."""
        return {"value": self.value}
