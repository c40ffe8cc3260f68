"""CosineAnnealing: down half a cosine, and up again at every restart."""

import math
from typing import Any

import keras
from keras import ops

from hornbook_schedulers.arguments import number, steps


@keras.saving.register_keras_serializable(package="hornbook_schedulers")
class CosineAnnealing(keras.optimizers.schedules.LearningRateSchedule):
    """Cosine annealing with warm restarts that fit the run (Loshchilov & Hutter, 2017, SGDR).

    The run is cut into `cycles`, each `t_mul` times as long as the one before. Within a cycle of `T`
    steps the learning rate goes from its peak down to the minimum along half a cosine:

        min_learning_rate + (peak - min_learning_rate) * (1 + cos(pi * t / T)) / 2

    The first peak is `initial_learning_rate`; each restart multiplies it by `m_mul`. After
    `total_steps` the minimum holds.

    Keras' `CosineDecayRestarts` takes the length of the first cycle and restarts forever. This one
    takes the length of the whole, so the last cycle ends with the run.

    Args:
        initial_learning_rate: The peak of the first cycle, above 0.
        total_steps: How many steps all cycles have together, at least 1.
        cycles: How many cycles there are, at least 1; `1` means no restart.
        t_mul: How many times longer each cycle is than the one before, above 0.
        m_mul: What a restart multiplies the peak by, above 0.
        min_learning_rate: What every cycle comes down to, at least 0 and at most the lowest peak.

    Raises:
        ValueError: If an argument is out of its range, or a cycle would be shorter than one step.

    Example:
        >>> schedule = CosineAnnealing(0.1, total_steps=300, cycles=2, t_mul=2.0)
        >>> [round(float(schedule(step)), 4) for step in (0, 50, 100, 200, 300)]
        [0.1, 0.05, 0.1, 0.05, 0.0]
    """

    def __init__(
        self,
        initial_learning_rate: float,
        total_steps: int,
        cycles: int = 1,
        t_mul: float = 1.0,
        m_mul: float = 1.0,
        min_learning_rate: float = 0.0,
    ) -> None:
        self.initial_learning_rate = number("initial_learning_rate", initial_learning_rate, above=True)
        self.total_steps = steps("total_steps", total_steps)
        self.cycles = steps("cycles", cycles)
        self.t_mul = number("t_mul", t_mul, above=True)
        self.m_mul = number("m_mul", m_mul, above=True)
        self.min_learning_rate = number("min_learning_rate", min_learning_rate)
        self._ends = _ends(self.total_steps, self.cycles, self.t_mul)
        self._peaks = [self.initial_learning_rate * self.m_mul**cycle for cycle in range(self.cycles)]
        if self.min_learning_rate > min(self._peaks):
            raise ValueError(
                "Argument `min_learning_rate` must be at most the lowest peak of a cycle, "
                f"{min(self._peaks):g}. Received: min_learning_rate={min_learning_rate!r}"
            )

    def __call__(self, step: Any) -> Any:
        """Return the learning rate at a step.

        Args:
            step: Steps taken so far, as a number or a tensor of any shape.

        Returns:
            A float32 tensor of the shape of `step`.
        """
        step = ops.minimum(ops.cast(step, "float32"), float(self.total_steps))
        restarts = ops.convert_to_tensor(self._ends[:-1], dtype="float32")
        cycle = ops.sum(ops.cast(ops.expand_dims(step, -1) >= restarts, "int32"), axis=-1)
        start = ops.take(ops.convert_to_tensor([0, *self._ends[:-1]], dtype="float32"), cycle)
        end = ops.take(ops.convert_to_tensor(self._ends, dtype="float32"), cycle)
        peak = ops.take(ops.convert_to_tensor(self._peaks, dtype="float32"), cycle)
        height = 0.5 * (1.0 + ops.cos(math.pi * (step - start) / (end - start)))
        return self.min_learning_rate + (peak - self.min_learning_rate) * height

    def get_config(self) -> dict[str, Any]:
        """Return the arguments that make an equal schedule."""
        return {
            "initial_learning_rate": self.initial_learning_rate,
            "total_steps": self.total_steps,
            "cycles": self.cycles,
            "t_mul": self.t_mul,
            "m_mul": self.m_mul,
            "min_learning_rate": self.min_learning_rate,
        }


def _ends(total_steps: int, cycles: int, t_mul: float) -> list[int]:
    """Return the step at which each cycle ends, rounded so that a restart falls on a step."""
    lengths = [t_mul**cycle for cycle in range(cycles)]
    ends = [round(total_steps * sum(lengths[: cycle + 1]) / sum(lengths)) for cycle in range(cycles)]
    if any(end <= start for start, end in zip([0, *ends], ends, strict=False)):
        raise ValueError(
            "Argument `cycles` must leave every cycle at least one step. "
            f"Received: cycles={cycles}, with total_steps={total_steps} and t_mul={t_mul:g}"
        )
    return ends
