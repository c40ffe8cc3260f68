"""Refusing: what makes it wrong to go on with a run, and what to do instead."""

import json
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from hornbook.problem import HornbookError, Problem
from hornbook.recipes.freezing import flat
from hornbook.recipes.recipe import Recipe
from hornbook.runner.journals.folder import RunFolder, shortest
from hornbook.runner.journals.record import Record

_WITHOUT_EFFECT = "training.checkpoint."
"""How often a checkpoint is taken may change at any time."""


def refuse_if_never_begun(before: Record) -> None:
    """Refuse to go on with what has no beginning.

    Args:
        before: The run so far.

    Raises:
        HornbookError: When its journal does not tell how it began.
    """
    if not before.details:
        message = f"the run {before.id} was ended before it began: its journal tells of no start"
        hint = "carry its recipe out anew; this folder can go"
        raise HornbookError(Problem(code="HB528", message=message, hint=hint))


def refuse_if_done(before: Record, recipe: Recipe, given: int) -> None:
    """Refuse to go on where nothing is left to do.

    Args:
        before: The run so far.
        recipe: Its recipe, of the length that is asked for.
        given: How many epochs it was last given.

    Raises:
        HornbookError: When all of its epochs are done, or more than are asked for.
    """
    over = before.outcome in ("finished", "unmet")
    if over and recipe.training.epochs <= before.epochs:
        message = f"the run {before.id} has gone through all of its {before.epochs} epochs"
        hint = f"give it more: `hornbook resume {before.folder.typed} --epochs {2 * before.epochs}`"
        raise HornbookError(Problem(code="HB522", message=message, hint=hint))
    if over and before.epochs < given:
        return
    if recipe.training.epochs < before.epochs:
        message = f"the run {before.id} has {before.epochs} epochs behind it already"
        raise HornbookError(Problem(code="HB522", message=message, hint="--epochs counts all of them"))


def refuse_if_stopped(before: Record, planned: int) -> None:
    """Refuse to go on where a callback had ended the training, and nobody asks for more.

    Args:
        before: The run so far; its newest checkpoint says that it was stopped.
        planned: How many epochs it may have.

    Raises:
        HornbookError: When the run ended so, whole.
    """
    if before.outcome not in ("finished", "unmet"):
        return
    message = f"a callback ended the run {before.id} after {before.epochs} of {planned} epochs"
    hint = f"go on all the same: `hornbook resume {before.folder.typed} --epochs {planned}`"
    raise HornbookError(Problem(code="HB522", message=message, hint=hint))


def refuse_if_diverged(before: Record, recipe: Recipe) -> None:
    """Refuse to go on where the same steps would end the same way.

    Args:
        before: The run so far; nothing that it ran on has changed.
        recipe: Its recipe.

    Raises:
        HornbookError: When it diverged.
    """
    if before.outcome != "diverged":
        return
    message = f"the run {before.id} diverged, and would again: nothing that it ran on has changed"
    hint = f"begin anew with a change, such as `{milder(before.folder, recipe)}`"
    raise HornbookError(Problem(code="HB525", message=message, hint=hint))


def milder(folder: RunFolder, recipe: Recipe) -> str:
    """A command that carries a recipe out anew in smaller steps, for a run that diverged.

    Args:
        folder: The run.
        recipe: Its recipe.

    Returns:
        The command, as one types it.
    """
    return " ".join(("hornbook run", shlex.quote(shortest(folder.recipe)), *_smaller_steps(recipe)))


def _smaller_steps(recipe: Recipe) -> Iterator[str]:
    rate = recipe.optimizer.parameters.get("learning_rate")
    if isinstance(rate, (int, float)):
        yield f"-s optimizer.learning_rate={rate / 10:g}"
    if "clipnorm" in recipe.optimizer.entry.component.parameters:
        yield "-s optimizer.clipnorm=1"


def refuse_if_edited(before: Record, recipe: Recipe) -> None:
    """Refuse to go on with another recipe than the run began with.

    Args:
        before: The run so far.
        recipe: Its recipe, as it is read now.

    Raises:
        HornbookError: When a value is another.
    """
    changed = [
        f"{path} was {_shown(old)} and is {'gone' if new is None else _shown(new)}"
        for path, old, new in _changed(before, recipe)
        if old is not None
    ]
    if changed:
        message = f"the recipe of the run {before.id} has changed since: {'; '.join(changed[:5])}"
        recipe_file = shlex.quote(shortest(before.folder.recipe))
        hint = f"undo that, or begin a new run of it: `hornbook run {recipe_file}`; --epochs gives a run more"
        raise HornbookError(Problem(code="HB527", message=message, hint=hint))


def new_parameters(before: Record, recipe: Recipe, planned: int) -> Iterator[str]:
    """What the recipe's components have taken on since: a newer version may know more parameters.

    Args:
        before: The run so far.
        recipe: Its recipe.
        planned: How many epochs it was planned with.

    Yields:
        A line for each.
    """
    as_planned = replace(recipe, training=replace(recipe.training, epochs=planned))
    for path, old, new in _changed(before, as_planned):
        if old is None:
            yield f"{path}: none then, {_shown(new)} now"


def _changed(before: Record, recipe: Recipe) -> Iterator[tuple[str, Any, Any]]:
    then = before.details.get("parameters")
    if not isinstance(then, Mapping):
        return
    now = json.loads(json.dumps(flat(recipe), default=str))
    for path in {**then, **now}:
        if not path.startswith(_WITHOUT_EFFECT) and str(then.get(path)) != str(now.get(path)):
            yield path, then.get(path), now.get(path)


def _shown(value: Any) -> str:
    return str(value)[:80]


def refuse_if_other(before: Record, digest: str, marks: Mapping[str, str]) -> None:
    """Refuse to go on where the bits could not be those of a run that never stopped.

    Args:
        before: The run so far.
        digest: The digest of the data as it is.
        marks: What the recipe makes now; see `hornbook.runner.checkpoints.architecture`.

    Raises:
        HornbookError: When the data or the objects are others.
    """
    if digest != before.details.get("data", {}).get("digest"):
        message = f"the data of the run {before.id} has changed since: its digest is another"
        hint = "`hornbook run` with its recipe begins anew on the data as it is"
        raise HornbookError(Problem(code="HB524", message=message, hint=hint))
    made = before.details.get("made")
    then: Mapping[str, Any] = made if isinstance(made, Mapping) else {}
    others = [name for name, mark in marks.items() if then.get(name, mark) != mark]
    if others:
        message = f"the recipe of the run {before.id} makes another {' and '.join(others)} than it did then"
        hint = "a plugin has changed since: `environment.json` in the run's folder lists the versions it had"
        raise HornbookError(Problem(code="HB521", message=message, hint=hint))


def refuse_if_other_backend(before: Record) -> None:
    """Refuse to go on under another backend.

    Args:
        before: The run so far.

    Raises:
        HornbookError: When Keras runs on another one now.
    """
    import keras

    backend = before.details.get("backend", "")
    if backend != keras.backend.backend():
        message = f"the run {before.id} ran on {backend}, and Keras runs on {keras.backend.backend()} now"
        hint = f"`hornbook resume {before.folder.typed} --backend {backend}`"
        raise HornbookError(Problem(code="HB523", message=message, hint=hint))
