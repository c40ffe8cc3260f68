"""Checks on the arguments of augmenters: each gives the number back, or says what is allowed."""

import math
from numbers import Real
from typing import Any


def _is_number(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value)


def positive(name: str, value: Any) -> float:
    """Return a number above 0 as a float, or raise a ValueError that names the argument."""
    if not _is_number(value) or value <= 0:
        raise ValueError(f"Argument `{name}` must be a number > 0. Received: {name}={value!r}")
    return float(value)


def fraction(name: str, value: Any) -> float:
    """Return a number from 0 to 1 as a float, or raise a ValueError that names the argument."""
    if not _is_number(value) or not 0 <= value <= 1:
        raise ValueError(f"Argument `{name}` must be a number from 0 to 1. Received: {name}={value!r}")
    return float(value)


def count(name: str, value: Any) -> int:
    """Return a whole number of at least 1, or raise a ValueError that names the argument."""
    if not _is_number(value) or value < 1 or value != int(value):
        raise ValueError(f"Argument `{name}` must be a whole number >= 1. Received: {name}={value!r}")
    return int(value)


def fill(name: str, value: Any) -> float | list[float]:
    """Return a pixel's value, one number or one a channel, or raise a ValueError that names the argument."""
    if _is_number(value):
        return float(value)
    if isinstance(value, list | tuple) and value and all(map(_is_number, value)):
        return [float(each) for each in value]
    raise ValueError(
        f"Argument `{name}` must be a number, or a list of one a channel. Received: {name}={value!r}"
    )
