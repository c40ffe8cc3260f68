"""The public face: a few functions that import what they need when they are called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from hornbook.backend import choose, wanted
from hornbook.component import KINDS
from hornbook.problem import HornbookError, Problem

if TYPE_CHECKING:
    from hornbook.catalog import Entry
    from hornbook.discovery.plugin import Plugin
    from hornbook.recipes.recipe import Recipe
    from hornbook.runner.journals.folder import RunFolder
    from hornbook.runner.journals.record import Record
    from hornbook.runner.journals.records import Records
    from hornbook.runner.reproducing.reproducing import Reproduction
    from hornbook.runner.run import Run
    from hornbook.sweeps.objective import Direction
    from hornbook.sweeps.record import Sweep, Trial

    AnyRun: TypeAlias = str | Path | Run | Record | Trial


def components(kind: str | None = None) -> list[Entry]:
    """The components that the installed plugins offer.

    Args:
        kind: Only of this kind, such as `"loss"`; all kinds if left out.

    Returns:
        One entry a component, ordered by kind and name, each with `kind`, `name`, `full_name`, `plugin`,
        `distribution`, `version` and `component`. A list that shows itself as a table.

    Raises:
        HornbookError: When there is no such kind.

    Example:
        >>> import hornbook
        >>> "huber" in [entry.name for entry in hornbook.components("loss")]
        True
    """
    from hornbook.catalog import catalog
    from hornbook.listing import Components

    return Components(catalog().entries if kind is None else catalog().of(_kind(kind)))


def get(kind: str, name: str, /, **parameters: Any) -> Any:
    """Make a component.

    Args:
        kind: Its kind, such as `"loss"`.
        name: Its name, bare (`"huber"`) or full (`"losses/huber"`).
        **parameters: Its parameters: values, Keras objects, or names of components where those go.

    Returns:
        The Keras object.

    Raises:
        HornbookError: When the kind, name or a parameter is unknown, a required parameter is missing,
            or the component refuses its parameters.

    Example:
        >>> import hornbook
        >>> hornbook.get("loss", "huber", delta=0.5).name
        'huber_loss'
    """
    from hornbook.assembly.build import build
    from hornbook.catalog import catalog
    from hornbook.recipes.binding import Binder
    from hornbook.recipes.document import node

    found = catalog().find(_kind(kind), name)
    if isinstance(found, Problem):
        raise HornbookError(found, exit_code=3)
    binder = Binder(catalog())
    use = binder.use(kind, node({"use": name, **parameters}), kind)
    if use is None or binder.problems:
        raise HornbookError(binder.problems)
    return build(use, None)


def plugins() -> list[Plugin]:
    """The installed plugins, each in its state; a broken one is listed, never raised.

    Returns:
        The plugins, ordered by name. A list that shows itself as a table.

    Example:
        >>> import hornbook
        >>> [plugin.state for plugin in hornbook.plugins() if plugin.name == "losses"]
        ['ready']
    """
    from hornbook.discovery.discover import plugins
    from hornbook.listing import Plugins

    return Plugins(plugins())


def read(recipe: str | Path, overrides: str | Sequence[str] = ()) -> Recipe:
    """Read and check a recipe.

    Args:
        recipe: A file, or the name of a recipe that a plugin ships.
        overrides: Changes, each as after `-s` on the command line: `"training.epochs=3"`; one, or several.

    Returns:
        The recipe, every name bound to a component.

    Raises:
        HornbookError: With everything that is wrong with it.

    Example:
        >>> import hornbook
        >>> hornbook.read("digits", ["training.epochs=3"]).training.epochs
        3
    """
    from hornbook.catalog import catalog
    from hornbook.recipes.reading import read

    return read(recipe, _several(overrides), catalog())


def run(
    recipe: str | Path | Recipe,
    overrides: str | Sequence[str] = (),
    *,
    runs_dir: str | Path = "runs",
    tracking: bool = True,
    tracking_uri: str | None = None,
) -> Run:
    """Carry out a recipe.

    Args:
        recipe: A file, the name of a recipe that a plugin ships, or a recipe that was read.
        overrides: Changes, each as after `-s` on the command line; a recipe that was read takes none.
        runs_dir: The folder that holds all runs; the run makes one of its own in it.
        tracking: Whether the run is delivered to MLflow.
        tracking_uri: The tracking store; `MLFLOW_TRACKING_URI` or `sqlite:///mlflow.db` if left out.

    Returns:
        The run, with its `outcome`, `metrics`, `history` and `model`. A run that was interrupted,
        diverged, failed or missed an expectation is returned too.

    Raises:
        HornbookError: When the recipe is wrong, something that it needs is not there, or a recipe that was
            read is given overrides.

    Example:
        >>> import hornbook
        >>> done = hornbook.run("iris", ["training.epochs=1", "~expect"], tracking=False)
        >>> done.outcome
        'finished'
    """
    from hornbook.catalog import catalog
    from hornbook.recipes.reading import read
    from hornbook.recipes.recipe import Recipe
    from hornbook.runner.run import Options, carry_out

    choose()
    known = catalog()
    if isinstance(recipe, Recipe) and overrides:
        message, hint = "a recipe that was read takes no overrides", "give them to `hornbook.read`"
        raise HornbookError(Problem(code="HB132", message=message, hint=hint))
    whole = recipe if isinstance(recipe, Recipe) else read(recipe, _several(overrides), known)
    return carry_out(whole, known, Options(Path(runs_dir), tracking, tracking_uri))


def resume(
    run: AnyRun,
    *,
    epochs: int | None = None,
    runs_dir: str | Path = "runs",
    tracking: bool | None = None,
    tracking_uri: str | None = None,
) -> Run:
    """Go on with a run that was killed, interrupted or has failed, or give a finished one more epochs.

    Args:
        run: A run, of a sweep or of `runs()` too, its id, the beginning of an id, `"latest"`, or the run's folder.
        epochs: How many epochs it shall have in all; as many as it was planned with if left out.
        runs_dir: The folder that holds all runs.
        tracking: Whether the run is delivered to MLflow; as it was begun if left out, or where a store is named.
        tracking_uri: The tracking store; the one that it was delivered to if left out.

    Returns:
        The run. On one machine and backend its weights and metrics are, bit for bit, those of a run
        that never stopped.

    Raises:
        HornbookError: When there is no such run, nothing is left to do, it diverged, its recipe was edited, or
            the data, the backend or a plugin's objects are others now.

    Example:
        >>> import hornbook
        >>> done = hornbook.run("iris", ["training.epochs=1", "~expect"], tracking=False)
        >>> len(hornbook.resume(done, epochs=2).history["loss"])
        2
    """
    from hornbook.catalog import catalog
    from hornbook.runner.delivery.delivering import is_tracked
    from hornbook.runner.journals.record import record
    from hornbook.runner.run import Options

    folder = _folder(run, runs_dir)
    if tracking is None:
        tracking = tracking_uri is not None or is_tracked(folder)
    choose(like=record(folder).details.get("backend"))
    from hornbook.runner.resuming import resume

    return resume(folder, catalog(), Options(Path(runs_dir), tracking, tracking_uri), epochs)


def reproduce(
    run: AnyRun,
    *,
    tolerance: float = 1e-3,
    runs_dir: str | Path = "runs",
    tracking: bool = True,
    tracking_uri: str | None = None,
) -> Reproduction:
    """Carry a run out once more, with its recipe and seed, and compare the two.

    Args:
        run: A run, of a sweep or of `runs()` too, its id, the beginning of an id, `"latest"`, the run's folder,
            or the id of a run in the tracking store.
        tolerance: The share of a value by which it may differ and still count as the same; at least 0.
        runs_dir: The folder that holds all runs; the new one makes its own in it.
        tracking: Whether the new run is delivered to MLflow.
        tracking_uri: The tracking store to look in and to deliver to; `MLFLOW_TRACKING_URI` or
            `sqlite:///mlflow.db` if left out.

    Returns:
        The new `run`, and a `comparison` with the `verdict`, how each metric agrees, how the saved weights
        do, and what of the environment is another now.

    Raises:
        HornbookError: When there is no such run, nothing of it can be reproduced, or something that its
            recipe needs is not there.

    Example:
        >>> import hornbook
        >>> done = hornbook.run("iris", ["training.epochs=1", "~expect"], tracking=False)
        >>> hornbook.reproduce(done, tracking=False).verdict
        'identical'
    """
    from hornbook.catalog import catalog
    from hornbook.runner.reproducing.originals import located, original
    from hornbook.runner.reproducing.reproducing import reproduce
    from hornbook.runner.run import Options

    known = catalog()
    named = run if isinstance(run, (str, Path)) else _folder(run, runs_dir).path
    with located(named, Path(runs_dir), tracking_uri) as folder:
        first = original(folder, known)
        choose(like=first.backend)
        return reproduce(first, known, Options(Path(runs_dir), tracking, tracking_uri), tolerance)


def sweep(
    recipe: str | Path,
    variables: Mapping[str, Any],
    overrides: str | Sequence[str] = (),
    *,
    random: int | None = None,
    optimize: str | None = None,
    trials: int | None = None,
    sampler: str | None = None,
    pruner: str | None = None,
    metric: str | None = None,
    direction: Direction | None = None,
    search_seed: int = 0,
    jobs: int = 1,
    runs_dir: str | Path = "runs",
    tracking: bool = True,
    tracking_uri: str | None = None,
) -> Sweep:
    """Carry out a recipe with many values of some of its settings.

    Args:
        recipe: A file, or the name of a recipe that a plugin ships.
        variables: For each path in the recipe, the values that it takes: a list or an array, or a text as after
            `-v` on the command line, such as `"1..5"` or `"log:1e-4..1e-1"`.
        overrides: Changes to the recipe, each as after `-s` on the command line.
        random: Draw the values of so many trials, at least 1, instead of going through all combinations.
        optimize: Search for the values with the best of this metric, such as `"val_accuracy"`; needs Optuna.
        trials: How many trials a search has, at least 1; 20 if left out.
        sampler: How a search proposes values: `"tpe"`, if left out, or `"random"`.
        pruner: How a search ends trials that promise little: `"none"`, if left out, `"median"` or `"hyperband"`.
        metric: What trials are compared by; what the recipe expects, else its first metric, if left out.
        direction: `"maximize"` or `"minimize"`; by what the metric is, if left out.
        search_seed: From which values are drawn.
        jobs: How many trials are carried out at once, each in a process of its own.
        runs_dir: The folder that holds all runs; the sweep lies in `sweeps` within it.
        tracking: Whether the sweep and its runs are delivered to MLflow.
        tracking_uri: The tracking store; `MLFLOW_TRACKING_URI` or `sqlite:///mlflow.db` if left out.

    Returns:
        The sweep, with its `outcome`, `trials` and `best` trial. One that was interrupted, or in which trials
        failed, is returned too.

    Raises:
        HornbookError: When any trial's recipe is wrong, before the first begins, or something that is needed is
            not there.

    Example:
        >>> import hornbook
        >>> changes = ["training.epochs=1", "~expect"]
        >>> done = hornbook.sweep("iris", {"optimizer": ["sgd", "adam"]}, changes, tracking=False)
        >>> [trial.values["optimizer"] for trial in done.trials]
        ['sgd', 'adam']
    """
    from hornbook.catalog import catalog
    from hornbook.sweeps.planning import plan, search_for
    from hornbook.sweeps.space import read_variables
    from hornbook.sweeps.sweep import SweepOptions, carry_out

    search = search_for(random, optimize, trials, sampler, pruner, metric, direction, search_seed)
    planned = plan(recipe, _several(overrides), read_variables(variables), search, catalog())
    return carry_out(planned, SweepOptions(Path(runs_dir), jobs, wanted(), tracking, tracking_uri))


def resume_sweep(
    sweep: str | Path | Sweep,
    *,
    trials: int | None = None,
    jobs: int = 1,
    runs_dir: str | Path = "runs",
    tracking: bool | None = None,
    tracking_uri: str | None = None,
) -> Sweep:
    """Go on with a sweep that was killed or interrupted, or give one that draws or searches more trials.

    Args:
        sweep: A sweep, its id, the beginning of an id, `"latest"`, or the sweep's folder.
        trials: How many trials it shall have in all; as many as it was planned with if left out.
        jobs: How many trials are carried out at once.
        runs_dir: The folder that holds all runs.
        tracking: Whether it is delivered to MLflow; as it was begun if left out, or where a store is named.
        tracking_uri: The tracking store; the one that it was delivered to if left out.

    Returns:
        The sweep. Trials that had ended are not repeated; one that was broken off goes on from its newest
        checkpoint.

    Raises:
        HornbookError: When there is no such sweep, or nothing is left to do.

    Example:
        >>> import hornbook
        >>> changes = ["training.epochs=1", "~expect"]
        >>> done = hornbook.sweep("iris", {"seed": "1..9"}, changes, random=1, tracking=False)
        >>> len(hornbook.resume_sweep(done, trials=2).trials)
        2
    """
    from hornbook.catalog import catalog
    from hornbook.sweeps.asked import read_asked
    from hornbook.sweeps.folder import find_sweep
    from hornbook.sweeps.record import Sweep
    from hornbook.sweeps.sweep import SweepOptions, resume

    folder = sweep.folder if isinstance(sweep, Sweep) else find_sweep(sweep, Path(runs_dir))
    asked = read_asked(folder)
    if tracking is None:
        tracking = tracking_uri is not None or asked.tracked
    backend = wanted(like=asked.backend)
    return resume(
        folder, catalog(), SweepOptions(Path(runs_dir), jobs, backend, tracking, tracking_uri), trials
    )


def load(run: AnyRun, runs_dir: str | Path = "runs") -> Any:
    """Load the model of a run.

    Args:
        run: A run, of a sweep or of `runs()` too, its id, the beginning of an id, `"latest"`, or the run's folder.
        runs_dir: The folder that holds all runs.

    Returns:
        The Keras model, compiled as it was trained.

    Raises:
        HornbookError: When there is no such run, it has no model, or a plugin that the model needs
            is not installed.

    Example:
        >>> import hornbook
        >>> hornbook.run("iris", ["training.epochs=1", "~expect"], tracking=False).outcome
        'finished'
        >>> hornbook.load("latest").input_shape
        (None, 4)
    """
    from hornbook.runner.loading import load_model

    return load_model(_folder(run, runs_dir))


def runs(runs_dir: str | Path = "runs") -> Records:
    """The runs in a folder, the oldest first, as their journals tell.

    Args:
        runs_dir: The folder that holds all runs.

    Returns:
        A list with a record for each: its id, name, outcome, metrics and history, and in `damage` what of
        its journal could not be read. The list shows itself as a table, and `to_pandas()` makes one of it;
        a record's `to_pandas()` is its history.

    Example:
        >>> import hornbook
        >>> done = hornbook.run("iris", ["training.epochs=1", "~expect"], tracking=False)
        >>> hornbook.runs()[-1].id == done.id
        True
    """
    from hornbook.runner.journals.folder import all_runs
    from hornbook.runner.journals.record import record
    from hornbook.runner.journals.records import Records

    return Records(record(folder) for folder in all_runs(Path(runs_dir)))


def _several(overrides: str | Sequence[str]) -> Sequence[str]:
    return (overrides,) if isinstance(overrides, str) else overrides


def _folder(run: AnyRun, runs_dir: str | Path) -> RunFolder:
    from hornbook.runner.journals.folder import find

    if isinstance(run, (str, Path)):
        return find(run, Path(runs_dir))
    if run.folder is None:
        message = "the trial has no run: not even a folder could be made for it"
        raise HornbookError(Problem(code="HB502", message=message, hint="`hornbook sweeps` tells why"))
    return run.folder


def _kind(kind: str) -> str:
    from hornbook.names import did_you_mean

    if kind not in KINDS:
        hint = did_you_mean(kind, list(KINDS), f"the kinds are {', '.join(KINDS)}")
        raise HornbookError(Problem(code="HB200", message=f"there is no kind {kind!r}", hint=hint))
    return kind
