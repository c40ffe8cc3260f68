"""What hornbook-mlflow contributes: a tracker, and the commands `ui` and `promote`. Imports no MLflow."""

from collections.abc import Iterable, Mapping

from hornbook import hookimpl
from hornbook.problem import Problem
from hornbook.recipes.recipe import Recipe
from hornbook.tracker import Tracker
from hornbook_mlflow.tracker import MlflowTracker
from hornbook_mlflow.wishes import faults


@hookimpl
def hornbook_trackers() -> Iterable[Tracker]:
    """Yield the tracker that delivers journals to MLflow."""
    yield MlflowTracker()


@hookimpl
def hornbook_commands() -> Iterable[Mapping[str, str]]:
    """Yield `hornbook ui` and `hornbook promote`."""
    yield {"name": "ui", "target": "hornbook_mlflow.ui:ui", "help": "Look at runs in MLflow's web pages."}
    help_line = "Point an alias such as `champion` at the model of a run."
    yield {"name": "promote", "target": "hornbook_mlflow.promote:promote", "help": help_line}


@hookimpl
def hornbook_check_recipe(recipe: Recipe) -> Iterable[Problem]:
    """Yield what is wrong with what a recipe asks of MLflow."""
    return faults(recipe)
