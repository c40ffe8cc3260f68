"""What a run does once the backend is there: load, assemble, train, score, save."""

import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import keras

from hornbook.assembly.assembly import Assembly, assemble
from hornbook.assembly.build import build
from hornbook.dataset import Dataset
from hornbook.problem import HornbookError, Problem
from hornbook.recipes.recipe import Bound, Recipe
from hornbook.runner.checkpoints.checkpoint import Checkpoint
from hornbook.runner.checkpoints.keeper import Keeper
from hornbook.runner.checkpoints.shelf import newest
from hornbook.runner.data.adapting import Adapter
from hornbook.runner.data.augmentation import Augmentation
from hornbook.runner.data.preparation import Prepared, prepare
from hornbook.runner.fault import forget_traceback, keep_traceback
from hornbook.runner.journals.folder import RunFolder
from hornbook.runner.journals.journal import Journal
from hornbook.runner.journals.record import record
from hornbook.runner.room import no_room, out_of_room
from hornbook.runner.signature import signature
from hornbook.runner.training.divergence import Diverged, Divergence, located
from hornbook.runner.training.interruption import Interrupted, Interruption
from hornbook.runner.training.recorder import Course, Listener
from hornbook.runner.training.replay import narrowed
from hornbook.runner.training.training import averages, gone_through, score, train


