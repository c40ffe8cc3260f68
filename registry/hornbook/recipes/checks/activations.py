"""The last activation against the loss: probabilities, logits, or numbers of either sign."""

from collections.abc import Iterator

from hornbook.problem import Problem
from hornbook.recipes.checks.known import Known
from hornbook.recipes.checks.outputs import Range, Told, output_range, output_units
from hornbook.recipes.labels import expected_activation
from hornbook.recipes.use import Use


def activations(known: Known) -> Iterator[Problem]:
    """Find a last activation whose numbers the loss does not read as they are meant.

    Args:
        known: The recipe, and what is known of its run.

    Yields:
        HB701 to HB704.
    """
    told = output_range(known)
    if told is None:
        return
    loss = known.recipe.loss
    given, message, hint = f"{told.name!r} gives {_words(told.value)}", "", ""
    units = output_units(known)
    if told.name == "softmax" and units is not None and units.value == 1:
        hint = "use sigmoid for one column, or one column a class"
        yield known.problem("HB704", "error", "softmax over one column is always 1", hint, *_where(told))
        return
    match _wanted(known):
        case "probabilities" if not _within(told.value, 0, 1):
            code, message = "HB701", f"loss {loss.entry.name!r} takes probabilities, and {given}"
            activation = expected_activation(loss, known.labels)
            alternative = ", or say `from_logits: true` of the loss" if _can_take_logits(known) else ""
            hint = f"let the last layer end in {activation}{alternative}"
        case "logits" if told.value != (None, None):
            code, message = "HB702", f"loss {loss.entry.name!r} takes logits, any number, and {given}"
            hint = f"leave {told.name} out of the last layer, or `from_logits` out of the loss"
        case "signs" if told.value[0] is not None and told.value[0] >= 0:
            code, message = "HB703", f"loss {loss.entry.name!r} takes numbers of either sign, and {given}"
            hint = f"leave {told.name} out of the last layer, or use tanh"
    if message:
        yield known.problem(code, "warning", message, hint, *_where(told))


def _wanted(known: Known) -> str:
    """What the loss reads its predictions as; empty where that is not known."""
    loss = known.recipe.loss
    component = loss.entry.component
    from_logits = loss.parameters.get("from_logits", False)
    if not isinstance(from_logits, bool):
        return ""
    if from_logits:
        return "logits"
    if component.labels == "signed":
        return "signs"
    told = component.facts.get("activation")
    probabilities = told in ("softmax", "sigmoid") or (
        told is None and component.labels in ("one_hot", "integer", "binary")
    )
    return "probabilities" if probabilities else ""


def _can_take_logits(known: Known) -> bool:
    return "from_logits" in known.recipe.loss.entry.component.parameters


def _within(found: Range, least: float, most: float) -> bool:
    low, high = found
    return low is not None and high is not None and low >= least and high <= most


def _words(found: Range) -> str:
    low, high = found
    if low is None or high is None:
        return "any number" if low is None else f"numbers from {low:g} up"
    return f"numbers from {low:g} to {high:g}"


def _where(told: Told) -> tuple[Use, str]:
    return told.use, told.parameter
