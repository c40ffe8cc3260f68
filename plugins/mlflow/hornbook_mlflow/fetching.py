"""Gives a run back from an MLflow store: what `hornbook_mlflow.delivery` wrote, as the folder of a run again.

Metrics come back under the names that the recipe gives them, which its frozen text tells; an epoch's values
are those at its step. What is not in the store, such as the order in which a run was resumed, is left out.
"""

import json
import math
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import mlflow.artifacts
from mlflow import MlflowClient
from mlflow.entities import Run
from mlflow.environment_variables import MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR
from mlflow.exceptions import MlflowException

from hornbook.problem import HornbookError
from hornbook.recipes.document import plain
from hornbook.recipes.text import MOST_BYTES, parse
from hornbook.runner.journals.folder import RunFolder
from hornbook.runner.journals.journal import Journal
from hornbook_mlflow.naming import allowed_name, metric_name
from hornbook_mlflow.pages import OUTCOME, RUN_ID
from hornbook_mlflow.patience import giving_up_early

_MLFLOW_ID = re.compile(r"[0-9a-f]{32}")
_OWN_ID = re.compile(r"[\w.-]{1,200}")
_MOST_ENVIRONMENT = 10_000_000
_MOST_MODEL = 4 * 2**30
_MOST_EXPERIMENTS = 10_000


def fetch(store: str, run: str, folder: Path) -> bool:
    """Give back what a store, which is there, has of a run; see `MlflowTracker.fetch`."""
    with giving_up_early(), _without_bars():
        client = MlflowClient(store)
        found = _found(client, run)
        if found is None:
            return False
        if RUN_ID not in found.data.tags:
            raise ValueError(f"the run {found.info.run_id} was not made by Hornbook")
        _Copy(client, store, found, RunFolder(folder)).write()
    return True


@contextmanager
def _without_bars() -> Iterator[None]:
    """Have MLflow draw no progress bars, where the user did not ask for them."""
    if MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR.is_set():
        yield
        return
    MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR.set(False)
    try:
        yield
    finally:
        MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR.unset()


def _found(client: MlflowClient, run: str) -> Run | None:
    """The run of an id of MLflow's, or of Hornbook's."""
    if _MLFLOW_ID.fullmatch(run):
        try:
            return client.get_run(run)
        except MlflowException as error:
            if error.error_code != "RESOURCE_DOES_NOT_EXIST":
                raise
    if not _OWN_ID.fullmatch(run):
        return None
    experiments = client.search_experiments(max_results=_MOST_EXPERIMENTS)
    ids = [experiment.experiment_id for experiment in experiments]
    runs = client.search_runs(ids, f"tags.`{RUN_ID}` = '{run}'", max_results=1)
    return runs[0] if runs else None


