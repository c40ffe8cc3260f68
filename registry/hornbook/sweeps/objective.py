"""Objective: the metric that trials are compared by, and which way is better."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from hornbook.names import did_you_mean
from hornbook.problem import HornbookError, Problem
from hornbook.recipes.checks.known import known
from hornbook.recipes.checks.monitors import SPLITS
from hornbook.recipes.naming import metric_name
from hornbook.recipes.recipe import Recipe

Direction = Literal["minimize", "maximize"]
DIRECTIONS: tuple[Direction, ...] = ("minimize", "maximize")

_LESS_IS_BETTER = re.compile(
    r"(^|_)(loss|errors?|mse|mae|mape|msle|rmse|crossentropy|entropy|divergence|hinge|poisson|logcosh|nll|"
    r"log_cosh|perplexity|deviance|distance|false)(_|$)"
)
_MORE_IS_BETTER = re.compile(
    r"(^|_)(accuracy|acc|auc|precision|recall|f1|f_?score|f_?beta|score|iou|r2|similarity|correlation|true|"
    r"sensitivity|specificity|dice|kappa|psnr|ssim|bleu)(_|$)"
)


@dataclass(frozen=True, slots=True)
class Objective:
    """What trials are compared by.

    Args:
        metric: The metric's name, such as `"val_accuracy"`.
        direction: Which way is better.
    """

    metric: str
    direction: Direction

    @property
    def prefix(self) -> str:
        """`"val_"`, `"test_"`, or nothing for the training split."""
        return _prefix(self.metric)


def unmeasured(metric: str, recipe: Recipe, every_epoch: bool) -> Iterator[Problem]:
    """Find what keeps a recipe's run from measuring a metric.

    Args:
        metric: The metric's name, such as `"val_accuracy"`.
        recipe: The recipe of a trial.
        every_epoch: Whether it must be known after each epoch.

    Yields:
        HB545.
    """
    names = ["loss", *map(metric_name, recipe.metrics)]
    prefix = _prefix(metric)
    base = metric.removeprefix(prefix)
    splits = known(recipe).splits
    split = SPLITS.get(prefix)
    if base not in names:
        there = [f"{prefix}{name}" for prefix in ("", *SPLITS) for name in names]
        hint = did_you_mean(metric, there, f"there will be {', '.join(names)}, also with val_ or test_")
        yield _problem(f"no metric {metric!r} will be there", hint)
    elif split and splits is not None and split not in splits:
        message = f"nothing will be known of {metric!r}: there is no {split} split"
        yield _problem(message, f"give `data` a share for it: `-s data.{split}=0.2`")
    elif every_epoch and split == "test":
        message = f"{metric!r} is known at the end only, and a pruner goes by every epoch"
        yield _problem(message, f"go by `val_{base}`, or say `--pruner none`")


def _prefix(metric: str) -> str:
    return next((prefix for prefix in SPLITS if metric.startswith(prefix)), "")


def _problem(message: str, hint: str) -> Problem:
    return Problem(code="HB545", message=message, hint=hint)


def objective(recipe: Recipe, metric: str | None, direction: Direction | None) -> Objective:
    """Settle what trials are compared by.

    Args:
        recipe: The recipe of a trial.
        metric: What was asked for; none takes what the recipe expects, else its first metric.
        direction: What was asked for; none goes by what the metric is.

    Returns:
        The objective.

    Raises:
        HornbookError: When nothing tells which way is better.
    """
    name = metric or _default(recipe)
    way = direction or _direction(recipe, name)
    if way is None:
        message = f"whether more or less of {name!r} is better is not known"
        raise HornbookError(_problem(message, "say `--maximize` or `--minimize`"))
    return Objective(name, way)


def _default(recipe: Recipe) -> str:
    if recipe.expect:
        return recipe.expect[0].metric
    name = next(map(metric_name, recipe.metrics), "loss")
    splits = known(recipe).splits
    there = {"validation"} if splits is None else splits
    return next((f"{prefix}{name}" for prefix, split in SPLITS.items() if split in there), name)


def _direction(recipe: Recipe, metric: str) -> Direction | None:
    for bound in recipe.expect:
        if bound.metric == metric and (bound.minimum is None) != (bound.maximum is None):
            return "minimize" if bound.minimum is None else "maximize"
    base = metric.removeprefix(_prefix(metric))
    uses = (use.entry.name for use in recipe.metrics if metric_name(use) == base)
    for name in (*uses, base):
        if _LESS_IS_BETTER.search(name):
            return "minimize"
        if _MORE_IS_BETTER.search(name):
            return "maximize"
    return None
