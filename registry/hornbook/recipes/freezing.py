"""Recipe -> text that says everything: every default, full names, and what supplied them."""

from collections.abc import Mapping
from typing import Any

import yaml

from hornbook.recipes.recipe import Recipe
from hornbook.recipes.references import Fact
from hornbook.recipes.shape import VERSION
from hornbook.recipes.use import Use


def frozen(recipe: Recipe) -> str:
    """A recipe written out whole. Freezing what it gives changes nothing.

    Args:
        recipe: The recipe.

    Returns:
        YAML text.
    """
    return str(
        yaml.dump(
            _frozen(recipe),
            Dumper=_Dumper,
            sort_keys=False,
            allow_unicode=True,
            width=100,
            default_flow_style=False,
        )
    )


def _frozen(recipe: Recipe) -> dict[str, Any]:
    splitting, training = recipe.splitting, recipe.training
    whole: dict[str, Any] = {
        "recipe": VERSION,
        "name": recipe.name,
        "description": recipe.description,
        "seed": recipe.seed,
        "requires": list(recipe.requires),
        "data": plain_use(recipe.data)
        | {name: getattr(splitting, name) for name in ("validation", "test", "split_seed", "stratify")},
        "augment": [plain_use(use) for use in recipe.augment],
        "model": plain_use(recipe.model),
        "loss": plain_use(recipe.loss),
        "optimizer": plain_use(recipe.optimizer),
        "metrics": [_named(use) for use in recipe.metrics],
        "callbacks": [plain_use(use) for use in recipe.callbacks],
        "training": {
            name: getattr(training, name)
            for name in ("epochs", "batch_size", "jit_compile", "steps_per_execution")
        },
        "tracking": dict(recipe.tracking),
        "expect": bounds(recipe),
        "resolved": recipe.plugins,
    }
    return whole


def bounds(recipe: Recipe) -> dict[str, dict[str, float]]:
    """A recipe's expectations as it writes them: `{"val_accuracy": {"min": 0.97}}`."""
    return {
        bound.metric: {
            key: limit for key, limit in (("min", bound.minimum), ("max", bound.maximum)) if limit is not None
        }
        for bound in recipe.expect
    }


def _named(metric: Use) -> dict[str, Any]:
    """A metric with the name that it is logged under, which its full name would change."""
    from hornbook.recipes.checking import metric_name

    return plain_use(metric) | {"name": metric_name(metric)}


def plain_use(use: Use) -> dict[str, Any]:
    """A use as plain data: the full name and every parameter."""
    return {"use": use.entry.full_name} | {name: _plain(value) for name, value in use.parameters.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Use):
        return plain_use(value)
    if isinstance(value, Fact):
        return str(value)
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return value


def flat(recipe: Recipe) -> dict[str, Any]:
    """Every value that the recipe or a default sets, by its path, for trackers and comparisons.

    A component stands under its own path with its full name: `optimizer` is `optimizers/adam`,
    `optimizer.learning_rate` its learning rate. What is nothing is left out.
    """
    whole = {key: value for key, value in _frozen(recipe).items() if key not in _NOT_PARAMETERS}
    return dict(_flattened(whole, ""))


_NOT_PARAMETERS = ("recipe", "name", "description", "requires", "tracking", "expect", "resolved")


def _flattened(value: Any, path: str) -> list[tuple[str, Any]]:
    if isinstance(value, dict):
        pairs = []
        for key, inner in value.items():
            where = path if key == "use" else f"{path}.{key}" if path else key
            pairs += _flattened(inner, where)
        return pairs
    if isinstance(value, list) and any(isinstance(one, (dict, list)) for one in value):
        return [pair for n, one in enumerate(value) for pair in _flattened(one, f"{path}.{n}")]
    return [] if value is None or value in ([], "") else [(path, value)]


class _Dumper(yaml.SafeDumper):
    """Writes YAML 1.2 that reads back as the same data."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    from hornbook.recipes.text import scalar

    try:
        misread = not isinstance(scalar(text), str)
    except ValueError:
        misread = True
    style = "'" if misread else "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)
