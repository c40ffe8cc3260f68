"""Delivers a journal to an MLflow store.

What of a run goes where:

- The run is a run, named by the recipe and the last part of the run's id, tagged `hornbook.run_id`.
- Parameters are parameters, by their path in the recipe.
- An epoch's metrics are `accuracy/train`, `accuracy/val`, `loss/train`… at the step of the epoch. MLflow's
  page of charts has a section for each word before a `/`, so training and validation stand side by side.
  Beside them are `learning_rate`, `speed/seconds` and `speed/examples_per_second`.
- The metrics at the end are `val_accuracy`, `test_accuracy`…, under the names that the recipe knows them by.
  They speak of the weights in the saved model, which need not be those of the last epoch, so they are no
  point on those curves. The logged model carries them too.
- Data is a dataset input with its digest; the model is a LoggedModel, `models:/m-…`.
- `recipe.yaml`, `environment.json` and what else is in `artifacts/` are artifacts.
- The outcome is the status, the tag `hornbook.outcome`, and the first line of the description.

An unmet expectation is a `FINISHED` run: MLflow's status says how the process ended, and a search for
finished runs should find a run whose model is sound but worse than hoped. The tag and the first line of the
description say that it was not met. `interrupted` is `KILLED`; `diverged` and `failed` are `FAILED`.

Delivering twice leaves what delivering once leaves: the run is found by its tag, metrics carry the journal's
own times so that the store drops repeats, and all else is looked up before it is added. No global state of
MLflow is touched: there is no active run, and the store is named in every call.
"""

import getpass
import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from mlflow import MlflowClient
from mlflow.entities import Metric, Param, Run, RunTag
from mlflow.exceptions import MlflowException

from hornbook.runner.journal import read
from hornbook.tracker import Event, State
from hornbook_mlflow.description import describe, load_snippet, plain
from hornbook_mlflow.loading import own_modules
from hornbook_mlflow.logged_model import log_model
from hornbook_mlflow.naming import (
    PARAMETER_LIMIT,
    TAG_LIMIT,
    WHOLE_VALUES,
    altered_names,
    fitted,
)
from hornbook_mlflow.records import dataset_input, epoch_metrics, final_metrics, start_tags
from hornbook_mlflow.store import artifact_location, make_ready, store_uri, without_secrets

RUN_ID = "hornbook.run_id"
OUTCOME = "hornbook.outcome"
STATUS = {"finished": "FINISHED", "unmet": "FINISHED", "interrupted": "KILLED"}
"""MLflow's status for an outcome; `FAILED` for all others."""

_DEFAULT_EXPERIMENT = "hornbook"
_BATCH = 100
_METRICS_BATCH = 1000


def deliver(folder: Path, events: Sequence[Event], state: State, uri: str | None) -> State:
    """Deliver the next events of a run; see `MlflowTracker.deliver`."""
    if not events:
        return state
    store = store_uri(uri, state.get("uri"))
    make_ready(store)
    with _giving_up_early():
        return Delivery(folder, MlflowClient(store), store).deliver(events, state)


def prepare(folder: Path, uri: str | None) -> None:
    """Make a missing store and open it, so that the first delivery is quick; see `MlflowTracker.prepare`."""
    store = store_uri(uri)
    make_ready(store)
    with _giving_up_early():
        MlflowClient(store).search_experiments(max_results=1)


