"""Loading the model of a run: with the plugins that its classes come from, in any process."""

import json
import shutil
import subprocess
import sys
import zipfile

import keras
import numpy as np
import pytest

import hornbook

CLASSES = (
    "model=[doubling, {use: dense, units: 3, activation: {use: scaled, factor: 2.0}}, "
    "plainly_registered, {use: activation, activation: softmax}]"
)


@pytest.fixture(scope="module")
def done(tmp_path_factory, bench):
    """A run whose model has classes of the plugin."""
    runs = tmp_path_factory.mktemp("runs")
    return hornbook.run("bench-points", [CLASSES, "training.epochs=1"], runs_dir=runs, tracking=False)


INPUTS = np.arange(8, dtype="float32").reshape(2, 4) / 8


def _predictions(model):
    return keras.ops.convert_to_numpy(model(INPUTS))


def test_a_model_is_loaded_by_run_id_folder_and_latest(done):
    runs = done.folder.path.parent
    expected = _predictions(done.model)
    for named in (done, done.id, done.id[:-1], "latest", done.folder.path, str(done.folder.path)):
        loaded = hornbook.load(named, runs)
        np.testing.assert_array_equal(_predictions(loaded), expected)
    assert loaded.compiled and loaded.optimizer.iterations == done.model.optimizer.iterations


def _elsewhere(folder):
    """Loads a run's model in a fresh process; gives predictions, or the problem."""
    script = f"""
import json, sys
import hornbook
try:
    model = hornbook.load({str(folder)!r})
except hornbook.HornbookError as error:
    (problem,) = error.problems
    print(json.dumps([problem.code, problem.message, problem.hint, error.exit_code]))
else:
    import numpy as np
    print(json.dumps(np.asarray(model(np.arange(8, dtype="float32").reshape(2, 4) / 8)).tolist()))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_a_fresh_process_finds_the_classes_that_a_model_needs(done):
    """Also the one that is registered under no package."""
    np.testing.assert_allclose(_elsewhere(done.folder.path), _predictions(done.model), rtol=1e-6)


def test_a_plugin_that_is_missing_is_named(done, bench, tmp_path, monkeypatch):
    monkeypatch.delenv("PYTHONPATH")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    shutil.copytree(bench.path / "cache", tmp_path / "cache")
    code, message, hint, exit_code = _elsewhere(done.folder.path)
    assert (code, exit_code) == ("HB507", 3)
    assert "keras_bench>Doubling" in message and "Custom>PlainlyRegistered" in message
    assert "bench: keras-bench 1.0" in hint


def _copy(done, tmp_path):
    folder = tmp_path / done.id
    shutil.copytree(done.folder.path, folder)
    return folder


def _problem(folder):
    with pytest.raises(hornbook.HornbookError) as raised:
        hornbook.load(folder)
    return raised.value.problems[0]


def test_a_run_without_a_model(done, tmp_path):
    folder = _copy(done, tmp_path)
    (folder / "artifacts" / "model.keras").unlink()
    assert _problem(folder).code == "HB504"


@pytest.mark.parametrize("damage", [b"", b"not a zip", b"PK\x03\x04 torn"])
def test_a_file_that_is_no_model(done, tmp_path, damage):
    folder = _copy(done, tmp_path)
    (folder / "artifacts" / "model.keras").write_bytes(damage)
    assert _problem(folder).code == "HB505"


def test_a_model_that_cannot_be_read(done, tmp_path):
    folder = _copy(done, tmp_path)
    file = folder / "artifacts" / "model.keras"
    with zipfile.ZipFile(file) as archive:
        config = archive.read("config.json")
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("config.json", config)
    problem = _problem(folder)
    assert problem.code == "HB506"
    assert "\n" not in problem.message
