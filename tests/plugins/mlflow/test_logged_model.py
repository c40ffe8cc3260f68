"""A run's model in MLflow: it loads, predicts the same, and says what it needs."""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import keras
import mlflow
import numpy as np
import pytest
import yaml
from mlflow import MlflowClient

INPUTS = np.linspace(0, 1, 2 * 8 * 8, dtype="float32").reshape(2, 8, 8, 1)
SIGNATURE = {
    "inputs": [{"name": None, "dtype": "float32", "shape": [-1, 8, 8, 1]}],
    "outputs": [{"name": None, "dtype": "float32", "shape": [-1, 3]}],
}
REQUIREMENTS = ["keras==3.15.1", "hornbook-losses==0.1.0"]


def modelled(write, make, layer=None, **changes):
    """A run that ended with a model, not delivered yet; and the model."""
    keras.utils.set_random_seed(1)
    layers = [keras.Input((8, 8, 1)), keras.layers.Flatten(), layer or keras.layers.Dense(3, "softmax")]
    model = keras.Sequential(layers)
    changes = {
        "model": "artifacts/model.keras",
        "signature": SIGNATURE,
        "requirements": REQUIREMENTS,
        **changes,
    }
    written = write(make.started(), make.epoch(1), make.ended(after=1, **changes))
    model.save(written.folder / "artifacts" / "model.keras")
    return written, model


def test_mlflow_loads_it_both_ways_and_it_predicts_the_same(write, make, monkeypatch):
    written, model = modelled(write, make)
    model_id = written.deliver()["model_id"]
    monkeypatch.setenv("MLFLOW_TRACKING_URI", written.uri)
    expected = model.predict(INPUTS, verbose=0)
    loaded = mlflow.keras.load_model(f"models:/{model_id}")
    np.testing.assert_array_equal(loaded.predict(INPUTS, verbose=0), expected)
    served = mlflow.pyfunc.load_model(f"models:/{model_id}")
    np.testing.assert_array_equal(served.predict(INPUTS), expected)
    assert served.metadata.signature.inputs.to_dict()[0]["tensor-spec"] == {
        "dtype": "float32",
        "shape": (-1, 8, 8, 1),
    }
    with pytest.raises(mlflow.exceptions.MlflowException, match="shape"):
        served.predict(INPUTS[:, :4])


def test_it_is_laid_out_as_mlflow_itself_does(write, make, tmp_path):
    """But for what MLflow guesses and we know, and its record's ids and times."""
    written, model = modelled(write, make)
    model_id = written.deliver()["model_id"]
    ours = Path(
        MlflowClient(written.uri).get_logged_model(model_id).artifact_location.removeprefix("file://")
    )
    theirs = tmp_path / "theirs"
    signature = mlflow.models.Model.load(ours).signature
    mlflow.keras.save_model(model, str(theirs), signature=signature, pip_requirements=REQUIREMENTS)

    def files(folder):
        return {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}

    assert files(ours) == files(theirs)
    for name in ("conda.yaml", "python_env.yaml"):
        assert yaml.safe_load((ours / name).read_text()) == yaml.safe_load((theirs / name).read_text())
    assert (ours / "requirements.txt").read_text().split() == (
        theirs / "requirements.txt"
    ).read_text().split()
    assert (ours / "data/keras_module.txt").read_text() == (theirs / "data/keras_module.txt").read_text()
    record, other = (yaml.safe_load((folder / "MLmodel").read_text()) for folder in (ours, theirs))
    record["flavors"]["keras"].pop("own_modules")
    other["flavors"]["keras"]["keras_backend"] = "tensorflow"  # what the journal says it was trained on
    other["flavors"]["keras"]["keras_version"] = "3.15.1"
    assert record["flavors"] == other["flavors"]
    assert record["signature"] == other["signature"]


def test_it_belongs_to_the_run_and_carries_the_final_metrics(write, make):
    written, _ = modelled(write, make)
    model_id = written.deliver()["model_id"]
    run = written.run()
    model = MlflowClient(written.uri).get_logged_model(model_id)
    assert [output.model_id for output in run.outputs.model_outputs] == [model_id]
    assert (model.name, str(model.status), model.source_run_id) == ("digits-a1b2", "READY", run.info.run_id)
    assert model.params == run.data.params
    assert model.model_type == "classification"
    final = {
        metric.key: (metric.value, metric.dataset_name, metric.dataset_digest) for metric in model.metrics
    }
    assert final["val_accuracy"] == (0.98, "digits", "01234567")
    assert "model.keras" not in written.artifacts()