class Delivery:
    """One delivery of events of one run to one store.

    Args:
        folder: The run's folder.
        client: The store's client.
        store: The store's URI.
    """

    def __init__(self, folder: Path, client: MlflowClient, store: str) -> None:
        self.folder = folder
        self.client = client
        self.store = store

    def deliver(self, events: Sequence[Event], state: State) -> State:
        """Deliver events, in order; see `MlflowTracker.deliver`."""
        history = self._history(events)
        started = next(event for event in history if event["event"] == "started")
        run = self._known_run(state)
        if run is None:  # What this store has of it, if anything, is not known: deliver all of it.
            run, events = self._tagged_run(started) or self._new_run(started), history

        if events[0]["event"] == "started":
            self._log_start(run, started)
        self._log_metrics(run, epoch_metrics(events))
        model_id = None
        for ended in (event for event in events if event["event"] == "ended"):
            model_id = self._log_end(run, started, ended, latest=ended is events[-1])
        self._conclude(run, started, history, model_id)

        known = {"uri": without_secrets(self.store), "experiment_id": run.info.experiment_id}
        return {**known, "run_id": run.info.run_id, **({"model_id": model_id} if model_id else {})}

    def _history(self, events: Sequence[Event]) -> Sequence[Event]:
        """Read the journal up to these events: the run as it stood then."""
        journal = read(self.folder / "journal.jsonl")
        return [event for event in journal if event["time"] <= events[-1]["time"]]

    def _known_run(self, state: State) -> Run | None:
        if state.get("uri") != without_secrets(self.store) or "run_id" not in state:
            return None
        try:
            run = self.client.get_run(state["run_id"])
        except MlflowException as error:
            if error.error_code != "RESOURCE_DOES_NOT_EXIST":
                raise
            return None
        return run if run.info.lifecycle_stage == "active" else None

    def _tagged_run(self, started: Event) -> Run | None:
        experiment = self.client.get_experiment_by_name(_experiment(started))
        if experiment is None:
            return None
        condition = f"tags.`{RUN_ID}` = '{started['run_id']}'"
        found = self.client.search_runs([experiment.experiment_id], condition)
        return found[0] if found else None

    def _new_run(self, started: Event) -> Run:
        run_id = str(started["run_id"])
        name = f"{plain(started['name'], 100)}-{run_id.rpartition('-')[2]}"
        tags = {OUTCOME: "running", RUN_ID: run_id, "mlflow.user": _user(), "mlflow.source.name": "hornbook"}
        experiment = self._experiment_id(_experiment(started))
        return self.client.create_run(experiment, start_time=started["time"], tags=tags, run_name=name)

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

    def _log_start(self, run: Run, started: Event) -> None:
        whole: dict[str, Any] = {}
        parameters = fitted({**started["parameters"], "seed": started["seed"]}, PARAMETER_LIMIT, whole)
        new = [Param(name, value) for name, value in parameters.items() if name not in run.data.params]
        for batch in _batches(new, _BATCH):
            self.client.log_batch(run.info.run_id, params=batch)
        self._log_tags(run, start_tags(started), whole)
        self._log_data(run, started["data"])
        self._log_files(run, self.folder, [self.folder / started["recipe"], self.folder / "environment.json"])
        if whole:
            with tempfile.TemporaryDirectory() as scratch:
                file = Path(scratch, WHOLE_VALUES)
                file.write_text(json.dumps(whole, indent=2, ensure_ascii=False), encoding="utf-8")
                self._log_files(run, Path(scratch), [file])

    def _log_data(self, run: Run, data: Mapping[str, Any]) -> None:
        given = [dataset_input(data)]
        try:
            self.client.log_inputs(run.info.run_id, given)
        except MlflowException:  # Another run added the same data between MLflow's look and its leap.
            self.client.log_inputs(run.info.run_id, given)

    def _log_end(self, run: Run, started: Event, ended: Event, latest: bool) -> str | None:
        model, model_id = self._model_file(ended), None
        if model and latest:  # The file of an earlier end, before a resume, is no longer there.
            run = self.client.get_run(run.info.run_id)
            model_id = log_model(self.client, run, model, started, ended)
        self._log_metrics(run, final_metrics(started, ended, model_id))
        artifacts = self.folder / "artifacts"
        self._log_files(run, artifacts, (path for path in sorted(artifacts.rglob("*")) if path != model))
        return model_id

    def _conclude(self, run: Run, started: Event, history: Sequence[Event], model_id: str | None) -> None:
        """Write how the run stands: its outcome or, until there is one, that it is running."""
        last = history[-1]
        if run.info.end_time is not None and last["time"] < run.info.end_time:
            return  # These were delivered before: the store knows already how it went on.
        ended = last if last["event"] == "ended" else None
        file = self._model_file(ended) if ended else None
        snippet = load_snippet(f"models:/{model_id}", own_modules(file)) if model_id and file else ""
        epochs = max((event["epoch"] for event in history if event["event"] == "epoch"), default=0)
        outcome = ended["outcome"] if ended else "running"
        description = describe(started, ended, epochs, snippet, altered_names(history))
        self._log_tags(run, {OUTCOME: outcome, "mlflow.note.content": description}, {})
        if ended:
            self.client.set_terminated(run.info.run_id, STATUS.get(outcome, "FAILED"), ended["time"])
        elif run.info.status != "RUNNING":  # It was resumed.
            self.client.update_run(run.info.run_id, "RUNNING")

    def _model_file(self, ended: Event) -> Path | None:
        file = self.folder / (ended.get("model") or "")
        return file if file.is_file() else None

    def _log_tags(self, run: Run, tags: Mapping[str, Any], whole: dict[str, Any]) -> None:
        new = [RunTag(name, value) for name, value in fitted(tags, TAG_LIMIT, whole).items()]
        for batch in _batches(new, _BATCH):
            self.client.log_batch(run.info.run_id, tags=batch)

    def _log_metrics(self, run: Run, metrics: Iterable[Metric]) -> None:
        for batch in _batches(metrics, _METRICS_BATCH):
            self.client.log_batch(run.info.run_id, metrics=batch)

    def _log_files(self, run: Run, root: Path, files: Iterable[Path]) -> None:
        for file in files:
            if file.is_file() and not file.is_symlink():
                place = file.parent.relative_to(root).as_posix()
                self.client.log_artifact(run.info.run_id, str(file), None if place == "." else place)


@contextmanager
def _giving_up_early() -> Iterator[None]:
    """Let MLflow ask an unreachable server twice more, not for minutes: what is owed is offered again."""
    setting = "MLFLOW_HTTP_REQUEST_MAX_RETRIES"
    if setting in os.environ:
        yield
        return
    os.environ[setting] = "2"
    try:
        yield
    finally:
        del os.environ[setting]


def _experiment(started: Event) -> str:
    return str((started.get("tracking") or {}).get("experiment") or _DEFAULT_EXPERIMENT)


def _batches(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # In a container, the user may have no name.
        return "unknown"
