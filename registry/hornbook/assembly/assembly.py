"""Recipe -> the Keras objects that it names, put together."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import keras

from hornbook.assembly.build import Watch, build
from hornbook.problem import HornbookError, Problem
from hornbook.recipes.naming import metric_name
from hornbook.recipes.recipe import Recipe
from hornbook.recipes.use import Use


@dataclass(frozen=True, slots=True)
class Assembly:
    """The Keras objects of a recipe.

    Args:
        model: The model, built.
        loss: The loss.
        optimizer: The optimizer.
        metrics: The metrics, each under the name that the recipe wrote.
        augmenters: The augmenters, in order.
        callbacks: The callbacks, in order.
    """

    model: keras.Model
    loss: keras.losses.Loss
    optimizer: keras.optimizers.Optimizer
    metrics: list[keras.metrics.Metric]
    augmenters: list[keras.layers.Layer]
    callbacks: list[keras.callbacks.Callback]


def assemble(recipe: Recipe, facts: Mapping[str, Any], watch: Watch = lambda use, made: None) -> Assembly:
    """Make everything that a recipe names.

    Args:
        recipe: The recipe.
        facts: What is known of the run, by the names of `hornbook.component.FACTS`.
        watch: Called with every object made.

    Returns:
        The objects.

    Raises:
        HornbookError: With everything that could not be made.
    """
    problems: list[Problem] = []

    def made(use: Use) -> Any:
        try:
            return build(use, facts, watch)
        except HornbookError as error:
            problems.extend(error.problems)
            return None

    assembly = Assembly(
        model=made(recipe.model),
        loss=made(recipe.loss),
        optimizer=made(recipe.optimizer),
        metrics=[made(_named(metric)) for metric in recipe.metrics],
        augmenters=[made(augmenter) for augmenter in recipe.augment],
        callbacks=[made(callback) for callback in recipe.callbacks],
    )
    if problems:
        raise HornbookError(problems)
    return assembly


def _named(metric: Use) -> Use:
    if "name" not in metric.entry.component.parameters:
        return metric
    return replace(metric, parameters={**metric.parameters, "name": metric_name(metric)})