@dataclass(frozen=True, slots=True)
class Session:
    """Data and objects of a run, ready to train.

    Args:
        recipe: What is carried out.
        prepared: The data.
        assembly: The Keras objects.
        augmentation: What is done to training batches, if anything.
    """

    recipe: Recipe
    prepared: Prepared
    assembly: Assembly
    augmentation: Augmentation | None


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a session.

    Args:
        outcome: `finished`, `unmet`, `interrupted`, `diverged` or `failed`.
        metrics: The final metrics, of the weights that were saved.
        history: Each metric's value after each epoch, by name.
        unmet: Each expectation that was not met.
        error: What went wrong, if something did.
        divergence: Where the training diverged, if it did.
        saved: Whether the model was saved, as the training left it.
    """

    outcome: str
    metrics: Mapping[str, float]
    history: Mapping[str, list[float]]
    unmet: tuple[Mapping[str, Any], ...] = ()
    error: str = ""
    divergence: Divergence | None = None
    saved: bool = False


def loaded(recipe: Recipe) -> Dataset:
    """A recipe's data as it comes.

    Raises:
        HornbookError: When it cannot be loaded.
    """
    dataset = build(recipe.data, {})
    assert isinstance(dataset, Dataset)
    return dataset


def open_session(
    recipe: Recipe, planned_epochs: int | None = None, load: Callable[[Recipe], Dataset] | None = None
) -> Session:
    """Load a recipe's data and make its objects, from its seed.

    Args:
        recipe: The recipe.
        planned_epochs: How many epochs the run was planned with, where it goes on for more: what was
            made for that length, such as a schedule, keeps it.
        load: Loads the data as it comes; left out, it is loaded anew.

    Returns:
        The session.

    Raises:
        HornbookError: When the data or an object cannot be had as the recipe says.
    """
    keras.utils.set_random_seed(recipe.seed)
    planned = recipe if planned_epochs is None else _planned(recipe, planned_epochs)
    prepared = prepare(planned, (load or loaded)(planned))
    return Session(recipe, prepared, *_made(recipe, prepared))


def _made(recipe: Recipe, prepared: Prepared) -> tuple[Assembly, Augmentation | None]:
    """A recipe's objects: the same whenever they are made, whatever the data's loading has drawn."""
    keras.utils.set_random_seed(recipe.seed)
    assembly = assemble(recipe, prepared.facts, Adapter(prepared.splits["train"]))
    return assembly, augmentation_for(recipe, prepared, assembly.augmenters)


def _planned(recipe: Recipe, epochs: int) -> Recipe:
    return replace(recipe, training=replace(recipe.training, epochs=epochs))


def load_data(recipe: Recipe) -> Prepared:
    """Load a recipe's data, split and encoded.

    Args:
        recipe: The recipe.

    Returns:
        The data and the facts that follow from it.

    Raises:
        HornbookError: When it cannot be loaded, split or encoded.
    """
    return prepare(recipe, loaded(recipe))


def augmentation_for(
    recipe: Recipe, prepared: Prepared, augmenters: Sequence[keras.layers.Layer]
) -> Augmentation | None:
    """What a recipe does to training batches, ready to be applied.

    Args:
        recipe: The recipe.
        prepared: Its data.
        augmenters: Its augmenters, made.

    Returns:
        The augmentation; none where there are no augmenters.

    Raises:
        HornbookError: When the augmenters cannot work on such batches.
    """
    if not augmenters:
        return None
    augmentation = Augmentation(augmenters, prepared.dataset.modality, recipe.seed)
    try:
        augmentation.prepare(prepared.splits["train"])
    except Exception as error:
        raise HornbookError(_refusal(recipe, prepared, error)) from error
    return augmentation


def _refusal(recipe: Recipe, prepared: Prepared, error: Exception) -> Problem:
    names = ", ".join(use.written for use in recipe.augment)
    modality, labels = prepared.dataset.modality, prepared.labels
    words = " ".join(str(error).split())[:500]
    return Problem(
        code="HB312",
        message=f"the augmenters ({names}) cannot work on batches of {modality} with {labels} labels: {words}",
        place=recipe.augment[0].place,
        path="augment",
    )


def carry_out(
    session: Session,
    journal: Journal,
    folder: RunFolder,
    listener: Listener,
    interruption: Interruption,
    start: Checkpoint | None = None,
    wanted: str | None = None,
) -> Result:
    """Train, score and save.

    Args:
        session: The run's data and objects.
        journal: Where epochs are written.
        folder: Where checkpoints and the model are saved.
        listener: Told of epochs and of progress within them.
        interruption: Says whether the run is to end.
        start: The checkpoint to go on from; none begins anew.
        wanted: See `final_metrics`.

    Returns:
        What came of it; errors in training are in it, not raised.
    """
    recipe, assembly = session.recipe, session.assembly
    before = record(folder)
    known = {name: values[: start.epoch if start else 0] for name, values in before.history.items()}
    keeper = Keeper(folder.checkpoints, assembly.callbacks, recipe.training.checkpoint, journal.settle)
    forget_traceback(folder)
    course = Course(journal, listener, interruption, keeper, start, known, before.epochs)
    try:
        return _trained(session, folder, course, wanted)
    except KeyboardInterrupt:  # at once, with what is there
        return Result("interrupted", {}, record(folder).history)
    except Exception as error:
        return Result("failed", {}, record(folder).history, error=_fault(error, folder))


def _trained(session: Session, folder: RunFolder, course: Course, wanted: str | None) -> Result:
    """Train and, whatever came of that, save what there is."""
    recipe, model = session.recipe, session.assembly.model
    try:
        history = train(recipe, session.assembly, session.prepared.splits, session.augmentation, course)
    except Interrupted:
        fault = save(model, folder)
        return Result("interrupted", {}, record(folder).history, error=fault, saved=not fault)
    except Diverged as error:
        where = _divergence(error, session, folder, course)
        return Result("diverged", {}, record(folder).history, error=str(where), divergence=where)
    fault = save(model, folder)
    try:
        with course.interruption.impatient():
            metrics = final_metrics(session, wanted, history)
    except KeyboardInterrupt:
        return Result("interrupted", {}, history, error=fault, saved=not fault)
    except Exception as error:
        return Result("failed", {}, history, error=fault or _fault(error, folder), saved=not fault)
    if fault:
        return Result("failed", metrics, history, error=fault)
    unmet = tuple(_unmet(recipe.expect, metrics))
    return Result("unmet" if unmet else "finished", metrics, history, unmet, saved=True)


def _fault(error: Exception, folder: RunFolder) -> str:
    """What to tell of an error that ended a run."""
    if out_of_room(error):
        return no_room(folder)
    keep_traceback(error, folder)
    return _words(error)


def _divergence(diverged: Diverged, session: Session, folder: RunFolder, course: Course) -> Divergence:
    recipe, prepared, newest_name = session.recipe, session.prepared, course.keeper.newest
    start = newest(folder.checkpoints, record(folder).epochs).checkpoint
    exact = narrowed(
        diverged,
        recipe,
        prepared.splits,
        lambda: _made(recipe, prepared),
        start,
        lambda: course.interruption.wanted,
    )
    whole = gone_through(recipe, prepared.splits, session.augmentation)
    return located(exact, whole, f"{folder.checkpoints.name}/{newest_name}" if newest_name else None)


def final_metrics(
    session: Session, wanted: str | None = None, history: Mapping[str, list[float]] | None = None
) -> dict[str, float]:
    """Evaluate once, with the weights that training left.

    The validation and test splits are scored; the training split only where an expectation speaks of
    it, the metric that is wanted is one of it, or there is no other. What the last epoch's validation measured
    of these very weights is not measured again.

    Args:
        session: The run's data and objects.
        wanted: A metric that is to be among them, if any, beside those that the recipe expects something of.
        history: Each metric's value after each epoch of the training that has ended, if it is known.

    Returns:
        The metrics by name.
    """
    recipe, splits = session.recipe, session.prepared.splits
    asked = [*(bound.metric for bound in recipe.expect), *([wanted] if wanted else [])]
    scored = {"validation": "val_", "test": "test_"}
    if not scored.keys() & splits.keys() or any(not one.startswith(("val_", "test_")) for one in asked):
        scored = {"train": "", **scored}
    metrics: dict[str, float] = {}
    for name, prefix in scored.items():
        if name == "validation" and (validated := _validated(session, history or {})):
            metrics |= validated
        elif name in splits:
            metrics |= score(session.assembly.model, splits[name], recipe.training.batch_size, prefix)
    return metrics


def _validated(session: Session, history: Mapping[str, list[float]]) -> dict[str, float]:
    """What the last validation measured; empty where the weights may have been changed since."""
    optimizer, epochs = session.assembly.model.optimizer, session.recipe.training.epochs
    finalized = (
        type(optimizer).finalize_variable_values is not keras.optimizers.Optimizer.finalize_variable_values
    )
    if session.assembly.callbacks or finalized or averages(optimizer):
        return {}
    measured = {name: values for name, values in history.items() if name.startswith("val_")}
    return {name: values[-1] for name, values in measured.items() if len(values) == epochs}


def _unmet(expect: Iterable[Bound], metrics: Mapping[str, float]) -> Iterable[dict[str, Any]]:
    for bound in expect:
        value = metrics.get(bound.metric)
        for name, limit in (("min", bound.minimum), ("max", bound.maximum)):
            if limit is None:
                continue
            if value is None or not _within(value, name, limit):
                yield {"metric": bound.metric, "bound": name, "limit": limit, "value": value}


def _within(value: float, bound: str, limit: float) -> bool:
    # Metrics are float32: 27 of 30 is 0.89999998, and meets a minimum of 0.9.
    reached = value >= limit if bound == "min" else value <= limit
    return reached or math.isclose(value, limit, rel_tol=1e-6)


def save(model: keras.Model, folder: RunFolder) -> str:
    """Save the model, whole or not at all, and what it takes and gives beside it.

    Args:
        model: The model.
        folder: Where it is saved.

    Returns:
        Why it could not be saved; empty when it was.
    """
    beside = folder.artifacts / "unfinished.keras"
    described = json.dumps(signature(model), indent=2)
    try:
        model.save(beside)
        Path(folder.artifacts / "signature.json").write_text(described + "\n", "utf-8")
        beside.replace(folder.model)
    except Exception as error:  # a layer may refuse in any way, and the disk may be full
        return no_room(folder) if out_of_room(error) else f"the model could not be saved: {_words(error)}"
    finally:
        beside.unlink(missing_ok=True)
    return ""


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())}"
