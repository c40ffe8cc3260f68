"""What is known of a run before its data is loaded: what the dataset's declaration tells, and what follows."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from hornbook.component import LabelForm
from hornbook.problem import Place, Problem, Severity
from hornbook.recipes.labels import expected_activation, reaching
from hornbook.recipes.paths import found
from hornbook.recipes.recipe import Recipe
from hornbook.recipes.references import Fact
from hornbook.recipes.use import Use


@dataclass(frozen=True, slots=True)
class Known:
    """A recipe, and what is known of its run. Whatever is none is not known, and nothing is guessed.

    Args:
        recipe: The recipe.
        data: What the dataset's declaration tells, with the parameters that the recipe gives over it.
        labels: The form in which labels reach the loss.
        splits: The names of the splits that there will be.
        facts: By the names of `hornbook.component.FACTS`; those that are not known are left out.
    """

    recipe: Recipe
    data: Mapping[str, Any]
    labels: LabelForm | None
    splits: frozenset[str] | None
    facts: Mapping[str, Any]

    def value(self, value: Any) -> Any:
        """A parameter's value, references to facts replaced by what is known; none where it is not."""
        return self.facts.get(value.name) if isinstance(value, Fact) else value

    def place(self, use: Use, parameter: str = "") -> Place | None:
        """Where a recipe gives a parameter; where it names the component, if the parameter is a default."""
        node = found(self.recipe.document, f"{use.path}.{parameter}") if parameter and use.path else None
        return node.place if node is not None and node.place else use.place

    def problem(
        self, code: str, severity: Severity, message: str, hint: str, use: Use, parameter: str = ""
    ) -> Problem:
        """A problem with a component's use, or with one of its parameters."""
        path = f"{use.path}.{parameter}" if parameter else use.path
        place = self.place(use, parameter)
        return Problem(code=code, message=message, hint=hint, place=place, path=path, severity=severity)


def known(recipe: Recipe) -> Known:
    """Gather what is known of a recipe's run.

    Args:
        recipe: The recipe, every name bound.

    Returns:
        What is known.
    """
    data = _data(recipe.data)
    labels = reaching(recipe.loss.entry.component.labels, data.get("labels"))
    partly = Known(recipe, data, labels, _splits(recipe, data), {})
    return replace(partly, facts={name: fact for name, fact in _facts(partly) if fact is not None})


def _data(use: Use) -> dict[str, Any]:
    forms = {"task": str, "modality": str, "class_names": list}
    given = {
        name: value for name, form in forms.items() if isinstance(value := use.parameters.get(name), form)
    }
    data = {**use.entry.component.facts, **{name: value for name, value in given.items() if value}}
    if isinstance(data.get("class_names"), list):
        data["classes"] = len(data["class_names"])
    if data.get("task") == "regression":
        data.setdefault("labels", "real")
    return data


def _splits(recipe: Recipe, data: Mapping[str, Any]) -> frozenset[str] | None:
    if "splits" not in data:
        return None
    own = {"validation": recipe.splitting.validation, "test": recipe.splitting.test}
    return frozenset(data["splits"]) | {name for name, share in own.items() if share}


def _facts(partly: Known) -> Iterator[tuple[str, Any]]:
    recipe, data = partly.recipe, partly.data
    for name in ("task", "modality", "classes", "class_names"):
        yield f"data.{name}", data.get(name)
    for name in ("shape", "value_range"):
        yield f"data.{name}", tuple(data[name]) if isinstance(data.get(name), list) else None
    yield "data.labels", partly.labels
    yield "data.outputs", _outputs(partly)
    from_logits = recipe.loss.parameters.get("from_logits", False)
    yield "loss.from_logits", from_logits if isinstance(from_logits, bool) else None
    if partly.labels is not None:
        yield "loss.activation", expected_activation(recipe.loss, partly.labels)
    yield "training.epochs", recipe.training.epochs
    yield "training.batch_size", recipe.training.batch_size
    examples = _examples(recipe, data)
    if examples:
        steps = math.ceil(examples / recipe.training.batch_size)
        yield "data.examples", examples
        yield "training.steps_per_epoch", steps
        yield "training.total_steps", steps * recipe.training.epochs


def _outputs(partly: Known) -> int | None:
    """How many numbers the labels of one example are, or ask for."""
    data, own = partly.data, partly.data.get("labels")
    width: Any = None
    if partly.labels in ("integer", "one_hot"):
        width = 2 if own in ("binary", "signed") else data.get("classes")
    elif partly.labels in ("binary", "signed") and own in ("integer", "one_hot"):
        width = 1
    elif partly.labels == own:
        width = data.get("outputs")
    return width if isinstance(width, int) else None


def _examples(recipe: Recipe, data: Mapping[str, Any]) -> int | None:
    """How many examples are left to train on; with `stratify` give or take a few."""
    examples = data.get("examples")
    if not isinstance(examples, int):
        return None
    shares = (recipe.splitting.validation or 0.0, recipe.splitting.test or 0.0)
    return examples - sum(round(share * examples) for share in shares)
