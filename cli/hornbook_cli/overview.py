"""What a recipe will do, in one sentence."""

from hornbook.recipes.recipe import Bound, Recipe
from hornbook.recipes.use import Use, uses
from hornbook_cli.writing import count


def overview(recipe: Recipe) -> str:
    """Say what a recipe will do.

    Args:
        recipe: A checked recipe.

    Returns:
        One line, such as `sequential of 4 layers on digits, …, 20 epochs in batches of 64`.
    """
    training = recipe.training
    parts = [
        f"{_model(recipe.model)} on {recipe.data.written}",
        recipe.loss.written,
        _with_scheduler(recipe.optimizer),
        *(["augmented by " + ", ".join(use.written for use in recipe.augment)] if recipe.augment else []),
        f"{count(training.epochs, 'epoch')} in batches of {training.batch_size}",
        *(["expecting " + ", ".join(map(_bound, recipe.expect))] if recipe.expect else []),
    ]
    return ", ".join(parts)


def _model(model: Use) -> str:
    layers = model.parameters.get("layers")
    return f"{model.written} of {count(len(layers), 'layer')}" if isinstance(layers, list) else model.written


def _with_scheduler(optimizer: Use) -> str:
    inner = next(uses(optimizer.parameters.get("learning_rate")), None)
    return f"{optimizer.written} with {inner.written}" if inner else optimizer.written


def _bound(bound: Bound) -> str:
    limits = (("at least", bound.minimum), ("at most", bound.maximum))
    return f"{bound.metric} " + " and ".join(
        f"{word} {limit:g}" for word, limit in limits if limit is not None
    )
