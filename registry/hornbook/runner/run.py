"""Run: a recipe carried out, from data to a saved model, everything of it in the journal."""

import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hornbook import reports
from hornbook.catalog import Catalog
from hornbook.recipes.freezing import frozen
from hornbook.recipes.recipe import Recipe
from hornbook.runner.delivery.delivering import Delivery, deliveries
from hornbook.runner.delivery.forwarding import PATIENCE, Forwarder
from hornbook.runner.journals.contents import ended, requirements, started
from hornbook.runner.journals.folder import RUNS, RunFolder, create
from hornbook.runner.journals.journal import Journal
from hornbook.runner.observers import Observers
from hornbook.runner.room import no_room, out_of_room
from hornbook.runner.surroundings import environment
from hornbook.runner.surroundings.revision import Look
from hornbook.runner.training.attended import attended
from hornbook.runner.training.interruption import Interruption
from hornbook.tracker import Event
from hornbook.whole_file import write_json, write_whole

if TYPE_CHECKING:
    from hornbook.dataset import Dataset
    from hornbook.runner.checkpoints.checkpoint import Checkpoint
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
    recipe: Recipe = field(repr=False)
    outcome: str = "running"
    metrics: Mapping[str, float] = field(default_factory=dict)
    history: Mapping[str, list[float]] = field(default_factory=dict, repr=False)
    unmet: tuple[Mapping[str, Any], ...] = ()
    error: str = ""
    seconds: float = 0.0
    model: Any = field(default=None, repr=False)
    deliveries: tuple[Delivery, ...] = field(default=(), repr=False)

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
        accompanied: Whether a process of its own draws the run's reports and delivers its journal. The runs
            of a sweep have one between them.
        beginning: What else the event with which a run starts says, such as the sweep that it belongs to.
        conclusion: Told what came of the run before it is written down; gives what else the event with
            which the run ends says.
        load: Loads the data, where it may have been loaded for another run.
        wanted: A metric that is to be among the final ones, whatever the recipe speaks of.
        epochs: How many epochs it has, where those are others than its recipe plans: what is made for the
            planned length, such as a schedule, keeps it. Of fewer, nothing is expected.
    """

    runs: Path = RUNS
    tracking: bool = True
    tracking_uri: str | None = None
    listener: Callable[[Event], None] = lambda event: None
    warn: Callable[[str], None] = lambda line: None
    accompanied: bool = True
    beginning: Mapping[str, Any] = field(default_factory=dict)
    conclusion: Callable[[RunFolder, "Result"], Mapping[str, Any]] = lambda folder, result: {}
    load: "Callable[[Recipe], Dataset] | None" = None
    wanted: str | None = None
    epochs: int | None = None


def carry_out(recipe: Recipe, catalog: Catalog, options: Options, folder: RunFolder | None = None) -> Run:
    """Carry out a recipe.

    Args:
        recipe: The recipe.
        catalog: Where its components came from.
        options: How.
        folder: The run's folder, where the recipe may lie frozen; a new one is made if left out.

    Returns:
        The run; also when it was interrupted, diverged, failed in training or missed an expectation.

    Raises:
        HornbookError: When it cannot begin; nothing is left behind then.
    """
    folder = folder or create(recipe.name, options.runs)
    with attended(folder) as interruption:
        return _carry_out(recipe, catalog, options, folder, interruption)


def _carry_out(
    recipe: Recipe, catalog: Catalog, options: Options, folder: RunFolder, interruption: Interruption
) -> Run:
    began = time.perf_counter()
    revision = Look(Path.cwd())
    forwarder: Forwarder | None = None
    try:
        forwarder = companion(folder, options)
        if not folder.recipe.is_file():
            write_whole(folder.recipe, frozen(recipe))
        from hornbook.runner.checkpoints.callback_state import unkept
        from hornbook.runner.session import open_session

        planned = recipe.training.epochs
        session = open_session(_of_length(recipe, options.epochs or planned), planned, options.load)
        interruption.check()
        for callback in unkept(session.assembly.callbacks):
            options.warn(
                f"no checkpoint can hold what the callback {callback} is at: resumed, it begins anew"
            )
    except BaseException:
        if forwarder:
            forwarder.cancel()
        shutil.rmtree(folder.path, ignore_errors=True)
        raise

    def begin(journal: Journal) -> Event:
        surroundings = environment.describe(recipe, _delivering(catalog, options), revision.found())
        write_json(folder.environment, surroundings)
        when = time.time_ns() // 1_000_000 - round(1000 * (time.perf_counter() - began))
        told = started(recipe, folder, session, surroundings)
        return journal.write(
            "started", time=when, **told, **options.beginning
        )  # importing Keras is part of it

    try:
        return conduct(recipe, catalog, options, folder, session, forwarder, begin, began, interruption)
    finally:
        if not folder.journal.is_file() or not folder.journal.stat().st_size:  # it could not even begin
            shutil.rmtree(folder.path, ignore_errors=True)


def _of_length(recipe: Recipe, epochs: int) -> Recipe:
    expect = recipe.expect if epochs >= recipe.training.epochs else ()
    return replace(recipe, training=replace(recipe.training, epochs=epochs), expect=expect)


def companion(folder: RunFolder, options: Options) -> Forwarder | None:
    """Start the process beside a run, if it is to have one."""
    if not options.accompanied or not (options.tracking or reports.wanted()):
        return None
    return Forwarder(folder, options.tracking_uri, options.tracking)


def conduct(
    recipe: Recipe,
    catalog: Catalog,
    options: Options,
    folder: RunFolder,
    session: "Session",
    forwarder: Forwarder | None,
    begin: Callable[[Journal], Event],
    began: float,
    interruption: Interruption,
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
        interruption: Watches for signals.
        start: The checkpoint to go on from; none begins anew.

    Returns:
        The run.
    """
    try:
        with interruption.patient():
            run = _stretch(recipe, catalog, options, folder, session, begin, began, interruption, start)
    finally:
        if forwarder:
            forwarder.finish(0.0 if interruption.again else PATIENCE)
    for one in reports.contents(folder):
        if one.reason:
            options.warn(f"{one.title}: {one.reason}")
    return replace(run, deliveries=tuple(deliveries(folder)))


