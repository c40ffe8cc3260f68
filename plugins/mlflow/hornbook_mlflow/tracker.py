"""MlflowTracker: Hornbook's tracker for MLflow. Light: MLflow is imported at the first delivery."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from hornbook.tracker import Event, State
from hornbook_mlflow.wishes import ALIAS, REGISTER, SYSTEM_METRICS

if TYPE_CHECKING:
    from hornbook_mlflow.system import Sampler

MLFLOW = "mlflow"
"""The tracker's name."""


class MlflowTracker:
    """Delivers journals to an MLflow store; see `hornbook_mlflow.delivery` for what goes where.

    Example:
        >>> MlflowTracker().url({"uri": "https://mlflow.example", "experiment_id": "1", "run_id": "a1b2"})
        'https://mlflow.example/#/experiments/1/runs/a1b2?workflowType=machine_learning'
    """

    name = MLFLOW
    options = ("experiment", "tags", REGISTER, ALIAS, SYSTEM_METRICS)

    def __init__(self) -> None:
        self._beside_a_run = False
        self._samplers: dict[Path, Sampler] = {}

    def store(self, uri: str | None) -> str:
        """Name the store that a new run goes to now.

        Args:
            uri: The store that the user asked for, if any.

        Returns:
            Its URI, without user name and password; a SQLite file by its absolute path.
        """
        from hornbook_mlflow.store import store_uri, without_secrets

        return without_secrets(store_uri(uri))

    def prepare(self, folder: Path, uri: str | None) -> None:
        """Import MLflow, and make and open the store, while the run is loading its backend.

        Args:
            folder: The run's folder.
            uri: The store that the user asked for, if any.
        """
        self._beside_a_run = True
        self._watch_the_machine(folder)
        with suppress(Exception):  # What is wrong with the store, the first delivery will tell.
            from hornbook_mlflow.delivering import prepare

            prepare(uri)

    def deliver(self, folder: Path, events: Sequence[Event], state: State, uri: str | None) -> State:
        """Deliver the next events of a run, in order; the same events again change nothing.

        Args:
            folder: The run's folder, `<working directory>/runs/<run id>`.
            events: The events not yet delivered.
            state: What the previous delivery returned; at the first, `uri` at most, the store that the run
                was meant for. It may be lost: the run is then found by its tag `hornbook.run_id`.
            uri: The MLflow store to deliver to. Where it is none: the store in `state`, then
                `MLFLOW_TRACKING_URI`, then `mlflow.db` in the working directory.

        Returns:
            `uri` (without user name and password), `experiment_id`, `run_id` and, once the run has
            ended with a model, `model_id`, as MLflow knows them; under `notes` what else whoever ran it
            may want to read, such as the version that its model was registered as.

        Raises:
            mlflow.exceptions.MlflowException: The store refused or could not be reached.
        """
        if any(event["event"] in ("started", "resumed") for event in events):
            self._watch_the_machine(folder)
        if events and events[-1]["event"] == "ended" and folder in self._samplers:
            self._samplers.pop(folder).stop()
        from hornbook_mlflow.delivering import deliver

        return deliver(folder, events, state, uri)

    def _watch_the_machine(self, folder: Path) -> None:
        """Sample how busy the machine is while a run is on; later, from elsewhere, there is nothing to see."""
        from hornbook_mlflow.system import Sampler

        if self._beside_a_run and folder not in self._samplers:
            self._samplers[folder] = Sampler(folder)

    def url(self, state: State) -> str | None:
        """Give the address of the page that shows the run; there is one where the store is a server."""
        from hornbook_mlflow.store import run_page

        uri = str(state.get("uri", ""))
        if not uri.startswith(("http://", "https://")) or "run_id" not in state:
            return None
        return run_page(uri, str(state["experiment_id"]), str(state["run_id"]))

    def fetch(self, run: str, folder: Path, uri: str | None) -> bool:
        """Give back what the store has of a run, as the folder of a run.

        Args:
            run: MLflow's id of the run, or Hornbook's.
            folder: An empty folder to write into.
            uri: The MLflow store to look in. Where it is none: `MLFLOW_TRACKING_URI`, then `mlflow.db` in the
                working directory.

        Returns:
            Whether the store has the run.

        Raises:
            ValueError: The run was not made by Hornbook.
            mlflow.exceptions.MlflowException: The store refused or could not be reached.
        """
        from hornbook_mlflow.store import sqlite_file, store_uri

        store = store_uri(uri)
        database = sqlite_file(store)
        if database is not None and not database.is_file():
            return False
        from hornbook_mlflow.fetching import fetch

        return fetch(store, run, folder)