def test_delivering_again_makes_no_second_model(write, make):
    written, _ = modelled(write, make)
    model_id = written.deliver()["model_id"]
    assert written.deliver(state={})["model_id"] == model_id
    assert written.deliver(written.events[-1:], state={})["model_id"] == model_id
    run = written.run()
    assert len(run.outputs.model_outputs) == 1
    models = MlflowClient(written.uri).search_logged_models([run.info.experiment_id])
    assert [(model.model_id, len(model.metrics)) for model in models] == [(model_id, 5)]


def test_a_delivery_that_broke_off_is_completed(write, make, monkeypatch):
    written, model = modelled(write, make)
    with monkeypatch.context() as patch:
        patch.setattr(MlflowClient, "log_model_artifact", None)
        with pytest.raises(TypeError):
            written.deliver()
    assert written.run().info.status == "RUNNING"
    model_id = written.deliver()["model_id"]
    assert written.run().info.status == "FINISHED"
    monkeypatch.setenv("MLFLOW_TRACKING_URI", written.uri)
    loaded = mlflow.keras.load_model(f"models:/{model_id}")
    np.testing.assert_array_equal(loaded.predict(INPUTS, verbose=0), model.predict(INPUTS, verbose=0))
    assert len(MlflowClient(written.uri).search_logged_models([written.run().info.experiment_id])) == 1


def test_what_the_description_says_loads_a_model_with_classes_from_a_plugin(
    write, make, tmp_path, monkeypatch
):
    """Keras knows a registered class only once its module is imported; so a new process is told which."""
    module = tmp_path / "acme_layers.py"
    module.write_text(
        textwrap.dedent("""
            import keras

            @keras.saving.register_keras_serializable(package="acme_layers")
            class Doubled(keras.layers.Dense):
                def call(self, inputs):
                    return 2 * super().call(inputs)
        """)
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    import acme_layers

    written, model = modelled(write, make, acme_layers.Doubled(3))
    model_id = written.deliver()["model_id"]
    np.save(tmp_path / "inputs.npy", INPUTS)
    told = written.run().data.tags["mlflow.note.content"].split("```")[1].strip()
    assert told.split("\n")[1] == "import acme_layers"
    scripts = {
        "keras": told,
        "pyfunc": f'import mlflow; model = mlflow.pyfunc.load_model("models:/{model_id}")',
    }
    here = {**os.environ, "MLFLOW_TRACKING_URI": written.uri, "PYTHONPATH": str(tmp_path)}
    for name, script in scripts.items():
        script += f"\nimport numpy\nnumpy.save('{name}.npy', model.predict(numpy.load('inputs.npy')))"
        subprocess.run([sys.executable, "-c", script], cwd=tmp_path, env=here, check=True)
        np.testing.assert_array_equal(np.load(tmp_path / f"{name}.npy"), model.predict(INPUTS, verbose=0))
    requirements = mlflow.artifacts.load_text(
        MlflowClient(written.uri).get_logged_model(model_id).artifact_location + "/requirements.txt"
    )
    assert "hornbook-mlflow==" in requirements


def test_a_model_without_a_signature_or_with_a_strange_type_is_logged_all_the_same(write, make):
    strange = {"inputs": [{"name": None, "dtype": "no such type", "shape": [-1, 8, 8, 1]}], "outputs": []}
    for number, signature in enumerate([None, strange]):
        written, _ = modelled(
            lambda *events, n=number: write(*events, within=str(n)), make, signature=signature
        )
        model_id = written.deliver()["model_id"]
        assert str(MlflowClient(written.uri).get_logged_model(model_id).status) == "READY"


def test_keras_is_not_imported_by_a_delivery(write, make, tmp_path):
    written, _ = modelled(write, make)
    script = (
        "import sys, json, pathlib; from hornbook_mlflow.tracker import MlflowTracker\n"
        "folder = pathlib.Path(sys.argv[1]); journal = (folder / 'journal.jsonl').read_text()\n"
        "events = [json.loads(line) for line in journal.splitlines()]\n"
        "assert MlflowTracker().deliver(folder, events, {}, None)['model_id']\n"
        "print(*sys.modules)"
    )
    command = [sys.executable, "-c", script, str(written.folder)]
    loaded = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout.split()
    assert "mlflow" in loaded
    assert not {"keras", "tensorflow", "jax", "torch", "sklearn"} & set(loaded)
