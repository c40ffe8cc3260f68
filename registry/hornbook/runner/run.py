"""Run: a recipe carried out, from data to a saved model, everything of it in the journal."""

import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hornbook.catalog import Catalog
from hornbook.discovery import hooking
from hornbook.discovery.plugin import Plugin
from hornbook.problem import HornbookError, Problem
from hornbook.recipes.freezing import bounds, flat, frozen
from hornbook.recipes.recipe import Recipe
from hornbook.runner import environment
from hornbook.runner.folder import RUNS, RunFolder, create, write_json, write_whole
from hornbook.runner.forwarding import Delivery, Forwarder, deliveries
from hornbook.runner.journal import Journal
from hornbook.tracker import Event

if TYPE_CHECKING:
    from hornbook.runner.checkpoint import Checkpoint
    from hornbook.runner.session import Result, Session


@dataclass(frozen=True, slots=True)
class Run:
    """A run that has ended.

    Args:
        folder: Where everything of it lies.
        recipe: What was carried out.
        outcome: `finished`, `unmet`, `interrupted`, `diverged` or `failed`.
        metrics: The final metrics, of the weights that were saved.
        history: Each metric's value after each epoch, by name.
        unmet: Each expectation that was not met: `metric`, `bound`, `limit`, `value`.
        error: What went wrong, if something did.
        seconds: How long it took.
        model: The Keras model.
        deliveries: How far each tracker has come.
    """

    folder: RunFolder
    recipe: Recipe
    outcome: str = "running"
    metrics: Mapping[str, float] = field(default_factory=dict)
    history: Mapping[str, list[float]] = field(default_factory=dict)
    unmet: tuple[Mapping[str, Any], ...] = ()
    error: str = ""
    seconds: float = 0.0
    model: Any = field(default=None, repr=False)
    deliveries: tuple[Delivery, ...] = ()

    @property
    def id(self) -> str:
        """The run's id."""
        return self.folder.id


@dataclass(frozen=True, slots=True)
class Options:
    """How a run is carried out, beside what its recipe says.

    Args:
        runs: The folder that holds all runs.
        tracking: Whether the journal is delivered to trackers.
        tracking_uri: The tracking store; none means the tracker's default.
        listener: Told of the run's events as they happen.
        warn: Told, in a line, of what went wrong without stopping the run.
    """

    runs: Path = RUNS
    tracking: bool = True
    tracking_uri: str | None = None
    listener: Callable[[Event], None] = lambda event: None
    warn: Callable[[str], None] = lambda line: None


def carry_out(recipe: Recipe, catalog: Catalog, options: Options) -> Run:
    """Carry out a recipe.

    Args:
        recipe: The recipe.
        catalog: Where its components came from.
        options: How.

    Returns:
        The run; also when it was interrupted, diverged, failed in training or missed an expectation.

    Raises:
        HornbookError: When it cannot begin; nothing is left behind then.
    """
    began = time.perf_counter()
    folder = create(recipe.name, options.runs)
    forwarder = Forwarder(folder, options.tracking_uri) if options.tracking else None
    try:
        write_whole(folder.recipe, frozen(recipe))
        from hornbook.runner.session import open_session

        session = open_session(recipe)
    except BaseException:
        if forwarder:
            forwarder.cancel()
        shutil.rmtree(folder.path, ignore_errors=True)
        raise

    def begin(journal: Journal) -> Event:
        return journal.write("started", **_started(recipe, folder, session))

    return conduct(recipe, catalog, options, folder, session, forwarder, begin, began)


def conduct(
    recipe: Recipe,
    catalog: Catalog,
    options: Options,
    folder: RunFolder,
    session: "Session",
    forwarder: Forwarder | None,
    begin: Callable[[Journal], Event],
    began: float,
    start: "Checkpoint | None" = None,
) -> Run:
    """Train between two events in the journal, observers told of both, and see the journal delivered.

    Args:
        recipe: The recipe.
        catalog: Where its components came from.
        options: How it is carried out.
        folder: The run's folder.
        session: The run's data and objects.
        forwarder: What delivers the journal, if anything.
        begin: Writes the event with which this stretch of the run begins.
        began: When it began, by `time.perf_counter`.
        start: The checkpoint to go on from; none begins anew.

    Returns:
        The run.
    """
    try:
        run = _stretch(recipe, catalog, options, folder, session, begin, began, start)
    finally:
        if forwarder:
            forwarder.finish()
    return replace(run, deliveries=tuple(deliveries(folder)))


