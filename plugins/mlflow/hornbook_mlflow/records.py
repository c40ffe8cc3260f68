"""What a journal's events become in MLflow: tags, metrics and a dataset."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from mlflow.entities import Dataset, DatasetInput, InputTag, Metric

from hornbook.tracker import Event
from hornbook_mlflow.markdown import plain
from hornbook_mlflow.naming import allowed_name, as_json, metric_name


def start_tags(started: Event) -> dict[str, Any]:
    """Give the tags of a run that has started: the recipe's, then ours, which win."""
    plugins = {f"hornbook.plugin.{name}": used for name, used in (started.get("plugins") or {}).items()}
    return {
        **((started.get("tracking") or {}).get("tags") or {}),
        "hornbook.recipe": started["name"],
        "hornbook.task": started["task"],
        "hornbook.backend": started["backend"],
        **plugins,
        **git_tags(started.get("git")),
    }


def git_tags(git: Mapping[str, Any] | None) -> dict[str, Any]:
    """Give the tags of a working directory's commit; MLflow shows the commit beside the source."""
    if not git or not git.get("commit"):
        return {}
    branch = {"mlflow.source.git.branch": git["branch"]} if git.get("branch") else {}
    clean = {"hornbook.git.clean": git["clean"]} if isinstance(git.get("clean"), bool) else {}
    return {"mlflow.source.git.commit": git["commit"], **branch, **clean}


def system_metrics(numbered: Iterable[tuple[int, Event]]) -> Iterator[Metric]:
    """Give the metrics of samples of the machine, each sample a step."""
    for number, sample in numbered:
        for name, value in sample["metrics"].items():
            yield Metric(allowed_name(name), float(value), sample["time"], number)


def dataset_input(data: Mapping[str, Any]) -> DatasetInput:
    """Give the data of a run as MLflow's dataset; all that is known of it is in the profile."""
    source = json.dumps({"tags": {"mlflow.source.name": "recipe.yaml"}})
    profile = as_json(dict(data))
    dataset = Dataset(_data_name(data), _short_digest(data), "code", source, _schema(data), profile)
    return DatasetInput(dataset, [InputTag("mlflow.data.context", "training")])


def _schema(data: Mapping[str, Any]) -> str | None:
    """The type and shape of the inputs, as MLflow describes tensors."""
    shapes, types = data.get("shape"), data.get("dtype")
    if types is None:
        return None
    named = shapes if isinstance(shapes, Mapping) else {None: shapes}
    columns = [
        {
            "type": "tensor",
            **({"name": name} if name else {}),
            "tensor-spec": {"dtype": types[name] if name else types, "shape": [-1, *(shape or ())]},
        }
        for name, shape in named.items()
    ]
    return json.dumps({"mlflow_tensorspec": {"features": json.dumps(columns), "targets": None}})


def epoch_metrics(events: Iterable[Event]) -> Iterator[Metric]:
    """Give the metrics of all epochs among the events."""
    for event in events:
        if event["event"] == "epoch":
            values: dict[str, Any] = {metric_name(name): value for name, value in event["metrics"].items()}
            for name in ("seconds", "examples_per_second"):
                if event.get(name) is not None:
                    values[f"speed/{name}"] = event[name]
            for name, value in values.items():
                # What is not finite is written as a word in the journal.
                yield Metric(name, float(value), event["time"], event["epoch"])


def final_metrics(started: Event, ended: Event, epochs: int, model_id: str | None) -> Iterator[Metric]:
    """Give the metrics of a run that has ended after so many epochs; of its model, too, where it has one."""
    data = started["data"]
    of = {"model_id": model_id, "dataset_name": _data_name(data), "dataset_digest": _short_digest(data)}
    for name, value in (ended.get("metrics") or {}).items():
        yield Metric(allowed_name(name), float(value), ended["time"], epochs, **(of if model_id else {}))


def _data_name(data: Mapping[str, Any]) -> str:
    return plain(data["name"])


def _short_digest(data: Mapping[str, Any]) -> str:
    # As long as those that MLflow makes; the whole digest is in the dataset's profile.
    return str(data["digest"]).rpartition(":")[2][:8]