def _stretch(
    recipe: Recipe,
    catalog: Catalog,
    options: Options,
    folder: RunFolder,
    session: "Session",
    begin: Callable[[Journal], Event],
    began: float,
    interruption: Interruption,
    start: "Checkpoint | None",
) -> Run:
    from hornbook.runner.session import carry_out

    observers = Observers(catalog, options.warn)

    def listen(event: Event) -> None:
        options.listener(event)
        if event["event"] == "epoch":
            observers.tell("hornbook_epoch_ended", run=run, epoch=event["epoch"], logs=event["metrics"])

    run = Run(folder, recipe, model=session.assembly.model)
    journal = Journal(folder.journal)
    try:
        options.listener(begin(journal))
        needed = requirements(recipe)
        observers.tell("hornbook_run_started", run=run)
        reports.gather(session, folder, catalog, "begun")
        result = carry_out(session, journal, folder, listen, interruption, start, options.wanted)
        reports.gather(session, folder, catalog, "ended", result.outcome in ("finished", "unmet"))
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
        told = options.conclusion(folder, result)
        try:
            options.listener(journal.write("ended", **ended(folder, result, seconds, needed), **told))
        except OSError as error:
            if not out_of_room(error):
                raise
            run = replace(run, outcome="failed", error=no_room(folder))
        observers.tell("hornbook_run_ended", run=run, outcome=run.outcome)
    finally:
        journal.close()
    return run


def _delivering(catalog: Catalog, options: Options) -> list[str]:
    return environment.trackers(catalog) if options.tracking else []
