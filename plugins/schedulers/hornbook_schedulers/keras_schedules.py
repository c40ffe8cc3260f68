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


cosine_decay = _in_floats(schedules.CosineDecay)
cosine_decay_restarts = _in_floats(schedules.CosineDecayRestarts)
exponential_decay = _in_floats(schedules.ExponentialDecay)
inverse_time_decay = _in_floats(schedules.InverseTimeDecay)
piecewise_constant_decay = _in_floats(schedules.PiecewiseConstantDecay)
polynomial_decay = _in_floats(schedules.PolynomialDecay)
