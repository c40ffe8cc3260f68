"""Label forms: in which one labels reach a loss, and which last activation goes with it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from hornbook.component import LabelForm

if TYPE_CHECKING:
    from hornbook.recipes.use import Use

ACTIVATIONS: Mapping[str, str] = {"one_hot": "softmax", "integer": "softmax", "binary": "sigmoid"}
"""The last activation that a loss expects, by the form of its labels; linear for all others."""


def reaching(wanted: LabelForm | None, given: LabelForm | None) -> LabelForm | None:
    """The form in which labels will reach the loss.

    Args:
        wanted: The form that the loss declares; none where it declares nothing.
        given: The form in which the dataset has them; none where that is not known.

    Returns:
        `wanted`, or the dataset's own form where the loss does not say. Classes to a loss on real
        numbers go as `one_hot`: their numbers are names, not amounts. None where it cannot be told.
    """
    if wanted is None:
        return given
    if wanted == "real" and given in ("integer", "one_hot"):
        return "one_hot"
    return None if wanted == "real" and given is None else wanted


def expected_activation(loss: "Use", form: LabelForm | None) -> str:
    """The activation that a loss expects of the last layer.

    Args:
        loss: The loss.
        form: The form in which labels reach it.

    Returns:
        The activation's name.
    """
    if loss.parameters.get("from_logits"):
        return "linear"
    told = loss.entry.component.facts.get("activation")
    return str(told or ACTIVATIONS.get(form or "none", "linear"))
