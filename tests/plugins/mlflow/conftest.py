"""Journals such as the core writes them, and what MLflow makes of them."""

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import chdir
from pathlib import Path
from typing import Any

import pytest

from hornbook_mlflow.tracker import MlflowTracker

BEGAN = 1795230900000
Event = dict[str, Any]


@pytest.fixture(autouse=True, scope="session")
def _cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """One cache for all tests: an empty MLflow store is built once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        patch.delenv("MLFLOW_TRACKING_URI", raising=False)
        yield


class Make:
    """Makes the events of a run on the digits, three epochs long unless told."""

    @staticmethod
    def started(**changes: Any) -> Event:
        """The event `started` of a run on the digits."""
        return {
            "event": "started",
            "time": BEGAN,
            "run_id": "20261121-031500-digits-a1b2",
            "name": "digits",
            "description": "A small CNN on the digits.",
            "task": "classification",
            "seed": 7,
            "backend": "tensorflow",
            "tracking": {"experiment": "digits", "tags": {"team": "vision"}},
            "parameters": {
                "optimizer": "optimizers/adam",
                "optimizer.learning_rate.max_learning_rate": 0.01,
                "model.layers.head.use_bias": True,
                "augment.0.ranges": [0, 0.5],
            },
            "distributions": {"keras": "3.15.1", "hornbook-losses": "0.1.0"},
            "plugins": {"losses": "hornbook-losses 0.1.0", "optimizers": "hornbook-optimizers 0.2.0"},
            "data": {
                "name": "digits",
                "digest": "sha256:" + "0123456789abcdef" * 4,
                "modality": "images",
                "task": "classification",
                "shape": [8, 8, 1],
                "classes": 3,
                "class_names": ["zero", "one", "two"],
                "labels": "one_hot",
                "splits": {"train": 1438, "validation": 359},
            },
            "recipe": "recipe.yaml",
            "expect": {"val_accuracy": {"min": 0.97}},
            **changes,
        }

    @staticmethod
    def epoch(number: int, **metrics: Any) -> Event:
        """The event `epoch`; 600 ms each."""
        accuracy = 1 - math.exp(-number)
        values = {
            "loss": 1 - accuracy,
            "accuracy": accuracy,
            "val_loss": 1.1 - accuracy,
            "val_accuracy": accuracy,
        }
        return {
            "event": "epoch",
            "time": BEGAN + number * 600,
            "epoch": number,
            "step": 23 * number,
            "metrics": {**values, "learning_rate": 0.001, **metrics},
            "seconds": 0.6,
            "examples_per_second": 2400.0,
        }

    @staticmethod
    def ended(outcome: str = "finished", after: int = 3, **changes: Any) -> Event:
        """The event `ended`, after so many epochs."""
        return {
            "event": "ended",
            "time": BEGAN + after * 600 + 300,
            "outcome": outcome,
            "metrics": {
                "loss": 0.06,
                "accuracy": 0.99,
                "val_loss": 0.07,
                "val_accuracy": 0.98,
                "test_accuracy": 0.96,
            },
            "unmet": [],
            "seconds": 12.3,
            "model": None,
            "signature": None,
            "requirements": [],
            "error": None,
            **changes,
        }


class Written:
    """A run's folder with its journal, and the tracker that delivers it."""

    def __init__(self, working_directory: Path, events: Sequence[Event]) -> None:
        self.working_directory = working_directory
        self.events = list(events)
        self.folder = working_directory / "runs" / self.events[0]["run_id"]
        (self.folder / "artifacts" / "plots").mkdir(parents=True)
        (self.folder / "recipe.yaml").write_text("recipe: 1\nname: digits\n")
        (self.folder / "environment.json").write_text("{}\n")
        (self.folder / "artifacts" / "report.md").write_text("# Report\n")
        (self.folder / "artifacts" / "plots" / "confusion.txt").write_text("1 0\n")
        self.write()
        self.state: Mapping[str, Any] = {}

    @property
    def uri(self) -> str:
        """The default store."""
        return f"sqlite:///{self.working_directory}/mlflow.db"

    def write(self) -> None:
        """Write the journal anew."""
        lines = (json.dumps(event) + "\n" for event in self.events)
        (self.folder / "journal.jsonl").write_text("".join(lines))

    def deliver(
        self,
        events: Sequence[Event] | None = None,
        state: Mapping[str, Any] | None = None,
        uri: str | None = None,
    ) -> Mapping[str, Any]:
        """Deliver events, all of them if not told; from the state that the delivery before left."""
        state = self.state if state is None else state
        with chdir(self.working_directory):
            self.state = MlflowTracker().deliver(
                self.folder, self.events if events is None else events, state, uri
            )
        assert json.loads(json.dumps(self.state)) == self.state
        return self.state

    def run(self, uri: str | None = None) -> Any:
        """The run as MLflow knows it; there is only one."""
        from mlflow import MlflowClient

        client = MlflowClient(uri or self.uri)
        experiments = [experiment.experiment_id for experiment in client.search_experiments()]
        (run,) = client.search_runs(experiments)
        return run

    def history(self, metric: str) -> list[tuple[int, float, int]]:
        """Step, value and time of each value of a metric."""
        from mlflow import MlflowClient

        found = MlflowClient(self.uri).get_metric_history(self.run().info.run_id, metric)
        return sorted((one.step, one.value, one.timestamp) for one in found)

    def view(self) -> dict[str, Any]:
        """All that a reviewer can see of a run, but for the ids that MLflow makes up."""
        run = self.run()
        (dataset,) = run.inputs.dataset_inputs
        return {
            "info": (run.info.run_name, run.info.status, run.info.start_time, run.info.end_time),
            "parameters": run.data.params,
            "tags": run.data.tags,
            "history": {metric: self.history(metric) for metric in run.data.metrics},
            "data": dataset.to_dictionary(),
            "artifacts": self.artifacts(),
        }

    def artifacts(self) -> dict[str, bytes]:
        """The content of each of the run's artifacts."""
        from mlflow.utils.file_utils import local_file_uri_to_path

        root = Path(local_file_uri_to_path(self.run().info.artifact_uri))
        return {
            file.relative_to(root).as_posix(): file.read_bytes() for file in root.rglob("*") if file.is_file()
        }


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Written]:
    """Write a journal into a fresh working directory."""

    def _write(*events: Event, within: str = "work") -> Written:
        return Written(
            tmp_path / within, events or [Make.started(), *map(Make.epoch, (1, 2, 3)), Make.ended()]
        )

    return _write


@pytest.fixture(scope="session")
def make() -> type[Make]:
    """Make events: `make.started()`, `make.epoch(1)`, `make.ended("unmet")`."""
    return Make
