"""MlflowTracker: Hornbook's tracker for MLflow. Light: MLflow is imported at the first delivery."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from hornbook.tracker import Event, State

MLFLOW = "mlflow"
"""The tracker's name."""


class MlflowTracker:
    """Delivers journals to an MLflow store; see `hornbook_mlflow.delivery` for what goes where.

    Example:
        >>> MlflowTracker().url({"uri": "https://mlflow.example", "experiment_id": "1", "run_id": "a1b2"})
        'https://mlflow.example/#/experiments/1/runs/a1b2?workflowType=machine_learning'
    """

    name = MLFLOW
    options = ("experiment", "tags")

    def prepare(self, folder: Path, uri: str | None) -> None:
        """Import MLflow, and make and open the store, while the run is loading its backend.

        Args:
            folder: The run's folder.
            uri: The store that the user asked for, if any.
        """
        with suppress(Exception):  # What is wrong with the store, the first delivery will tell.
            from hornbook_mlflow.delivery import prepare

            prepare(folder, uri)

    def deliver(self, folder: Path, events: Sequence[Event], state: State, uri: str | None) -> State:
        """Deliver the next events of a run, in order; the same events again change nothing.

        Args:
            folder: The run's folder, `<working directory>/runs/<run id>`.
            events: The events not yet delivered.
            state: What the previous delivery returned; empty at the first. It may be lost: the run is
                then found by its tag `hornbook.run_id`.
            uri: The MLflow store to deliver to. Where it is none: `MLFLOW_TRACKING_URI`, then the store
                that the run was delivered to before, then `mlflow.db` in the working directory.

        Returns:
            `uri` (without user name and password), `experiment_id`, `run_id` and, once the run has
            ended with a model, `model_id`, as MLflow knows them.

        Raises:
            mlflow.exceptions.MlflowException: The store refused or could not be reached.
        """
        from hornbook_mlflow.delivery import deliver

        return deliver(folder, events, state, uri)

    def url(self, state: State) -> str | None:
        """Give the address of the page that shows the run; there is one where the store is a server."""
        from hornbook_mlflow.store import run_page

        uri = str(state.get("uri", ""))
        if not uri.startswith(("http://", "https://")) or "run_id" not in state:
            return None
        return run_page(uri, str(state["experiment_id"]), str(state["run_id"]))
