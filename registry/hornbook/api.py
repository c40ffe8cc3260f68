"""The public face: a few functions that import what they need when they are called."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hornbook.component import KINDS
from hornbook.problem import HornbookError, Problem

if TYPE_CHECKING:
    from hornbook.catalog import Entry
    from hornbook.discovery.plugin import Plugin
    from hornbook.recipes.recipe import Recipe
    from hornbook.runner.record import Record
    from hornbook.runner.run import Run


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


def read(recipe: str | Path, overrides: Sequence[str] = ()) -> Recipe:
    """Read and check a recipe.

    Args:
        recipe: A file, or the name of a recipe that a plugin ships.
        overrides: Changes, each as after `-s` on the command line: `"training.epochs=3"`.

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

    return read(recipe, overrides, catalog())


def run(
    recipe: str | Path | Recipe,
    overrides: Sequence[str] = (),
    *,
    runs_dir: str | Path = "runs",
    tracking: bool = True,
    tracking_uri: str | None = None,
) -> Run:
    """Carry out a recipe.

    Args:
        recipe: A file, the name of a recipe that a plugin ships, or a recipe that was read.
        overrides: Changes, each as after `-s` on the command line; only where the recipe is not yet read.
        runs_dir: The folder that holds all runs; the run makes one of its own in it.
        tracking: Whether the run is delivered to MLflow.
        tracking_uri: The tracking store; `MLFLOW_TRACKING_URI` or `sqlite:///mlflow.db` if left out.

    Returns:
        The run, with its `outcome`, `metrics`, `history` and `model`. A run that was interrupted,
        diverged, failed or missed an expectation is returned too.

    Raises:
        HornbookError: When the recipe is wrong, or something that it needs is not there.

    Example:
        >>> import hornbook
        >>> done = hornbook.run("iris", ["training.epochs=1", "~expect"], tracking=False)
        >>> done.outcome
        'finished'
    """
    from hornbook.catalog import catalog
    from hornbook.recipes.reading import read
    from hornbook.recipes.recipe import Recipe
    from hornbook.runner.run import Options, carry_out, choose_backend

    choose_backend(None)
    known = catalog()
    whole = recipe if isinstance(recipe, Recipe) else read(recipe, overrides, known)
    return carry_out(whole, known, Options(Path(runs_dir), tracking, tracking_uri))


def resume(
    run: str | Path | Run,
    *,
    epochs: int | None = None,
    runs_dir: str | Path = "runs",
    tracking: bool = True,
    tracking_uri: str | None = None,
) -> Run:
    """Go on with a run that was killed, interrupted or has failed, or give a finished one more epochs.

    Args:
        run: A run, its id, the beginning of an id, `"latest"`, or the run's folder.
        epochs: How many epochs it shall have in all; as many as it was planned with if left out.
        runs_dir: The folder that holds all runs.
        tracking: Whether the run is delivered to MLflow.
        tracking_uri: The tracking store; the one that it was delivered to if left out.

    Returns:
        The run. On one machine and backend its weights and metrics are, bit for bit, those of a run
        that never stopped.

    Raises:
        HornbookError: When there is no such run, nothing is left to do, or the data or the backend are
            others now.
    """
    from hornbook.catalog import catalog
    from hornbook.runner.folder import find
    from hornbook.runner.run import Options, Run, choose_backend

    choose_backend(None)
    folder = run.folder if isinstance(run, Run) else find(run, Path(runs_dir))
    from hornbook.runner.resuming import resume

    return resume(folder, catalog(), Options(Path(runs_dir), tracking, tracking_uri), epochs)


def load(run: str | Path | Run, runs_dir: str | Path = "runs") -> Any:
    """Load the model of a run.

    Args:
        run: A run, its id, the beginning of an id, `"latest"`, or the run's folder.
        runs_dir: The folder that holds all runs.

    Returns:
        The Keras model, compiled as it was trained.

    Raises:
        HornbookError: When there is no such run, it has no model, or a plugin that the model needs
            is not installed.
    """
    from hornbook.runner.folder import find
    from hornbook.runner.loading import load_model
    from hornbook.runner.run import Run

    folder = run.folder if isinstance(run, Run) else find(run, Path(runs_dir))
    return load_model(folder)


def runs(runs_dir: str | Path = "runs") -> list[Record]:
    """The runs in a folder, the oldest first, as their journals tell.

    Args:
        runs_dir: The folder that holds all runs.

    Returns:
        A record for each: its id, name, outcome, metrics and history.
    """
    from hornbook.runner.folder import all_runs
    from hornbook.runner.record import record

    return [record(folder) for folder in all_runs(Path(runs_dir))]


def _kind(kind: str) -> str:
    from hornbook.names import did_you_mean

    if kind not in KINDS:
        hint = did_you_mean(kind, list(KINDS), f"the kinds are {', '.join(KINDS)}")
        raise HornbookError(Problem(code="HB200", message=f"there is no kind {kind!r}", hint=hint))
    return kind
