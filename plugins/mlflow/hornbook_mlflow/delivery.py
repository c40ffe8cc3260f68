"""Delivers the journal of a run to an MLflow store.

What of a run goes where:

- The run is a run, named by the recipe and the last part of the run's id, tagged `hornbook.run_id`.
- Parameters are parameters, by their path in the recipe.
- An epoch's metrics are `accuracy/train`, `accuracy/val`, `loss/train`… at the step of the epoch. MLflow's
  page of charts has a section for each word before a `/`, so training and validation stand side by side.
  Beside them are `learning_rate`, `speed/seconds` and `speed/examples_per_second`.
- The metrics at the end are `val_accuracy`, `test_accuracy`…, under the names that the recipe knows them by, at the
  step of the last epoch: a run that is given more epochs ends once more.
  They speak of the weights in the saved model, which need not be those of the last epoch, so they are no
  point on those curves. The logged model carries them too.
- Data is a dataset input with its digest; the model is a LoggedModel, `models:/m-…`, and a version of a
  registered model where the recipe asks for one.
- `recipe.yaml`, `environment.json` and what else is in `artifacts/` are artifacts.
- The outcome is the status, the tag `hornbook.outcome`, and the first line of the description.

An unmet expectation is a `FINISHED` run: MLflow's status says how the process ended, and a search for
finished runs should find a run whose model is sound but worse than hoped. The tag and the first line of the
description say that it was not met. `interrupted` is `KILLED`; `diverged` and `failed` are `FAILED`.

Delivering twice leaves what delivering once leaves: see `hornbook_mlflow.pages`.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mlflow.entities import Run
from mlflow.exceptions import MlflowException

from hornbook.runner.journals.journal import read
from hornbook.tracker import Event, State
from hornbook_mlflow import reports
from hornbook_mlflow.description import Subject, describe, load_snippet
from hornbook_mlflow.loading import own_modules
from hornbook_mlflow.logged_model import log_model
from hornbook_mlflow.markdown import plain
from hornbook_mlflow.naming import altered_names
from hornbook_mlflow.pages import RUN_ID, Pages, experiment_name
from hornbook_mlflow.records import dataset_input, epoch_metrics, final_metrics, start_tags, system_metrics
from hornbook_mlflow.registration import Registered, register_run
from hornbook_mlflow.related import parent, related, relation_tags, trial_name
from hornbook_mlflow.store import without_secrets
from hornbook_mlflow.system import samples


class RunDelivery:
    """One delivery of events of one run to one store.

    Args:
        folder: The run's folder.
        pages: The store's pages.
    """

    def __init__(self, folder: Path, pages: Pages) -> None:
        self.folder = folder
        self.pages = pages
        self.client = pages.client

    def deliver(self, events: Sequence[Event], state: State) -> State:
        """Deliver events, in order; see `MlflowTracker.deliver`."""
        history, is_latest = self._history(events)
        started = next(event for event in history if event["event"] == "started")
        run = self.pages.known(state)
        is_known, seen = run is not None, int(state.get("samples", 0))
        if run is None:  # What this store has of it, if anything, is not known: deliver all of it.
            run, events, seen = self._run(started), history, 0

        if events[0]["event"] == "started":
            run = self._write_start(run, started)
        self.pages.write_metrics(run, epoch_metrics(events))
        taken = list(samples(self.folder, seen))
        self.pages.write_metrics(run, system_metrics(taken))
        model_id, registered = None, None
        for ended in (event for event in events if event["event"] == "ended"):
            behind = _epochs(history[: history.index(ended)])
            model_id, registered = self._write_end(run, started, ended, behind, latest=ended is events[-1])
        # Of what was delivered before, the store knows already how it went on.
        if is_latest or run.info.end_time is None or history[-1]["time"] >= run.info.end_time:
            self._conclude(run, started, history, model_id, registered)
        model_id = model_id or (state.get("model_id") if is_known else None)
        return {
            "uri": without_secrets(self.pages.store),
            "experiment_id": run.info.experiment_id,
            "run_id": run.info.run_id,
            **({"model_id": model_id} if model_id else {}),
            **({"samples": taken[-1][0] if taken else seen} if taken or seen else {}),
            **({"notes": [registered.told]} if registered else {}),
        }

    def _history(self, events: Sequence[Event]) -> tuple[Sequence[Event], bool]:
        """Read the journal up to these events: the run as it stood then; and whether it stands so now."""
        journal = read(self.folder / "journal.jsonl")
        # Clocks are set back: what counts is the order in which things were written.
        newest = len(journal) - 1
        last = next((one for one in range(newest, -1, -1) if journal[one] == events[-1]), newest)
        return journal[: last + 1], last == newest

    def _run(self, started: Event) -> Run:
        """The run's page: the one that carries its tag, else a new one."""
        run_id, experiment = str(started["run_id"]), experiment_name(started.get("tracking"))
        if found := self.pages.of(experiment, RUN_ID, plain(run_id), started["time"]):
            return found
        sweep = parent(self.pages, self.folder, started)
        name = trial_name(started) or f"{plain(started['name'], 100)}-{run_id.rpartition('-')[2]}"
        tags = {RUN_ID: plain(run_id), "hornbook.outcome": "running", **relation_tags(started, sweep)}
        return self.pages.make(
            experiment, name, started["time"], {key: str(tag) for key, tag in tags.items()}
        )

    def _write_start(self, run: Run, started: Event) -> Run:
        whole: dict[str, Any] = {}
        self.pages.write_parameters(run, {**started["parameters"], "seed": started["seed"]}, whole)
        self.pages.write_tags(run, start_tags(started), whole)
        self._write_data(run, started["data"])
        files = [self.folder / plain(started["recipe"]), self.folder / "environment.json"]
        self.pages.write_files(run, self.folder, files)
        self.pages.write_whole_values(run, whole)
        return run

    def _write_data(self, run: Run, data: Mapping[str, Any]) -> None:
        given = [dataset_input(data)]
        try:
            self.client.log_inputs(run.info.run_id, given)
        except MlflowException:  # Another run added the same data between MLflow's look and its leap.
            self.client.log_inputs(run.info.run_id, given)

    def _write_end(
        self, run: Run, started: Event, ended: Event, epochs: int, latest: bool
    ) -> tuple[str | None, Registered | None]:
        model, model_id, registered = self._model_file(ended), None, None
        if latest:  # The file of an earlier end, before a resume, is no longer there.
            self.pages.keep_one(run, RUN_ID, plain(started["run_id"]))
            if model:
                run = self.client.get_run(run.info.run_id)
                model_id = log_model(self.client, run, model, started, ended)
            registered = register_run(self.client, model_id, started, ended)
        self.pages.write_metrics(run, final_metrics(started, ended, epochs, model_id))
        self.pages.write_files(run, self.folder / "artifacts", reports.files(self.folder))
        return model_id, registered

    def _conclude(
        self,
        run: Run,
        started: Event,
        history: Sequence[Event],
        model_id: str | None,
        registered: Registered | None,
    ) -> None:
        """Write how the run stands: its outcome or, until there is one, that it is running."""
        last = history[-1]
        ended = last if last["event"] == "ended" else None
        file = self._model_file(ended) if ended else None
        more = [*related(self.pages, run, started), *([registered.described] if registered else [])]
        subject = Subject(
            started,
            ended,
            epochs=_epochs(history),
            drift=[
                line for event in history if event["event"] == "resumed" for line in event.get("drift") or ()
            ],
            model=load_snippet(f"models:/{model_id}", own_modules(file)) if model_id and file else "",
            altered=altered_names(history),
            reports=reports.titles(self.folder, run) if ended else (),
            failures=reports.failures(self.folder) if ended else (),
            related=more,
        )
        self.pages.conclude(run, describe(subject), ended["outcome"] if ended else None, last["time"])

    def _model_file(self, ended: Event) -> Path | None:
        file = self.folder / (ended.get("model") or "")
        return file if file.is_file() else None


def _epochs(history: Sequence[Event]) -> int:
    """How many epochs are behind a run."""
    return max((event["epoch"] for event in history if event["event"] == "epoch"), default=0)
