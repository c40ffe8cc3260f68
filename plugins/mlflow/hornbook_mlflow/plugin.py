"""What hornbook-mlflow contributes: a tracker and the command `hornbook ui`. Imports no MLflow."""

from collections.abc import Iterable, Mapping

from hornbook import hookimpl
from hornbook.tracker import Tracker
from hornbook_mlflow.tracker import MlflowTracker


@hookimpl
def hornbook_trackers() -> Iterable[Tracker]:
    """Yield the tracker that delivers journals to MLflow."""
    yield MlflowTracker()


@hookimpl
def hornbook_commands() -> Iterable[Mapping[str, str]]:
    """Yield `hornbook ui`."""
    yield {"name": "ui", "target": "hornbook_mlflow.ui:ui", "help": "Look at runs in MLflow's web pages."}
