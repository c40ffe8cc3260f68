"""Going on with a run that was killed, interrupted or has failed, or that is to have more epochs."""

import shutil
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from hornbook.catalog import Catalog
from hornbook.recipes.checks.schedules import WHOLE, lengths
from hornbook.recipes.reading import read
from hornbook.recipes.recipe import Recipe
from hornbook.recipes.use import Use
from hornbook.runner.delivery.delivering import is_tracked, reconcile
from hornbook.runner.delivery.forwarding import Forwarder
from hornbook.runner.journals.folder import RunFolder
from hornbook.runner.journals.journal import Journal, mend
from hornbook.runner.journals.record import Record, record
from hornbook.runner.refusing import (
    new_parameters,
    refuse_if_diverged,
    refuse_if_done,
    refuse_if_edited,
    refuse_if_never_begun,
    refuse_if_other,
    refuse_if_other_backend,
    refuse_if_stopped,
)
from hornbook.runner.run import Options, Run, companion, conduct
from hornbook.runner.surroundings import environment
from hornbook.runner.surroundings.changes import changes
from hornbook.runner.surroundings.revision import Look
from hornbook.runner.training.attended import attended
from hornbook.runner.training.interruption import Interruption
from hornbook.tracker import Event

if TYPE_CHECKING:
    from hornbook.runner.checkpoints.shelf import Found
    from hornbook.runner.session import Session


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
    with attended(folder) as interruption:
        return _resume(folder, catalog, options, epochs, interruption)


def _resume(
    folder: RunFolder, catalog: Catalog, options: Options, epochs: int | None, interruption: Interruption
) -> Run:
    began = time.perf_counter()
    before = record(folder)
    refuse_if_never_begun(before)
    recipe = replace(read(folder.recipe, (), catalog), name=before.name)
    refuse_if_edited(before, recipe)
    planned, given = recipe.training.epochs, _latest_epochs(before, recipe.training.epochs)
    recipe = _for(recipe, epochs or given)
    refuse_if_done(before, recipe, given)
    tracked = is_tracked(folder)
    forwarder: Forwarder | None = None
    try:
        forwarder = companion(folder, options)
        from hornbook.runner.checkpoints.architecture import marks
        from hornbook.runner.checkpoints.shelf import newest
        from hornbook.runner.session import open_session

        refuse_if_other_backend(before)
        changed = [*drift(folder, recipe, catalog), *new_parameters(before, recipe, planned)]
        if not changed:
            refuse_if_diverged(before, recipe)
        session = open_session(recipe, planned, options.load)
        refuse_if_other(before, session.prepared.dataset.digest, marks(session.assembly))
        found = newest(folder.checkpoints, before.epochs)
        start = found.checkpoint
        if start is not None and start.stopped:
            if epochs is None:
                refuse_if_stopped(before, recipe.training.epochs)
            else:  # who asks for more does not mean to stop early
                start = replace(start, stopped=False)
        interruption.check()
    except BaseException:
        if forwarder:
            forwarder.cancel()
        if not tracked:  # nor is it by being refused
            shutil.rmtree(folder.path / "delivery", ignore_errors=True)
        raise
    for line in (*changed, *_damage(before, found), *_lost(session), *_spent(before, recipe, planned)):
        options.warn(line)
    mend(folder.journal)
    reconcile(folder)
    position = {"epoch": start.epoch, "step": start.step} if start else {"epoch": 0, "step": 0}

    def begin(journal: Journal) -> Event:
        known = {"epochs": recipe.training.epochs, "recorded": before.epochs}
        return journal.write("resumed", **position, **known, drift=changed)

    options = replace(options, wanted=options.wanted or _compared_by(before))
    return conduct(recipe, catalog, options, folder, session, forwarder, begin, began, interruption, start)


def _compared_by(before: Record) -> str | None:
    """The metric that a run's sweep goes by, where it is a trial of one."""
    sweep = before.details.get("sweep")
    metric = sweep.get("metric") if isinstance(sweep, Mapping) else None
    return metric if isinstance(metric, str) else None


def _for(recipe: Recipe, epochs: int) -> Recipe:
    return replace(recipe, training=replace(recipe.training, epochs=epochs))


def _latest_epochs(before: Record, planned: int) -> int:
    """A run that was already given more epochs keeps them."""
    return max([planned, *(int(event["epochs"]) for event in before.resumptions)])


def _damage(before: Record, found: "Found") -> Iterator[str]:
    """What of the run was found damaged, and what that means."""
    if before.damage:
        yield f"the journal of {before.id} is damaged: {before.damage}"
    start = found.checkpoint
    place = f"epoch {start.epoch}, step {start.step}" if start else "the beginning: no other is left"
    for name in found.damaged:
        yield f"the checkpoint {name} cannot be read, and is {name}.damaged now; going on from {place}"


def _lost(session: "Session") -> Iterator[str]:
    """What of the run no checkpoint can hold."""
    from hornbook.runner.checkpoints.callback_state import unkept

    for callback in unkept(session.assembly.callbacks):
        yield f"no checkpoint holds what the callback {callback} was at: with that it begins anew"


def _spent(before: Record, recipe: Recipe, planned: int) -> Iterator[str]:
    """Whether the learning rate's schedule is over before the training is."""
    schedule = next(filter(_spans_the_run, recipe.uses()), None)
    if schedule is None or recipe.training.epochs <= planned:
        return
    rates = before.history.get("learning_rate", ())
    last = f", {rates[planned - 1]:.3g}" if len(rates) >= planned else ""
    yield (
        f"the schedule {schedule.written} was made for {planned} epochs, and keeps that length: what comes after "
        f"them is trained at the rate that it ends with{last}"
    )


def _spans_the_run(use: Use) -> bool:
    """Whether it is a schedule whose length is that of the run, not one that the recipe gives."""
    whole = [use.parameters.get(name) for name, fact in lengths(use).items() if fact == WHOLE]
    return use.entry.kind == "scheduler" and bool(whole) and not any(isinstance(one, int) for one in whole)


def drift(folder: RunFolder, recipe: Recipe, catalog: Catalog) -> Iterator[str]:
    """What a run ran on, where that is another now.

    Args:
        folder: The run.
        recipe: Its recipe.
        catalog: The components there are.

    Yields:
        A line for each difference.
    """
    then = environment.known(folder)
    if not then:
        yield "environment.json cannot be read, so what has changed since is not known"
        return
    now = environment.describe(recipe, environment.trackers(catalog), Look(Path.cwd()).found())
    bystanders = environment.bystanders(recipe, now["backend"], catalog)
    yield from map(str, changes(then, now, bystanders))
