"""Metrics against the labels and predictions that they will see: those of the loss."""

from collections.abc import Iterator

from hornbook.problem import Problem, Severity
from hornbook.recipes.checks.known import Known
from hornbook.recipes.use import Use

NUMBERS = ("real", "input")
BETTER = {
    ("categorical_accuracy", "integer"): "sparse_categorical_accuracy",
    ("sparse_categorical_accuracy", "one_hot"): "categorical_accuracy",
    ("top_k_categorical_accuracy", "integer"): "sparse_top_k_categorical_accuracy",
    ("sparse_top_k_categorical_accuracy", "one_hot"): "top_k_categorical_accuracy",
    ("categorical_crossentropy", "integer"): "sparse_categorical_crossentropy",
    ("sparse_categorical_crossentropy", "one_hot"): "categorical_crossentropy",
}
"""The metric that measures the same on another form of labels; else `accuracy` goes by the labels."""


def metrics(known: Known) -> Iterator[Problem]:
    """Find metrics that measure something else than they say.

    Args:
        known: The recipe, and what is known of its run.

    Yields:
        HB707 to HB709.
    """
    for metric in known.recipe.metrics:
        yield from _labels(metric, known)
        yield from _logits(metric, known)


def _labels(metric: Use, known: Known) -> Iterator[Problem]:
    component, form = metric.entry.component, known.labels
    # Whoever wants numbers takes those that stand for classes too.
    every = component.facts.get("labels") or ([component.labels] if component.labels != "real" else [])
    accepted = [one for one in every if one]
    if form in (None, "none") or not accepted or form in accepted:
        return
    better = BETTER.get((metric.entry.name, str(form)), "mae" if form in NUMBERS else "accuracy")
    message = (
        f"metric {metric.written!r} works on {' or '.join(accepted)} labels, and the loss has {form} ones"
    )
    severity: Severity = "error" if _certain(metric, accepted, str(form)) else "warning"
    yield known.problem("HB707", severity, message, f"`{better}` works on {form} labels", metric)


def _certain(metric: Use, accepted: list[str], form: str) -> bool:
    """Whether Keras refuses such labels, or always calls them right: class numbers have no columns."""
    asks = "data.labels" in metric.entry.component.provided.values()
    one_column = accepted == ["one_hot"] and form in ("binary", "signed")
    return asks or one_column or "integer" in (form, *accepted)


def _logits(metric: Use, known: Known) -> Iterator[Problem]:
    facts, from_logits = metric.entry.component.facts, known.facts.get("loss.from_logits")
    own = known.value(metric.parameters.get("from_logits"))
    if isinstance(own, bool) and isinstance(from_logits, bool) and own is not from_logits:
        message = f"metric {metric.written!r} takes {_read(own)}, and the loss takes {_read(from_logits)}"
        hint = "leave `from_logits` out of the metric: it goes by the loss"
        yield known.problem("HB709", "warning", message, hint, metric, "from_logits")
    elif from_logits and "threshold" in facts and _at_default(metric, facts["threshold"]):
        message = f"metric {metric.written!r} decides at a probability of 0.5, and the model gives logits"
        hint = f"set `{facts['threshold']}: 0.0`, where a logit means 0.5"
        yield known.problem("HB708", "warning", message, hint, metric)
    elif from_logits and facts.get("probabilities"):
        message = f"metric {metric.written!r} takes probabilities, and the model gives logits"
        hint = "end the model in a sigmoid and leave `from_logits` out of the loss"
        yield known.problem("HB708", "warning", message, hint, metric)


def _at_default(metric: Use, parameter: str) -> bool:
    return bool(metric.parameters.get(parameter) == metric.defaults.get(parameter))


def _read(from_logits: bool) -> str:
    return "logits" if from_logits else "probabilities"
