"""Checks on the arguments of schedules: each gives the number back, or says what is allowed."""

import math
from numbers import Real
from typing import Any


def number(
    name: str, value: Any, *, least: float = 0.0, above: bool = False, most: float = math.inf
) -> float:
    """Check that an argument is a finite number within bounds.

    Args:
        name: The argument's name, for the message.
        value: What was given.
        least: The lower bound.
        above: Whether the value must be greater than `least`, rather than at least that.
        most: The upper bound, itself allowed.

    Returns:
        The value as a float.

    Raises:
        ValueError: If the value is not a number or out of bounds.
    """
    fits = isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value)
    if not fits or value < least or value > most or (above and value == least):
        bounds = f"{'>' if above else '>='} {least:g}" + (f" and <= {most:g}" if most < math.inf else "")
        raise ValueError(f"Argument `{name}` must be a number {bounds}. Received: {name}={value!r}")
    return float(value)


def steps(name: str, value: Any) -> int:
    """Check that an argument is a count of steps: a whole number of at least 1, such as `500` or `5e2`.

    Args:
        name: The argument's name, for the message.
        value: What was given.

    Returns:
        The value as an integer.

    Raises:
        ValueError: If the value is not a whole number, or less than 1.
    """
    fits = isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value)
    if not fits or value < 1 or value != int(value):
        raise ValueError(f"Argument `{name}` must be a whole number >= 1. Received: {name}={value!r}")
    return int(value)
