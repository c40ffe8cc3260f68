"""Planning: which trials a sweep is to have, every one of them checked before anything begins."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hornbook.catalog import Catalog
from hornbook.problem import HornbookError, Problem
from hornbook.recipes.recipe import Recipe
from hornbook.sweeps.asked import PRUNERS, SAMPLERS, Asked, Method
from hornbook.sweeps.base import Base, read_base
from hornbook.sweeps.checking import check_trials
from hornbook.sweeps.combinations import Values, corners, draws, grid, refuse_repeats, refuse_too_many
from hornbook.sweeps.objective import DIRECTIONS, Direction, objective, unmeasured
from hornbook.sweeps.space import Variable

TRIALS = 20
"""How many trials a search has, where it is not said."""
_HINT = "all combinations are tried; or some: `--random N`; or a search: `--optimize METRIC`, with `--trials`"


@dataclass(frozen=True, slots=True)
class Search:
    """Which trials there are.

    Args:
        method: All combinations, some drawn at random, or a search for the best.
        trials: How many are drawn or tried; a grid has as many as there are.
        metric: What trials are compared by; none goes by the recipe.
        direction: Which way is better; none goes by the metric.
        sampler: How a search proposes values: `tpe` or `random`.
        pruner: How a search ends trials that promise little: `none`, `median` or `hyperband`.
        seed: From which values are drawn.
    """

    method: Method = "grid"
    trials: int = 0
    metric: str | None = None
    direction: Direction | None = None
    sampler: str = "tpe"
    pruner: str = "none"
    seed: int = 0


def search_for(
    random: int | None = None,
    optimize: str | None = None,
    trials: int | None = None,
    sampler: str | None = None,
    pruner: str | None = None,
    metric: str | None = None,
    direction: Direction | None = None,
    seed: int = 0,
) -> Search:
    """Which trials there are, as it is asked for.

    Args:
        random: How many are drawn, if they are.
        optimize: The metric whose best is searched for, if it is.
        trials: How many a search has; `TRIALS` if left out.
        sampler: See `Search`; `tpe` if left out.
        pruner: See `Search`; `none` if left out.
        metric: See `Search`; a search goes by the one that it optimizes.
        direction: See `Search`.
        seed: See `Search`.

    Returns:
        The search.

    Raises:
        HornbookError: When what is asked for contradicts itself, or is not to be had.
    """
    known = {
        "sampler": (sampler, SAMPLERS),
        "pruner": (pruner, PRUNERS),
        "direction": (direction, DIRECTIONS),
    }
    of_searches = {"trials": trials, "sampler": sampler, "pruner": pruner}
    out_of_place = [] if optimize else [what for what, given in of_searches.items() if given is not None]
    wrong = [
        *(["trials are drawn at random or searched for, not both"] if random and optimize else []),
        *(["a search goes by the metric that it optimizes, and by no other"] if metric and optimize else []),
        *(
            f"{what} is said, which only a search has, and no metric is to be optimized"
            for what in out_of_place
        ),
        *(
            f"there is no {what} {given!r}; there are {', '.join(names)}"
            for what, (given, names) in known.items()
            if given not in (None, *names)
        ),
        *(
            ["a sweep has at least one trial"]
            if any(one is not None and one < 1 for one in (trials, random))
            else []
        ),
    ]
    if wrong:
        raise HornbookError([Problem(code="HB542", message=one, hint=_HINT) for one in wrong])
    if optimize:
        asked = (trials or TRIALS, optimize, direction, sampler or "tpe", pruner or "none", seed)
        return Search("search", *asked)
    return Search("random" if random else "grid", random or 0, metric, direction, seed=seed)


@dataclass(frozen=True, slots=True)
class Plan:
    """A sweep that is checked and has not begun.

    Args:
        base: The recipe that trials are made from.
        variables: What is varied.
        asked: What is to be done.
        first: The recipe of the first trial, or of one like it.
        warnings: What was found that stops nothing.
    """

    base: Base
    variables: tuple[Variable, ...]
    asked: Asked
    first: Recipe
    warnings: tuple[Problem, ...] = ()


def plan(
    recipe: str | Path,
    overrides: Sequence[str],
    variables: Sequence[Variable],
    search: Search,
    catalog: Catalog,
) -> Plan:
    """Check every trial of a sweep, before a backend is loaded or anything is written.

    Args:
        recipe: A file, or the name of a recipe that a plugin ships.
        overrides: Changes to it, each as after `-s`.
        variables: What is varied.
        search: Which trials there are.
        catalog: The components there are.

    Returns:
        The plan.

    Raises:
        HornbookError: With everything that is wrong with any trial.
    """
    if not variables:
        hint = "write what is varied: `-v optimizer=sgd,adam -v seed=1,2,3`"
        raise HornbookError(Problem(code="HB542", message="nothing is varied", hint=hint))
    if search.method == "search":
        from hornbook.sweeps.study import refuse_without_optuna

        refuse_without_optuna()
        refuse_too_many(search.trials)
        checked = corners(variables)
    else:
        checked = listed(variables, search)
    base = read_base(recipe, overrides, variables, catalog)
    prunes = search.method == "search" and search.pruner != "none"
    warnings = check_trials(
        base, checked, lambda one: unmeasured(search.metric, one, prunes) if search.metric else ()
    )
    if search.method == "search":
        refuse_repeats(variables, search.trials)
    first = base.recipe(checked[0])
    aim = objective(first, search.metric, search.direction)
    asked = Asked(
        source=str(base.source.absolute()),
        directory=str(base.directory),
        name=first.name,
        late=base.late,
        variables=tuple(map(str, variables)),
        method=search.method,
        metric=aim.metric,
        direction=aim.direction,
        trials=search.trials if search.method == "search" else len(checked),
        sampler=search.sampler,
        pruner=search.pruner if search.method == "search" else "none",
        seed=search.seed,
    )
    return Plan(base, tuple(variables), asked, first, tuple(warnings))


def listed(variables: Sequence[Variable], search: Search | Asked) -> list[Values]:
    """The values of every trial, where they are not searched for.

    Args:
        variables: What is varied.
        search: Which trials there are.

    Returns:
        The values.

    Raises:
        HornbookError: When there are too many, or no end of them.
    """
    if search.method == "grid":
        return grid(variables)
    return draws(variables, search.trials, search.seed)
