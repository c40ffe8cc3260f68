"""A run's model as an MLflow LoggedModel, made from its `.keras` file without importing Keras.

The files are laid out as `mlflow.keras.save_model` lays them out, so `mlflow.keras.load_model`,
`mlflow.pyfunc.load_model` and the model registry take it. `mlflow.keras.log_model` itself would need the
model in memory, and takes seconds to guess the requirements that the trainer already knows.
"""

import json
import re
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from platform import python_version
from typing import Any

import numpy as np
import yaml
from mlflow import MlflowClient, pyfunc
from mlflow.entities import LoggedModelOutput, Run
from mlflow.models import Model, ModelSignature
from mlflow.types import Schema, TensorSpec

from hornbook.tracker import Event
from hornbook_mlflow.description import load_snippet
from hornbook_mlflow.loading import own_modules
from hornbook_mlflow.naming import TAG_LIMIT, fitted
from hornbook_mlflow.patience import asking_once
from hornbook_mlflow.uploads import upload

EXAMPLE = "input_example.json"
_SERVED_EXAMPLE = "serving_input_example.json"
_ENDED = "hornbook.ended"
"""The tag that says which event `ended` a model belongs to: a resumed run ends more than once."""


def log_model(client: MlflowClient, run: Run, file: Path, started: Event, ended: Event) -> str:
    """Log the model of a run that has ended; once, however often it is called.

    Args:
        client: The store's client.
        run: The run, as MLflow knows it.
        file: The `.keras` file.
        started: The journal's event `started`.
        ended: The journal's event `ended`.

    Returns:
        The model's id, such as `"m-…"`.
    """
    experiment, run_id, when = run.info.experiment_id, run.info.run_id, str(ended["time"])
    condition = f"source_run_id = '{run_id}' AND tags.`{_ENDED}` = '{when}'"
    found = client.search_logged_models([experiment], condition)
    if found:
        model = found[0]
    else:
        own = {"hornbook.run_id": started["run_id"], "hornbook.outcome": ended["outcome"], _ENDED: when}
        shared = {key: run.data.tags.get(key, "unknown") for key in ("mlflow.user", "mlflow.source.name")}
        with asking_once():
            model = client.create_logged_model(
                experiment,
                name=re.sub(r"[^\w\-]+", "_", run.info.run_name)[:100] or "model",
                source_run_id=run_id,
                tags=fitted({**own, **shared}, TAG_LIMIT, {}),
                params=run.data.params,
                model_type=started["task"],
            )
    model_id = str(model.model_id)
    if model_id not in {output.model_id for output in run.outputs.model_outputs}:
        client.log_outputs(run_id, [LoggedModelOutput(model_id, step=0)])
    if str(model.status) != "READY":
        record = Model(
            artifact_path=model.artifact_location,
            model_uuid=model_id,
            model_id=model_id,
            run_id=run_id,
            signature=_signature(ended.get("signature")),
        )
        with tempfile.TemporaryDirectory() as scratch:
            record.saved_input_example_info = _write_example(Path(scratch), file.parent / "reports" / EXAMPLE)
            _write(Path(scratch), file, record, started, ended)
            parts = sorted(Path(scratch).rglob("*"))
            upload(Path(scratch), parts, partial(client.log_model_artifact, model_id), client.tracking_uri)
        how = load_snippet(f"models:/{model_id}", own_modules(file))
        client.set_logged_model_tags(model_id, {"mlflow.note.content": how})
        client.finalize_logged_model(model_id, "READY")
    return model_id


def _write(folder: Path, file: Path, record: Model, started: Event, ended: Event) -> None:
    (folder / "data").mkdir()
    shutil.copyfile(file, folder / "data" / "model.keras")
    (folder / "data" / "keras_module.txt").write_text("keras", encoding="utf-8")
    record.model_size_bytes = sum(part.stat().st_size for part in (folder / "data").iterdir())

    modules = own_modules(file)
    record.add_flavor(
        "keras",
        data="data",
        keras_version=_versions(ended).get("keras") or started["distributions"]["keras"],
        keras_backend=started["backend"],
        save_exported_model=False,
        own_modules=modules,
    )
    loader = "hornbook_mlflow.loading" if modules else "mlflow.keras"
    pyfunc.add_to_model(record, loader, conda_env="conda.yaml", python_env="python_env.yaml")
    record.save(str(folder / "MLmodel"))

    needed = ["mlflow", "hornbook-mlflow"] if modules else ["mlflow"]
    listed = list(ended.get("requirements") or ())
    names = _versions(ended)
    packages = [*(_pinned(name) for name in needed if name not in names), *listed]
    (folder / "requirements.txt").write_text("\n".join(packages) + "\n", encoding="utf-8")
    tools = [_pinned(tool) for tool in ("pip", "setuptools", "wheel")]
    _write_yaml(
        folder / "python_env.yaml",
        {"python": python_version(), "build_dependencies": tools, "dependencies": ["-r requirements.txt"]},
    )
    # `<=` as MLflow writes it: the conda channel lags behind in releases of pip.
    conda = [f"python={python_version()}", tools[0].replace("==", "<="), {"pip": packages}]
    _write_yaml(
        folder / "conda.yaml", {"name": "mlflow-env", "channels": ["conda-forge"], "dependencies": conda}
    )


def _versions(ended: Event) -> dict[str, str]:
    """The versions that a run's model was saved with."""
    pinned = (line.partition("==") for line in ended.get("requirements") or ())
    return {name: version for name, _, version in pinned}


def _write_example(folder: Path, example: Path) -> dict[str, Any] | None:
    """Lay an input example beside the model, once for MLflow's Python and once as its server takes it.

    Returns:
        Where it is, as MLflow records it; none where the run has no example that can be read.
    """
    try:
        served = json.loads(example.read_text("utf-8"))
        inputs = served["inputs"]
    except (OSError, ValueError, TypeError, KeyError):
        return None
    (folder / EXAMPLE).write_text(json.dumps(inputs), encoding="utf-8")
    (folder / _SERVED_EXAMPLE).write_text(json.dumps({"inputs": inputs}), encoding="utf-8")
    return {"artifact_path": EXAMPLE, "serving_input_path": _SERVED_EXAMPLE, "type": "ndarray"}


def _signature(given: Mapping[str, Any] | None) -> ModelSignature | None:
    if not given:
        return None
    try:
        return ModelSignature(inputs=_schema(given["inputs"]), outputs=_schema(given["outputs"]))
    except TypeError:  # A type that numpy does not know, such as bfloat16: MLflow cannot express it.
        return None


def _schema(tensors: Iterable[Mapping[str, Any]]) -> Schema:
    specs = []
    for tensor in tensors:
        dtype = np.dtype(str if tensor["dtype"] == "string" else tensor["dtype"])
        specs.append(TensorSpec(dtype, tuple(tensor["shape"]), tensor.get("name")))
    return Schema(specs)


def _pinned(distribution: str) -> str:
    try:
        return f"{distribution}=={version(distribution)}"
    except PackageNotFoundError:
        return distribution


def _write_yaml(file: Path, content: Mapping[str, Any]) -> None:
    file.write_text(yaml.safe_dump(dict(content), sort_keys=False), encoding="utf-8")