def _stretch(
    recipe: Recipe,
    catalog: Catalog,
    options: Options,
    folder: RunFolder,
    session: "Session",
    begin: Callable[[Journal], Event],
    began: float,
    start: "Checkpoint | None",
) -> Run:
    from hornbook.runner.session import carry_out

    def failed(plugin: Plugin, error: Exception) -> None:
        options.warn(f"the plugin {plugin.name} ({plugin.distribution} {plugin.version}): {error}")

    def observe(hook: str, **arguments: Any) -> None:
        list(hooking.call(catalog.plugins, hook, failed, **arguments))

    def listen(event: Event) -> None:
        options.listener(event)
        if event["event"] == "epoch":
            observe("hornbook_epoch_ended", run=run, epoch=event["epoch"], logs=event["metrics"])

    run = Run(folder, recipe, model=session.assembly.model)
    journal = Journal(folder.journal)
    try:
        options.listener(begin(journal))
        observe("hornbook_run_started", run=run)
        result = carry_out(session, journal, folder, listen, start)
        seconds = round(time.perf_counter() - began, 3)
        run = replace(
            run,
            outcome=result.outcome,
            metrics=result.metrics,
            history=result.history,
            unmet=result.unmet,
            error=result.error,
            seconds=seconds,
        )
        options.listener(journal.write("ended", **_ended(folder, result, seconds)))
        observe("hornbook_run_ended", run=run, outcome=run.outcome)
    finally:
        journal.close()
    return run


def _started(recipe: Recipe, folder: RunFolder, session: "Session") -> dict[str, Any]:
    import keras

    from hornbook.runner.preparation import described

    backend = keras.backend.backend()
    used = sorted({use.entry.distribution for use in recipe.uses()})
    surroundings = environment.describe(used, backend)
    write_json(folder.environment, surroundings)
    return {
        "run_id": folder.id,
        "name": recipe.name,
        "description": recipe.description,
        "task": session.prepared.dataset.task,
        "seed": recipe.seed,
        "backend": backend,
        "source": str(recipe.source) if recipe.source else None,
        "tracking": dict(recipe.tracking),
        "parameters": flat(recipe),
        "distributions": surroundings["distributions"],
        "plugins": recipe.plugins,
        "data": described(session.prepared, recipe),
        "recipe": folder.recipe.name,
        "epochs": recipe.training.epochs,
        "expect": bounds(recipe),
    }


def _ended(folder: RunFolder, result: "Result", seconds: float) -> dict[str, Any]:
    saved = folder.model.is_file()
    signature = folder.artifacts / "signature.json"
    return {
        "outcome": result.outcome,
        "metrics": dict(result.metrics),
        "unmet": list(result.unmet),
        "error": result.error or None,
        "seconds": seconds,
        "model": str(folder.model.relative_to(folder.path)) if saved else None,
        "signature": json.loads(signature.read_text("utf-8")) if saved else None,
        "requirements": _requirements(folder),
    }


def _requirements(folder: RunFolder) -> list[str]:
    """What a process needs to load the model, pinned."""
    surroundings = json.loads(folder.environment.read_text("utf-8"))
    pinned = surroundings["distributions"].items()
    return [f"{name}=={version}" for name, version in pinned if name != "hornbook-cli"]


def choose_backend(backend: str | None) -> None:
    """Choose the Keras backend, before Keras is imported.

    Args:
        backend: `tensorflow`, `jax` or `torch`; none leaves it to `KERAS_BACKEND` and Keras.

    Raises:
        HornbookError: When Keras has another one already.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    if backend is None:
        return
    if "keras" in sys.modules:
        import keras

        if keras.backend.backend() != backend:
            message = f"Keras runs on {keras.backend.backend()} already, and cannot change to {backend}"
            raise HornbookError(Problem(code="HB503", message=message, hint=f"set KERAS_BACKEND={backend}"))
    os.environ["KERAS_BACKEND"] = backend
