"""Delivers the journal of a sweep to an MLflow store: the run under which those of its trials nest.

Its description has the leaderboard, its metrics are those of the best trial, its parameters what the sweep
was asked, and its artifacts the reports that were made of it. A trial is delivered as any run, see
`hornbook_mlflow.delivery`, and points here.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from mlflow.entities import Metric, Run

from hornbook.runner.journals.journal import read
from hornbook.sweeps.folder import SweepFolder
from hornbook.sweeps.record import Sweep, sweep_record
from hornbook.tracker import Event, State
from hornbook_mlflow import reports
from hornbook_mlflow.markdown import plain
from hornbook_mlflow.naming import allowed_name
from hornbook_mlflow.pages import RUN_ID, SWEEP_ID, Pages, experiment_name
from hornbook_mlflow.records import git_tags
from hornbook_mlflow.related import PARENT
from hornbook_mlflow.store import without_secrets
from hornbook_mlflow.sweep_description import Where, describe

_ASKED = ("method", "metric", "direction", "trials")


def is_of_sweep(events: Sequence[Event]) -> bool:
    """Whether events are those of a sweep's journal."""
    return str(events[0]["event"]).startswith(("sweep_", "trial_"))


class SweepDelivery:
    """One delivery of events of one sweep to one store.

    Args:
        folder: The sweep's folder.
        pages: The store's pages.
    """

    def __init__(self, folder: Path, pages: Pages) -> None:
        self.folder = folder
        self.pages = pages

    def deliver(self, events: Sequence[Event], state: State) -> State:
        """Deliver events, in order; see `MlflowTracker.deliver`."""
        history = read(self.folder / "journal.jsonl")
        started = next(event for event in history if event["event"] == "sweep_started")
        run = self.pages.known(state)
        if run is None:
            run, events = self._run(started), history
        if events[0]["event"] == "sweep_started":
            self._write_start(run, started)
        sweep, last = sweep_record(SweepFolder(self.folder)), history[-1]
        ended = last["event"] == "sweep_ended"
        if ended:
            self.pages.keep_one(run, SWEEP_ID, plain(started["sweep_id"]))
            self.pages.write_metrics(run, _best_metrics(sweep, last["time"]))
            self.pages.write_files(run, self.folder / "artifacts", reports.files(self.folder))
        made = reports.titles(self.folder, run) if ended else ()
        where = Where(run.info.experiment_id, self._delivered_trials(run))
        described = describe(sweep, where, made, reports.failures(self.folder))
        self.pages.conclude(run, described, sweep.outcome if ended else None, last["time"])
        return {
            "uri": without_secrets(self.pages.store),
            "experiment_id": run.info.experiment_id,
            "run_id": run.info.run_id,
        }

    def _run(self, started: Event) -> Run:
        sweep_id, experiment = plain(started["sweep_id"]), experiment_name(started.get("tracking"))
        if found := self.pages.of(experiment, SWEEP_ID, sweep_id, started["time"]):
            return found
        name = f"{plain(started['name'], 100)}-sweep-{sweep_id.rpartition('-')[2]}"
        tags = {SWEEP_ID: sweep_id, "hornbook.outcome": "running"}
        return self.pages.make(experiment, name, started["time"], tags)

    def _write_start(self, run: Run, started: Event) -> None:
        whole: dict[str, Any] = {}
        asked = {key: started[key] for key in _ASKED if started.get(key) is not None}
        varied = {f"varied.{path}": values for path, values in (started.get("variables") or {}).items()}
        self.pages.write_parameters(run, {**asked, **varied}, whole)
        tags = (started.get("tracking") or {}).get("tags") or {}
        self.pages.write_tags(run, {**tags, **git_tags(started.get("git"))}, whole)
        self.pages.write_files(run, self.folder, [self.folder / "recipe.yaml"])
        self.pages.write_whole_values(run, whole)

    def _delivered_trials(self, run: Run) -> Mapping[str, str]:
        """MLflow's ids of the trials that the store has already, by Hornbook's."""
        condition = f"tags.`{PARENT}` = '{run.info.run_id}'"
        experiments, token = [run.info.experiment_id], None
        found: dict[str, str] = {}
        while True:
            children = self.pages.client.search_runs(
                experiments, condition, max_results=1000, page_token=token
            )
            tags = ((child.data.tags.get(RUN_ID), child.info.run_id) for child in children)
            found |= {ours: theirs for ours, theirs in tags if ours}
            token = children.token
            if not token:
                return found


def _best_metrics(sweep: Sweep, when: int) -> Iterator[Metric]:
    for name, value in (sweep.best.metrics if sweep.best else {}).items():
        # A sweep that is given more trials ends once more.
        yield Metric(allowed_name(name), float(value), when, len(sweep.trials))
