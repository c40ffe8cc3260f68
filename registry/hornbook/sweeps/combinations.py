"""Combinations of the values that are varied: all of them, some drawn at random, or those at the ends."""

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from random import Random
from typing import Any

from hornbook.problem import HornbookError, Problem
from hornbook.sweeps.space import Variable

MOST_TRIALS = 10_000
"""Trials that a sweep may have."""
MOST_CORNERS = 1_000
"""Combinations of values that are checked before a search begins."""
_ATTEMPTS = 100

Values = Mapping[str, Any]
"""What a trial sets: plain values by their path in the recipe."""


def grid(variables: Sequence[Variable]) -> list[Values]:
    """Every combination of the variables' values; the last variable changes fastest.

    Args:
        variables: The variables.

    Returns:
        The values of each trial.

    Raises:
        HornbookError: When a variable has no end of values, or there are too many combinations.
    """
    listed: list[list[Any]] = []
    problems: list[Problem] = []
    for variable in variables:
        try:
            listed.append(variable.all_values())
        except HornbookError as error:
            problems.extend(error.problems)
    if problems:
        raise HornbookError(problems)
    refuse_too_many(math.prod(map(len, listed)))
    return _combinations(variables, listed)


def draws(variables: Sequence[Variable], count: int, seed: int) -> list[Values]:
    """Values drawn at random, no combination twice.

    Args:
        variables: The variables.
        count: How many trials; there are fewer where there are not as many combinations.
        seed: From which they are drawn. The first trials of more are those of fewer.

    Returns:
        The values of each trial.

    Raises:
        HornbookError: When there are too many.
    """
    refuse_too_many(count)
    drawn: list[Values] = []
    taken = set()
    for number in range(count):
        random = Random(f"{seed}/{number}")
        for _ in range(_ATTEMPTS):
            values = {variable.path: variable.draw(random) for variable in variables}
            if repr(values) not in taken:
                taken.add(repr(values))
                drawn.append(values)
                break
        else:
            return _completed(variables, drawn, count)
    return drawn


def _completed(variables: Sequence[Variable], drawn: list[Values], count: int) -> list[Values]:
    """The draws, and what is left of all combinations: there are few, or drawing would have found another."""
    try:
        every = grid(variables)
    except HornbookError:
        return drawn
    return [*drawn, *(values for values in every if values not in drawn)][:count]


def corners(variables: Sequence[Variable]) -> list[Values]:
    """The combinations by which a search is judged before it begins: listed values, and the ends of ranges.

    Where those are too many, each value at least once.
    """
    listed = [variable.extremes() for variable in variables]
    if math.prod(map(len, listed)) <= MOST_CORNERS:
        return _combinations(variables, listed)
    first = {variable.path: values[0] for variable, values in zip(variables, listed, strict=True)}
    singly = (
        {**first, variable.path: value}
        for variable, values in zip(variables, listed, strict=True)
        for value in values
    )
    return list(_distinct(singly))


def refuse_too_many(count: int) -> None:
    """Refuse a sweep that nobody can mean.

    Raises:
        HornbookError: When it has too many trials.
    """
    if count > MOST_TRIALS:
        message = f"the sweep would have more than {MOST_TRIALS:,} trials, which are the most"
        hint = "vary fewer values at once, or draw some of them with `--random 100`"
        raise HornbookError(Problem(code="HB543", message=message, hint=hint))


def refuse_repeats(variables: Sequence[Variable], trials: int) -> None:
    """Refuse a search that would have to try some combinations again.

    Raises:
        HornbookError: When it has more trials than there are combinations.
    """
    try:
        count = math.prod(len(variable.all_values()) for variable in variables)
    except HornbookError:  # there is no end of them
        return
    if trials > count:
        message = (
            f"a search of {trials:,} trials would try some again of the {count:,} combinations there are"
        )
        hint = f"without `--optimize`, a grid tries each of them once; with it, at most `--trials {count}`"
        raise HornbookError(Problem(code="HB543", message=message, hint=hint))


def _combinations(variables: Sequence[Variable], listed: Sequence[Sequence[Any]]) -> list[Values]:
    paths = [variable.path for variable in variables]
    return [dict(zip(paths, values, strict=True)) for values in itertools.product(*listed)]


def _distinct(several: Iterable[Values]) -> Iterator[Values]:
    seen = set()
    for values in several:
        if repr(values) not in seen:
            seen.add(repr(values))
            yield values
