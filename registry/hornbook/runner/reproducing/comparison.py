"""Two runs held against each other: metric by metric over every epoch, at the end, and weight by weight."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Verdict = Literal["identical", "within tolerance", "different"]
"""Of `identical`, every bit is the same; of `within tolerance`, no value differs by more than was allowed."""

TOLERANCE = 1e-3
"""The share of a value by which it may differ, unless another is asked for."""
_SMALLEST = 1e-6
"""Below this, what a difference is a share of does not become smaller: losses that reach nothing are alike."""
_ORDER: tuple[Verdict, ...] = ("identical", "within tolerance", "different")


@dataclass(frozen=True, slots=True)
class Agreement:
    """How two runs agree on a metric, or on their weights.

    Args:
        name: The metric's name.
        when: `epochs`: its values after each epoch; `end`: its value for the weights that were saved.
        verdict: How far they agree.
        values: How many values were held against each other.
        first: The first epoch with another value, counted from 1; none where there is none.
        largest: The largest difference, as a share of the value; infinite where one has no counterpart.
        epoch: The epoch of that difference, the last one where there is no difference; none at the end.
        then: The value of the first run there; none where it has none.
        now: The value of the second run there; none where it has none.
    """

    name: str
    when: Literal["epochs", "end"]
    verdict: Verdict
    values: int
    first: int | None
    largest: float
    epoch: int | None
    then: float | None
    now: float | None


def of_epochs(
    then: Mapping[str, Sequence[float]], now: Mapping[str, Sequence[float]], tolerance: float
) -> tuple[Agreement, ...]:
    """Compare the histories of two runs.

    Args:
        then: Each metric's value after each epoch, by name, of the first.
        now: The same of the second.
        tolerance: The share of a value by which it may differ.

    Returns:
        How they agree on each metric that either has.
    """
    return tuple(
        _over_epochs(name, then.get(name, ()), now.get(name, ()), tolerance) for name in _names(then, now)
    )


def of_ends(then: Mapping[str, float], now: Mapping[str, float], tolerance: float) -> tuple[Agreement, ...]:
    """Compare the final metrics of two runs; as `of_epochs`, with one value each."""
    return tuple(_at_end(name, then.get(name), now.get(name), tolerance) for name in _names(then, now))


def worst(verdicts: Sequence[Verdict]) -> Verdict:
    """The verdict on everything, from those on its parts; with no parts, nothing is known to be the same."""
    return max(verdicts, key=_ORDER.index, default="different")


def verdict_on(difference: float, tolerance: float) -> Verdict:
    """The verdict on a difference, given as a share; nothing but 0 is identical."""
    if difference == 0:
        return "identical"
    return "within tolerance" if difference <= tolerance else "different"


def difference(then: float, now: float) -> float:
    """By what share of the larger two values differ; infinite where one of them alone is not finite.

    Example:
        >>> difference(2.0, 2.5), difference(float("nan"), float("nan")), difference(1.0, float("inf"))
        (0.2, 0.0, inf)
    """
    if then == now or (math.isnan(then) and math.isnan(now)):
        return 0.0
    if not (math.isfinite(then) and math.isfinite(now)):
        return math.inf
    return abs(then - now) / max(abs(then), abs(now), _SMALLEST)


def _names(then: Mapping[str, object], now: Mapping[str, object]) -> Iterator[str]:
    return iter(dict.fromkeys((*then, *now)))


def _over_epochs(name: str, then: Sequence[float], now: Sequence[float], tolerance: float) -> Agreement:
    epochs = max(len(then), len(now))
    pairs = [(_at(then, epoch), _at(now, epoch)) for epoch in range(epochs)]
    shares = [_share(old, new) for old, new in pairs]
    first = next((epoch for epoch, share in enumerate(shares, 1) if share), None)
    largest = max(shares, default=math.inf)
    where = shares.index(largest) + 1 if first else epochs
    ends = pairs[where - 1] if pairs else (None, None)
    return Agreement(name, "epochs", verdict_on(largest, tolerance), epochs, first, largest, where, *ends)


def _at_end(name: str, then: float | None, now: float | None, tolerance: float) -> Agreement:
    share = _share(then, now)
    return Agreement(name, "end", verdict_on(share, tolerance), 1, None, share, None, then, now)


def _at(values: Sequence[float], epoch: int) -> float | None:
    return values[epoch] if epoch < len(values) else None


def _share(then: float | None, now: float | None) -> float:
    return math.inf if then is None or now is None else difference(then, now)
