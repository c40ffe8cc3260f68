"""Learning rate schedules against the length of the run, and against callbacks that cut across them."""

from collections.abc import Iterator
from typing import Any, TypeGuard

from hornbook.problem import Problem
from hornbook.recipes.checks.known import Known
from hornbook.recipes.use import Use, uses

SHORT, LONG = 0.75, 1.33
"""How far a schedule's length may be from the run's, as a share of it."""

WHOLE, EPOCH = "training.total_steps", "training.steps_per_epoch"


def schedules(known: Known) -> Iterator[Problem]:
    """Find schedules that do not fit the run, and callbacks that do not go with a schedule.

    Args:
        known: The recipe, and what is known of its run.

    Yields:
        HB721 to HB724.
    """
    schedule = next(_schedules(known), None)
    for use in _schedules(known):
        yield from _length(use, known)
    if schedule is None:
        return
    whole = next((use for use in _schedules(known) if WHOLE in use.entry.component.provided.values()), None)
    for callback in known.recipe.callbacks:
        facts = callback.entry.component.facts
        if facts.get("sets_learning_rate"):
            message = (
                f"{callback.written!r} sets the learning rate, which the schedule {schedule.written!r} rules"
            )
            hint = "leave one of them out; Keras stops the run when the callback comes to act"
            yield known.problem("HB723", "error", message, hint, callback)
        if facts.get("stops_training") and whole is not None and _may_stop(callback, known):
            message = (
                f"{callback.written!r} may end the run before {whole.written!r} has brought the rate down"
            )
            hint = "leave it out, and train for as many epochs as it takes"
            yield known.problem("HB724", "warning", message, hint, callback)


def _schedules(known: Known) -> Iterator[Use]:
    rates = (use.parameters.get("learning_rate") for use in known.recipe.optimizer.within())
    for rate in rates:
        yield from (use for use in uses(rate) if use.entry.kind == "scheduler")


def _length(use: Use, known: Known) -> Iterator[Problem]:
    total = known.facts.get(WHOLE)
    if not isinstance(total, int):
        return
    for parameter, fact in lengths(use).items():
        steps = known.value(use.parameters.get(parameter))
        if not _is_number(steps):
            continue
        if fact == WHOLE and steps < SHORT * total:
            message = f"{use.written!r} ends after {steps:,} of the run's {total:,} steps"
            yield _misfit("HB721", message, use, parameter, known)
        elif fact == WHOLE and steps > LONG * total:
            message = f"{use.written!r} takes {steps:,} steps, and the run has {total:,}"
            yield _misfit("HB722", message, use, parameter, known)
        elif fact == EPOCH and steps >= total:
            if known.facts.get(EPOCH) == total:
                continue  # a run of one epoch: the default is as long
            message = (
                f"the first {steps:,} steps of {use.written!r} are not over when the run ends, at {total:,}"
            )
            yield _misfit("HB722", message, use, parameter, known)
    boundaries = use.parameters.get("boundaries")
    if isinstance(boundaries, list) and boundaries and _is_number(boundaries[-1]) and boundaries[-1] >= total:
        message = f"{use.written!r} changes the rate at step {boundaries[-1]:,}, and the run has {total:,}"
        yield _misfit("HB722", message, use, "boundaries", known)


def lengths(use: Use) -> dict[str, str]:
    """The parameters that say how long a schedule lasts, each with the fact that gives it where it is left out.

    Args:
        use: The schedule.
    """
    component = use.entry.component
    instead = component.facts.get("length")  # what may be written in place of the whole run's length
    return {**component.provided, **({str(instead): WHOLE} if instead else {})}


def _misfit(code: str, message: str, use: Use, parameter: str, known: Known) -> Problem:
    provided = parameter in lengths(use)
    hint = f"leave `{parameter}` out: the run gives it" if provided else "count in steps, not in epochs"
    return known.problem(code, "warning", message, hint, use, parameter)


def _may_stop(callback: Use, known: Known) -> bool:
    patience = callback.parameters.get("patience")
    return not (_is_number(patience) and patience >= known.recipe.training.epochs)


def _is_number(value: Any) -> TypeGuard[float]:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
