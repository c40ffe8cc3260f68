"""OneCycle: up, down, and a last stretch to almost nothing."""

import math
from typing import Any

import keras
from keras import ops

from hornbook_schedulers.arguments import number, steps


@keras.saving.register_keras_serializable(package="hornbook_schedulers")
class OneCycle(keras.optimizers.schedules.LearningRateSchedule):
    """The one-cycle policy (Smith, 2018, A disciplined approach to neural network hyper-parameters).

    The learning rate rises from `max_learning_rate / div_factor` to `max_learning_rate`, falls back to
    where it started, and is annihilated in the last steps: it goes on down to the starting value
    divided by `final_div_factor`. The first step has the starting value, the last of the `total_steps`
    the final one, which holds from there on, and a step between them the peak: a run of two steps, or one that
    rises all the way, ends at the peak.

    Args:
        max_learning_rate: The peak, above 0.
        total_steps: How many steps the whole takes, at least 1.
        rise: The fraction of the steps that the rise takes, from 0 to 1.
        annihilation: The fraction of the steps that the last stretch takes, from 0 to `1 - rise`. The
            fall takes the rest.
        div_factor: How many times smaller than the peak the starting value is, at least 1.
        final_div_factor: How many times smaller than the starting value the final one is, at least 1.
        anneal: The way between two values: `"linear"`, as in the paper, or `"cosine"`, half a cosine.

    Raises:
        ValueError: If an argument is out of its range.

    Example:
        >>> schedule = OneCycle(0.1, total_steps=101, div_factor=10.0, final_div_factor=100.0)
        >>> [round(float(schedule(step)), 4) for step in (0, 45, 90, 100)]
        [0.01, 0.1, 0.01, 0.0001]
    """

    def __init__(
        self,
        max_learning_rate: float,
        total_steps: int,
        rise: float = 0.45,
        annihilation: float = 0.1,
        div_factor: float = 25.0,
        final_div_factor: float = 1e4,
        anneal: str = "linear",
    ) -> None:
        self.max_learning_rate = number("max_learning_rate", max_learning_rate, above=True)
        self.total_steps = steps("total_steps", total_steps)
        self.rise = number("rise", rise, most=1.0)
        self.annihilation = number("annihilation", annihilation, most=1.0)
        if self.rise + self.annihilation > 1.0 + 1e-9:
            raise ValueError(
                "Arguments `rise` and `annihilation` must be at most 1 together. "
                f"Received: rise={rise!r}, annihilation={annihilation!r}"
            )
        self.div_factor = number("div_factor", div_factor, least=1.0)
        self.final_div_factor = number("final_div_factor", final_div_factor, least=1.0)
        if anneal not in ("linear", "cosine"):
            raise ValueError(f"Argument `anneal` must be linear or cosine. Received: anneal={anneal!r}")
        self.anneal = anneal

    def __call__(self, step: Any) -> Any:
        """Return the learning rate at a step.

        Args:
            step: Steps taken so far, as a number or a tensor of any shape.

        Returns:
            A float32 tensor of the shape of `step`.
        """
        last = self.total_steps - 1
        step = ops.minimum(ops.cast(step, "float32"), float(last))
        # Whole numbers, so that there is a step that has the peak itself, and one after the trough.
        peak = max(1, min(round(self.rise * last), last if self.rise == 1 else last - 1))
        trough = max(peak, min(round((1.0 - self.annihilation) * last), last - 1))
        top = self.max_learning_rate
        base = top / self.div_factor
        final = base / self.final_div_factor
        rising = self._between(base, top, step, 0, peak)
        falling = self._between(top, base, step, peak, trough)
        vanishing = self._between(base, final, step, trough, last)
        return ops.where(step <= peak, rising, ops.where(step < trough, falling, vanishing))

    def _between(self, first: float, second: float, step: Any, start: int, end: int) -> Any:
        """Return what lies between two values at a step, the second from `end` on."""
        way = ops.clip((step - start) / max(end - start, 1), 0.0, 1.0)
        if self.anneal == "cosine":
            way = 0.5 * (1.0 - ops.cos(math.pi * way))
        # Weighted, not `first + way * (second - first)`, which loses a tiny `second` to rounding.
        return (1.0 - way) * first + way * second

    def get_config(self) -> dict[str, Any]:
        """Return the arguments that make an equal schedule."""
        return {
            "max_learning_rate": self.max_learning_rate,
            "total_steps": self.total_steps,
            "rise": self.rise,
            "annihilation": self.annihilation,
            "div_factor": self.div_factor,
            "final_div_factor": self.final_div_factor,
            "anneal": self.anneal,
        }
