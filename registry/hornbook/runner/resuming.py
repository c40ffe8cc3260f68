"""Going on with a run that was killed, interrupted or has failed, or that is to have more epochs."""

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from hornbook.catalog import Catalog
from hornbook.problem import HornbookError, Problem
from hornbook.recipes.reading import read
from hornbook.recipes.recipe import Recipe
from hornbook.runner import environment
from hornbook.runner.folder import RunFolder
from hornbook.runner.forwarding import Forwarder
from hornbook.runner.journal import Journal, mend
from hornbook.runner.record import Record, record
from hornbook.runner.run import Options, Run, conduct
from hornbook.tracker import Event


def resume(folder: RunFolder, catalog: Catalog, options: Options, epochs: int | None = None) -> Run:
    """Go on with a run from its newest checkpoint, to the same bits as if it had never stopped.

    Args:
        folder: The run.
        catalog: The components there are.
        options: How it is carried out.
        epochs: How many epochs it shall have in all, where those are more than it was planned with.

    Returns:
        The run.

    Raises:
        HornbookError: When nothing is left to do, or what it ran on has changed so that going on
            could not be right.
    """
    began = time.perf_counter()
    before = record(folder)
    recipe = replace(read(folder.recipe, (), catalog), name=before.name)
    planned = recipe.training.epochs
    recipe = _for(recipe, epochs or _latest_epochs(before, planned))
    _refuse_if_done(before, recipe)
    forwarder = Forwarder(folder, options.tracking_uri) if options.tracking else None
    try:
        from hornbook.runner.checkpoint import newest
        from hornbook.runner.session import open_session

        session = open_session(recipe, planned_epochs=planned)
        _refuse_if_other(before, session.prepared.dataset.digest)
        start = newest(folder.checkpoints)
        if start is not None and epochs is not None:  # who asks for more does not mean to stop early
            start = replace(start, stopped=False)
    except BaseException:
        if forwarder:
            forwarder.cancel()
        raise
    for line in drift(folder, recipe):
        options.warn(line)
    mend(folder.journal)
    position = {"epoch": start.epoch, "step": start.step} if start else {"epoch": 0, "step": 0}

    def begin(journal: Journal) -> Event:
        return journal.write(
            "resumed", **position, epochs=recipe.training.epochs, drift=list(drift(folder, recipe))
        )

    return conduct(recipe, catalog, options, folder, session, forwarder, begin, began, start)


def _for(recipe: Recipe, epochs: int) -> Recipe:
    return replace(recipe, training=replace(recipe.training, epochs=epochs))


def _latest_epochs(before: Record, planned: int) -> int:
    """A run that was already given more epochs keeps them."""
    return max([planned, *(int(event["epochs"]) for event in before.resumptions)])


def _refuse_if_done(before: Record, recipe: Recipe) -> None:
    if before.outcome in ("finished", "unmet") and recipe.training.epochs <= before.epochs:
        message = f"the run {before.id} has gone through all of its {before.epochs} epochs"
        hint = f"give it more: `hornbook resume {before.id} --epochs {2 * before.epochs}`"
        raise HornbookError(Problem(code="HB522", message=message, hint=hint))
    if before.outcome in ("finished", "unmet") and before.epochs < _latest_epochs(before, 0):
        return
    if recipe.training.epochs < before.epochs:
        message = f"the run {before.id} has {before.epochs} epochs behind it already"
        raise HornbookError(Problem(code="HB522", message=message, hint="--epochs counts all of them"))


def _refuse_if_other(before: Record, digest: str) -> None:
    import keras

    backend = before.details.get("backend", "")
    if backend != keras.backend.backend():
        message = f"the run {before.id} ran on {backend}, and Keras runs on {keras.backend.backend()} now"
        hint = f"`hornbook resume {before.id} --backend {backend}`"
        raise HornbookError(Problem(code="HB523", message=message, hint=hint))
    if digest != before.details.get("data", {}).get("digest"):
        message = f"the data of the run {before.id} has changed since: its digest is another"
        hint = "`hornbook run` with its recipe begins anew on the data as it is"
        raise HornbookError(Problem(code="HB524", message=message, hint=hint))


def drift(folder: RunFolder, recipe: Recipe) -> Iterator[str]:
    """What a run ran on, where that is another now.

    Args:
        folder: The run.
        recipe: Its recipe.

    Yields:
        A line for each difference.
    """
    import keras

    try:
        then: Mapping[str, Any] = json.loads(folder.environment.read_text("utf-8"))
    except (OSError, ValueError):
        yield "environment.json cannot be read, so what has changed since is not known"
        return
    used = sorted({use.entry.distribution for use in recipe.uses()})
    now = environment.describe(used, keras.backend.backend())
    for name in ("python", "platform", "machine"):
        if then.get(name) != now[name]:
            yield f"{name}: {then.get(name)} then, {now[name]} now"
    versions = then.get("distributions", {})
    for name in sorted({*versions, *now["distributions"]}):
        old, new = versions.get(name, "none"), now["distributions"].get(name, "none")
        if old != new:
            yield f"{name}: {old} then, {new} now"
