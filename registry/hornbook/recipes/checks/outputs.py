"""What a model's last layer gives: within which range, and how many numbers for one example."""

from dataclasses import dataclass
from typing import Any

from hornbook.recipes.checks.known import Known
from hornbook.recipes.use import Use

Range = tuple[float | None, float | None]
"""The least and the greatest number, none where there is no bound."""

LINEAR: Range = (None, None)


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that is known of a model's outputs.

    Args:
        value: The range, or the number of units.
        use: The layer or model that tells it.
        parameter: The parameter of it that tells it, if it is one.
        name: What the recipe calls it, such as the activation's name.
    """

    value: Any
    use: Use
    parameter: str = ""
    name: str = ""


def output_range(known: Known) -> Told | None:
    """Within which range the model's outputs lie; none where that is not known."""
    return _range(known.recipe.model, known)


def output_units(known: Known) -> Told | None:
    """How many numbers the model gives for one example; none where that is not known."""
    return _units(known.recipe.model, known)


def _range(use: Use, known: Known) -> Told | None:
    facts = use.entry.component.facts
    if "output_range" in facts:
        return Told(tuple(facts["output_range"]), use, name=use.entry.name)
    if "output_activation" in facts:
        told = _activation(use, facts["output_activation"], known)
        # An activation that changes nothing, in a layer that does nothing else, tells nothing.
        return None if told and told.value == LINEAR and "shape" in facts.get("keeps", ()) else told
    for inner in reversed(_layers(use)):
        if "values" not in inner.entry.component.facts.get("keeps", ()):
            return _range(inner, known)
    return None


def _activation(use: Use, parameter: str, known: Known) -> Told | None:
    value = known.value(use.parameters.get(parameter))
    if value is None and use.parameters.get(parameter) is None:
        return Told(LINEAR, use, name="linear")
    if not isinstance(value, Use) or value.arguments or "range" not in value.entry.component.facts:
        return None
    return Told(tuple(value.entry.component.facts["range"]), use, parameter, value.entry.name)


def _units(use: Use, known: Known) -> Told | None:
    facts = use.entry.component.facts
    if "output_units" in facts:
        parameter = facts["output_units"]
        value = known.value(use.parameters.get(parameter))
        return Told(value, use, parameter, use.written) if isinstance(value, int) else None
    for inner in reversed(_layers(use)):
        if "shape" not in inner.entry.component.facts.get("keeps", ()):
            return _units(inner, known)
    return None


def _layers(use: Use) -> list[Use]:
    """The layers of which the last gives what this one gives; none where that is not known."""
    parameter = use.entry.component.facts.get("outputs_of")
    layers = use.parameters.get(parameter) if parameter else None
    known = isinstance(layers, list) and all(isinstance(layer, Use) for layer in layers)
    return list(layers) if known and layers else []
