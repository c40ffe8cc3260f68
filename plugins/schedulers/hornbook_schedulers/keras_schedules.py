"""Keras' schedules, safe from whole numbers.

A Keras schedule computes in the type of its first learning rate. Given `1` for `1.0` it computes in
integers: an exponential decay from 1 is then 0 after the first step, without an error.
"""

import functools
from collections.abc import Callable
from typing import Any

from keras.optimizers import schedules

RATES = ("initial_learning_rate", "values")
"""The parameters that decide the type."""


def _in_floats(schedule: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(schedule, updated=())
    def make(**arguments: Any) -> Any:
        rates = {name: _floats(arguments[name]) for name in RATES if name in arguments}
        return schedule(**{**arguments, **rates})

    return make


def _floats(value: Any) -> Any:
    return [float(each) for each in value] if isinstance(value, list | tuple) else float(value)


def cosine_decay(
    initial_learning_rate: float,
    decay_steps: int | None = None,
    alpha: float = 0.0,
    name: str = "CosineDecay",
    warmup_target: float | None = None,
    warmup_steps: int = 0,
    total_steps: int | None = None,
) -> schedules.CosineDecay:
    """Half a cosine down, after a linear warm-up where one is asked for.

    Args:
        initial_learning_rate: The learning rate at the first step.
        decay_steps: How many steps the decay takes, after the warm-up; left out, as many as it leaves of
            `total_steps`.
        alpha: The least learning rate, as a fraction of the greatest.
        name: A name for the operations in the graph.
        warmup_target: What the warm-up goes up to; without it there is none.
        warmup_steps: How many steps the warm-up takes.
        total_steps: How many steps the whole takes.

    Returns:
        The schedule of Keras.

    Raises:
        ValueError: If neither length is given, or the warm-up leaves nothing of the whole.

    Reference:
        Loshchilov and Hutter 2017, "SGDR: Stochastic Gradient Descent with Warm Restarts".

    Example:
        >>> schedule = cosine_decay(0.0, warmup_target=0.1, warmup_steps=20, total_steps=100)
        >>> [round(float(schedule(step)), 3) for step in (0, 10, 20, 60, 100)]
        [0.0, 0.05, 0.1, 0.05, 0.0]
    """
    before = warmup_steps if warmup_target is not None else 0
    if decay_steps is None:
        if total_steps is None:
            raise ValueError("One of `decay_steps` and `total_steps` must be given.")
        if total_steps <= before:
            raise ValueError(
                "Argument `warmup_steps` must be below `total_steps`. "
                f"Received: warmup_steps={warmup_steps}, total_steps={total_steps}"
            )
        decay_steps = total_steps - before
    return schedules.CosineDecay(
        float(initial_learning_rate),
        decay_steps,
        alpha=alpha,
        name=name,
        warmup_target=None if warmup_target is None else float(warmup_target),
        warmup_steps=warmup_steps,
    )


cosine_decay_restarts = _in_floats(schedules.CosineDecayRestarts)
exponential_decay = _in_floats(schedules.ExponentialDecay)
inverse_time_decay = _in_floats(schedules.InverseTimeDecay)
piecewise_constant_decay = _in_floats(schedules.PiecewiseConstantDecay)
polynomial_decay = _in_floats(schedules.PolynomialDecay)
