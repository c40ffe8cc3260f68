"""All checks of what goes with what, one after another."""

from collections.abc import Callable, Iterator, Mapping
from itertools import islice

from hornbook.problem import Problem
from hornbook.recipes.checks.activations import activations
from hornbook.recipes.checks.augmentation import augmentation
from hornbook.recipes.checks.facts import facts
from hornbook.recipes.checks.known import Known, known
from hornbook.recipes.checks.metrics import metrics
from hornbook.recipes.checks.monitors import monitors
from hornbook.recipes.checks.schedules import schedules
from hornbook.recipes.checks.units import units
from hornbook.recipes.recipe import Recipe
from hornbook.recipes.text import MOST_PROBLEMS

Check = Callable[[Known], Iterator[Problem]]

CHECKS: Mapping[Check, frozenset[str]] = {
    facts: frozenset({"data", "augment", "model", "loss", "optimizer", "metrics", "callbacks"}),
    units: frozenset({"data", "model", "loss"}),
    activations: frozenset({"data", "model", "loss"}),
    metrics: frozenset({"data", "loss", "metrics"}),
    augmentation: frozenset({"data", "augment", "model", "loss"}),
    schedules: frozenset({"data", "optimizer", "callbacks", "training"}),
    monitors: frozenset({"data", "model", "metrics", "callbacks", "expect"}),
}
"""Each check with the parts of a recipe that it reads."""


def pairings(recipe: Recipe, in_doubt: frozenset[str] = frozenset()) -> Iterator[Problem]:
    """Find parts of a recipe that do not go together.

    Args:
        recipe: The recipe.
        in_doubt: Parts of it in which something is wrong: what reads them is not asked.

    Yields:
        Problems; what is not known of the data silences the check that needs it.
    """
    everything = known(recipe)
    for check, parts in CHECKS.items():
        if not parts & in_doubt:
            yield from islice(check(everything), MOST_PROBLEMS)
