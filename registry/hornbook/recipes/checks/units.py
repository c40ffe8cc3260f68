"""The width of the last layer against the labels."""

from collections.abc import Iterator

from hornbook.problem import Problem, Severity
from hornbook.recipes.checks.known import Known
from hornbook.recipes.checks.outputs import output_units

CLASSES = ("integer", "one_hot")


def units(known: Known) -> Iterator[Problem]:
    """Find labels that the loss cannot have, and a last layer that has not one column for each.

    Args:
        known: The recipe, and what is known of its run.

    Yields:
        HB401, HB705 and HB706.
    """
    impossible = _impossible(known)
    if impossible:
        yield known.problem("HB401", "error", *impossible, known.recipe.loss)
        return
    told, wanted = output_units(known), known.facts.get("data.outputs")
    if told is None or wanted is None or told.value == wanted:
        return
    where = (told.use, told.parameter)
    columns = f"{told.value} column{'s' if told.value > 1 else ''}"
    if known.labels in CLASSES:
        message = f"the last layer has {columns}, and the data has {wanted} classes"
        spare = known.labels == "integer" and told.value > wanted
        hint = 'write units: "${data.classes}"'
        yield known.problem("HB705", "warning" if spare else "error", message, hint, *where)
    else:
        message = f"the last layer has {columns}, and a label is {_numbers(wanted)}"
        hint = f"write units: {wanted}"
        if known.labels in ("binary", "signed"):
            hint += "; for a column a class use categorical_crossentropy"
        # Other losses spread one label over all columns; these refuse.
        severity: Severity = "error" if known.labels == "binary" else "warning"
        yield known.problem("HB706", severity, message, hint, *where)


def _numbers(amount: int) -> str:
    return f"{amount} number{'s' if amount > 1 else ''}"


def _impossible(known: Known) -> tuple[str, str] | None:
    """Why the labels cannot be put in the form that the loss works on, and what could be done."""
    wanted, given = known.recipe.loss.entry.component.labels, known.data.get("labels")
    classes = known.data.get("classes")
    message = f"the loss works on {wanted} labels, but "
    if given == "none" and wanted not in (None, "none", "input"):
        return (
            f"{message}the data has no labels",
            "a loss on the inputs, such as `reconstruction`, needs none",
        )
    if given == "real" and wanted in ("one_hot", "integer", "binary", "signed"):
        return f"{message}the data's labels are real", "a loss such as `mse` or `huber` takes real labels"
    if wanted in ("binary", "signed") and given in CLASSES and isinstance(classes, int) and classes != 2:
        several = "`categorical_hinge`" if wanted == "signed" else "`categorical_crossentropy`"
        return f"{message}the data has {classes} classes", f"{several} takes any number of classes"
    return None
