"""Recipe -> text that says everything: every default, full names, and what supplied them."""

from collections.abc import Mapping
from dataclasses import asdict, replace
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
    return as_yaml(_frozen(recipe))


def as_yaml(value: Any) -> str:
    """Plain data as YAML 1.2 that reads back as the same data.

    Args:
        value: Plain data.

    Returns:
        Text of many lines.
    """
    return str(
        yaml.dump(
            value,
            Dumper=_Dumper,
            sort_keys=False,
            allow_unicode=True,
            width=100,
            default_flow_style=False,
        )
    )


def values(recipe: Recipe) -> dict[str, Any]:
    """All that a recipe says or leaves to a default, in the order in which it is frozen.

    Args:
        recipe: The recipe.

    Returns:
        Values by key: components are `Use`, facts of the run `Fact`, all else is plain data.
    """
    splitting, training = recipe.splitting, recipe.training
    division = {name: getattr(splitting, name) for name in ("validation", "test", "split_seed", "stratify")}
    return {
        "recipe": VERSION,
        "name": recipe.name,
        "description": recipe.description,
        "seed": recipe.seed,
        "requires": list(recipe.requires),
        "data": replace(recipe.data, parameters={**recipe.data.parameters, **division}),
        "augment": list(recipe.augment),
        "model": recipe.model,
        "loss": recipe.loss,
        "optimizer": recipe.optimizer,
        "metrics": [_named(use) for use in recipe.metrics],
        "callbacks": list(recipe.callbacks),
        "training": {
            name: getattr(training, name)
            for name in ("epochs", "batch_size", "jit_compile", "steps_per_execution")
        }
        | {"checkpoint": asdict(training.checkpoint)},
        "tracking": dict(recipe.tracking),
        "expect": bounds(recipe),
        **({"silence": dict(recipe.silence)} if recipe.silence else {}),
        "resolved": recipe.plugins,
    }


def on_one_line(value: Any) -> str:
    """Plain data as YAML on one line, as one would write it by hand.

    Example:
        >>> on_one_line({"use": "dense", "units": "${data.classes}"})
        "{use: dense, units: '${data.classes}'}"
    """
    written = yaml.dump(
        value,
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        width=float("inf"),
        default_flow_style=True,
    )
    return str(written).removesuffix("...\n").rstrip("\n")


def _frozen(recipe: Recipe) -> dict[str, Any]:
    return {key: plain_value(value) for key, value in values(recipe).items()}


def bounds(recipe: Recipe) -> dict[str, dict[str, float]]:
    """A recipe's expectations as it writes them: `{"val_accuracy": {"min": 0.97}}`."""
    return {
        bound.metric: {
            key: limit for key, limit in (("min", bound.minimum), ("max", bound.maximum)) if limit is not None
        }
        for bound in recipe.expect
    }


def _named(metric: Use) -> Use:
    """A metric with the name that it is logged under, which its full name would change."""
    from hornbook.recipes.naming import metric_name

    if "name" not in metric.entry.component.parameters:
        return metric
    return replace(metric, parameters={**metric.parameters, "name": metric_name(metric)})


def plain_use(use: Use) -> dict[str, Any]:
    """A use as plain data: the full name and every parameter."""
    return {"use": use.entry.full_name} | {name: plain_value(value) for name, value in use.parameters.items()}


def plain_value(value: Any) -> Any:
    """A value that may hold uses and facts as plain data."""
    if isinstance(value, Use):
        return plain_use(value)
    if isinstance(value, Fact):
        return str(value)
    if isinstance(value, Mapping):
        return {key: plain_value(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain_value(one) for one in value]
    return value


def flat(recipe: Recipe) -> dict[str, Any]:
    """Every value that the recipe or a default sets, by its path, for trackers and comparisons.

    A component stands under its own path with its full name: `optimizer` is `optimizers/adam`,
    `optimizer.learning_rate` its learning rate. What is nothing is left out.
    """
    whole = {key: value for key, value in _frozen(recipe).items() if key not in _NOT_PARAMETERS}
    return dict(_flattened(whole, ""))


_NOT_PARAMETERS = ("recipe", "name", "description", "requires", "tracking", "expect", "silence", "resolved")


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


_BREAKS = frozenset("\r\x85\u2028\u2029")
"""What YAML 1.1 takes for the end of a line, or may; written as escapes."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    from hornbook.recipes.text import scalar

    try:
        misread = not isinstance(scalar(text), str)
    except ValueError:
        misread = True
    if _BREAKS.intersection(text):
        style: str | None = '"'
    else:
        style = "'" if misread else "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)
