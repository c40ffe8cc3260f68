"""Pages: what the store shows, a run or a sweep, found by its tag or made; and what is written on it.

Whatever is written here may be written again and leaves the same: a page is made in one request that is
never repeated, found by its tag where the answer was lost, and metrics carry the journal's own times, so
that the store drops repeats. No global state of MLflow is touched.
"""

import getpass
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from mlflow import MlflowClient
from mlflow.entities import Metric, Param, Run, RunTag
from mlflow.exceptions import MlflowException

from hornbook.tracker import State
from hornbook_mlflow.naming import PARAMETER_LIMIT, TAG_LIMIT, WHOLE_VALUES, as_json, as_text, fitted
from hornbook_mlflow.patience import asking_once
from hornbook_mlflow.store import artifact_location, without_secrets
from hornbook_mlflow.uploads import upload

RUN_ID = "hornbook.run_id"
SWEEP_ID = "hornbook.sweep_id"
OUTCOME = "hornbook.outcome"
NOTE = "mlflow.note.content"
"""The tag that is a page's description."""

STATUS = {"finished": "FINISHED", "unmet": "FINISHED", "interrupted": "KILLED", "pruned": "KILLED"}
"""MLflow's status for an outcome; `FAILED` for all others."""

_BATCH = 100
_METRICS_BATCH = 1000
_WHOLE_DESCRIPTION = "description.md"


class Pages:
    """The pages of one store.

    Args:
        client: The store's client.
        store: The store's URI.
    """

    def __init__(self, client: MlflowClient, store: str) -> None:
        self.client = client
        self.store = store

    def known(self, state: State) -> Run | None:
        """The page that an earlier delivery left, where it was to this store and the page is still there."""
        if state.get("uri") != without_secrets(self.store) or "run_id" not in state:
            return None
        try:
            run = self.client.get_run(state["run_id"])
        except MlflowException as error:
            if error.error_code != "RESOURCE_DOES_NOT_EXIST":
                raise
            return None
        return run if run.info.lifecycle_stage == "active" else None

    def tagged(self, experiment: str, tag: str, value: str) -> list[Run]:
        """The pages of an experiment that carry a tag, the first made first."""
        found = self.client.get_experiment_by_name(experiment)
        if found is None:
            return []
        condition = f"tags.`{tag}` = '{value}'"
        return list(self.client.search_runs([found.experiment_id], condition, order_by=["attributes.run_id"]))

    def of(self, experiment: str, tag: str, value: str, began: int) -> Run | None:
        """The page that carries a tag and began when the journal says: others may have drawn the same id."""
        return next(
            (run for run in self.tagged(experiment, tag, value) if run.info.start_time == began), None
        )

    def make(self, experiment: str, name: str, began: int, tags: Mapping[str, str]) -> Run:
        """Make a page, in an experiment that is made where it is missing."""
        experiment_id = self._experiment_id(experiment)
        shared = {"mlflow.user": _user(), "mlflow.source.name": "hornbook", "mlflow.source.type": "LOCAL"}
        with asking_once():
            return self.client.create_run(
                experiment_id, start_time=began, tags={**shared, **tags}, run_name=name
            )

    def keep_one(self, run: Run, tag: str, value: str) -> None:
        """Delete other pages of the same: a server that was slow to answer may have made two."""
        condition = f"tags.`{tag}` = '{value}'"
        for other in self.client.search_runs([run.info.experiment_id], condition):
            if other.info.run_id != run.info.run_id and other.info.start_time == run.info.start_time:
                self.client.delete_run(other.info.run_id)

    def write_parameters(self, run: Run, values: Mapping[str, Any], whole: dict[str, Any]) -> None:
        """Write parameters; MLflow takes each once. What does not fit is put into `whole`."""
        fits = fitted(values, PARAMETER_LIMIT, whole)
        new = [Param(name, value) for name, value in fits.items() if name not in run.data.params]
        for batch in _batches(new, _BATCH):
            self.client.log_batch(run.info.run_id, params=batch)

    def write_tags(self, run: Run, tags: Mapping[str, Any], whole: dict[str, Any]) -> None:
        """Write tags. What does not fit is put into `whole`."""
        new = [RunTag(name, value) for name, value in fitted(tags, TAG_LIMIT, whole).items()]
        for batch in _batches(new, _BATCH):
            self.client.log_batch(run.info.run_id, tags=batch)

    def write_metrics(self, run: Run, metrics: Iterable[Metric]) -> None:
        """Write metrics; those that are there already change nothing."""
        for batch in _batches(metrics, _METRICS_BATCH):
            self.client.log_batch(run.info.run_id, metrics=batch)

    def write_files(self, run: Run, root: Path, files: Iterable[Path]) -> None:
        """Store files as artifacts, each in the place that it has below a root."""
        upload(root, files, partial(self.client.log_artifact, run.info.run_id), self.store)

    def conclude(self, run: Run, description: str, outcome: str | None, when: int) -> None:
        """Write how it stands: the description, and how it ended or that it is on.

        Args:
            run: The page.
            description: Markdown; where it is too long, the page has what fits and an artifact the whole.
            outcome: How it ended; none as long as it has not.
            when: When that was, in milliseconds.
        """
        if len(description) > TAG_LIMIT:
            with tempfile.TemporaryDirectory() as scratch:
                file = Path(scratch, _WHOLE_DESCRIPTION)
                file.write_text(description, encoding="utf-8")
                self.write_files(run, Path(scratch), [file])
            rest = f"\n\n… (whole in {_WHOLE_DESCRIPTION})"
            description = description[: TAG_LIMIT - len(rest)] + rest
        self.write_tags(run, {NOTE: description, OUTCOME: outcome or "running"}, {})
        if outcome:
            self.client.set_terminated(run.info.run_id, STATUS.get(outcome, "FAILED"), when)
        elif run.info.status != "RUNNING":  # It was resumed.
            self.client.update_run(run.info.run_id, "RUNNING")

    def write_whole_values(self, run: Run, whole: Mapping[str, Any]) -> None:
        """Store what did not fit, whole, as an artifact."""
        if not whole:
            return
        with tempfile.TemporaryDirectory() as scratch:
            file = Path(scratch, WHOLE_VALUES)
            file.write_text(as_json(whole, indent=2), encoding="utf-8")
            self.write_files(run, Path(scratch), [file])

    def _experiment_id(self, name: str) -> str:
        experiment = self.client.get_experiment_by_name(name)
        if experiment is None:
            try:
                return str(self.client.create_experiment(name, artifact_location(self.store, name)))
            except MlflowException as error:
                if error.error_code != "RESOURCE_ALREADY_EXISTS":
                    raise
                experiment = self.client.get_experiment_by_name(name)  # Another run made it just now.
        if experiment.lifecycle_stage != "active":
            raise MlflowException(
                f"The experiment {name!r} was deleted in MLflow. Name another under `tracking.experiment`, "
                f"or bring it back: `mlflow experiments restore --experiment-id {experiment.experiment_id}`."
            )
        return str(experiment.experiment_id)


def experiment_name(tracking: Mapping[str, Any] | None) -> str:
    """The experiment that a recipe asks for under `tracking`; `hornbook` where it asks for none."""
    return as_text(str((tracking or {}).get("experiment") or "hornbook"))


def _batches(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # In a container, the user may have no name.
        return "unknown"
