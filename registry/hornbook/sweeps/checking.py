"""Checking every trial before the first begins: each mistake told once, with the trials that it is in."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from hornbook.problem import HornbookError, Problem
from hornbook.recipes.recipe import Recipe
from hornbook.sweeps.base import Base
from hornbook.sweeps.combinations import Values
from hornbook.sweeps.space import told


def check_trials(
    base: Base,
    trials: Sequence[Values],
    further: Callable[[Recipe], Iterable[Problem]] = lambda recipe: (),
) -> list[Problem]:
    """Check the recipe of every trial.

    Args:
        base: The recipe that they are made from.
        trials: What they set.
        further: What else is to be found wrong with a recipe that is right by itself.

    Returns:
        What is worth a warning.

    Raises:
        HornbookError: With everything that is wrong with any of them.
    """
    found: dict[Problem, list[Values]] = {}
    for trial in trials:
        try:
            recipe = base.recipe(trial)
            problems = [*recipe.warnings, *further(recipe)]
        except HornbookError as error:
            problems = list(error.problems)
        for problem in dict.fromkeys(problems):
            found.setdefault(problem, []).append(trial)
    told_once = [_naming(problem, where, len(trials)) for problem, where in found.items()]
    if any(problem.severity == "error" for problem in told_once):
        raise HornbookError(told_once)
    return told_once


def _naming(problem: Problem, where: Sequence[Values], trials: int) -> Problem:
    """A problem with the values of the trials that have it, unless all have."""
    if len(where) == trials:
        return problem
    common = {path: value for path, value in where[0].items() if all(one[path] == value for one in where)}
    among = f"in {len(where)} of {trials} trials" if len(where) > 1 else "in the trial"
    if common:
        return replace(problem, message=f"{problem.message} ({among} with {', '.join(told(common))})")
    return replace(problem, message=f"{problem.message} ({among}, such as {', '.join(told(where[0]))})")