class _Copy:
    """A copy of a run's folder, made of what the store has.

    Args:
        client: The store's client.
        store: The store's URI.
        run: The run.
        folder: Where the copy is made.
    """

    def __init__(self, client: MlflowClient, store: str, run: Run, folder: RunFolder) -> None:
        self.client = client
        self.store = store
        self.run = run
        self.folder = folder

    def write(self) -> None:
        """Write it all."""
        sizes = {one.path: one.file_size for one in self.client.list_artifacts(self.run.info.run_id)}
        for file, most in ((self.folder.recipe, MOST_BYTES), (self.folder.environment, _MOST_ENVIRONMENT)):
            if sizes.get(file.name) is not None and sizes[file.name] <= most:
                self.client.download_artifacts(self.run.info.run_id, file.name, str(self.folder.path))
        self._write_model()
        journal = Journal(self.folder.journal)
        for event in self._events():
            journal.write(**event)
        journal.close()

    def _write_model(self) -> None:
        outputs = self.run.outputs.model_outputs if self.run.outputs else []
        if not outputs:
            return
        model_id = max(outputs, key=lambda one: one.step).model_id
        files = {one.path: one.file_size for one in self.client.list_logged_model_artifacts(model_id, "data")}
        size = files.get("data/model.keras")
        if size is not None and size <= _MOST_MODEL:
            place = self.client.get_logged_model(model_id).artifact_location.rstrip("/")
            mlflow.artifacts.download_artifacts(
                f"{place}/data/model.keras", dst_path=str(self.folder.artifacts), tracking_uri=self.store
            )

    def _events(self) -> Iterator[dict[str, Any]]:
        info, tags, parameters = self.run.info, self.run.data.tags, self.run.data.params
        began = int(info.start_time or 0)
        epochs = self._epochs()
        planned = _whole(parameters.get("training.epochs"))
        yield {
            "event": "started",
            "time": began,
            "run_id": tags[RUN_ID],
            "name": tags.get("hornbook.recipe", ""),
            "backend": tags.get("hornbook.backend", ""),
            "parameters": dict(parameters),
            "data": self._data(),
            **({"epochs": planned} if planned else {}),
        }
        if planned and max(epochs, default=0) > planned:
            yield {"event": "resumed", "time": began, "epochs": max(epochs)}
        for epoch, metrics in sorted(epochs.items()):
            yield {"event": "epoch", "time": began, "epoch": epoch, "metrics": metrics}
        outcome = tags.get(OUTCOME, "running")
        if outcome != "running" and info.end_time is not None:
            seconds = (info.end_time - began) / 1000
            final = {name: _value(self.run.data.metrics[key]) for key, name in self._final()}
            yield {
                "event": "ended",
                "time": int(info.end_time),
                "outcome": outcome,
                "metrics": final,
                "seconds": seconds,
            }

    def _data(self) -> dict[str, Any]:
        """What the run's own record said of its data, which is in the profile of the dataset."""
        inputs = self.run.inputs.dataset_inputs if self.run.inputs else []
        try:
            profile = json.loads(inputs[0].dataset.profile) if inputs else {}
        except (ValueError, TypeError, RecursionError):
            return {}
        return profile if isinstance(profile, dict) else {}

    def _epochs(self) -> dict[int, dict[str, float]]:
        """Each epoch's metrics, by the names that the recipe gives them."""
        epochs: dict[int, dict[str, float]] = {}
        for key, name in self._series():
            for one in self.client.get_metric_history(self.run.info.run_id, key):
                epochs.setdefault(int(one.step), {})[name] = _value(one.value)
        return epochs

    def _series(self) -> Iterator[tuple[str, str]]:
        named = {metric_name(name): name for name in self._names(("", "val_"))}
        for key in self.run.data.metrics:
            base, _, which = key.rpartition("/")
            if key == "learning_rate":
                yield key, key
            elif which in ("train", "val"):
                yield key, named.get(key, base if which == "train" else f"val_{base}")

    def _final(self) -> Iterator[tuple[str, str]]:
        named = {allowed_name(name): name for name in self._names(("", "val_", "test_"))}
        for key in self.run.data.metrics:
            if key in named or ("/" not in key and key != "learning_rate"):
                yield key, named.get(key, key)

    def _names(self, prefixes: Iterable[str]) -> list[str]:
        names = ["loss", *_recipe_metrics(self.folder.recipe)]
        return [f"{prefix}{name}" for prefix in prefixes for name in names]


def _recipe_metrics(file: Path) -> list[str]:
    """The names of the metrics in a frozen recipe; none where it cannot be read."""
    try:
        recipe = plain(parse(file.read_bytes(), file.name))
    except (OSError, HornbookError):
        return []
    metrics = recipe.get("metrics") if isinstance(recipe, Mapping) else None
    listed = metrics if isinstance(metrics, list) else []
    return [str(one["name"]) for one in listed if isinstance(one, Mapping) and "name" in one]


def _whole(text: str | None) -> int | None:
    return int(text) if text and re.fullmatch(r"[0-9]{1,9}", text) else None


def _value(stored: float) -> float:
    """A metric as it was: a SQL store keeps the greatest number there is in place of what is infinite."""
    return math.copysign(math.inf, stored) if abs(stored) == sys.float_info.max else float(stored)
