"""Models with the layers of this package save, and load in a process that has never seen them."""

import subprocess
import sys

import keras
import numpy as np
import pytest

import hornbook

IMAGES = np.random.default_rng(0).normal(size=(3, 8, 8, 4)).astype("float32")
CONV = {"use": "conv2d", "filters": 4, "kernel_size": 3, "padding": "same"}
NORM = "batch_normalization"

LAYERS = {
    "celu": {"alpha": 2.0},
    "chain": {"layers": [CONV, NORM]},
    "gelu": {"approximate": True},
    "glu": {"axis": 1},
    "hard_shrink": {"threshold": 0.1},
    "instance_normalization": {"axis": 2, "gamma_initializer": "random_normal"},
    "maxout": {"units": 3, "pieces": 3, "kernel_constraint": "max_norm"},
    "parallel": {"branches": [CONV, [CONV, "relu", CONV], []], "merge": "concat", "axis": 1},
    "repeat": {"layers": [{"use": "residual", "layers": [CONV, NORM, "relu", CONV]}], "times": 3},
    "residual": {"layers": [{**CONV, "filters": 6}], "shortcut": [{**CONV, "filters": 6}, NORM]},
    "self_attention": {"num_heads": 2, "key_dim": 3, "causal": True},
    "soft_shrink": {"threshold": 0.1},
    "squareplus": {"b": 1.0},
    "threshold": {"threshold": 0.1, "default_value": -1.0},
}
SAVED = {**LAYERS, "activation": {"activation": "sparsemax"}}

LOADING = """
import sys
from pathlib import Path
import numpy as np
import keras
import hornbook
for entry in hornbook.components():
    if entry.component.target.startswith("hornbook_layers."):
        __import__(entry.component.target.partition(":")[0])
folder = Path(sys.argv[1])
inputs = np.load(folder / "inputs.npz")
outputs = {
    path.stem: keras.models.load_model(path).predict(inputs[path.stem], verbose=0)
    for path in folder.glob("*.keras")
}
np.savez(folder / "outputs.npz", **outputs)
"""


def test_every_layer_of_the_package_is_saved_here():
    targets = {entry.name: entry.component.target for entry in hornbook.components("layer")}
    assert LAYERS.keys() == {
        name for name, target in targets.items() if target.startswith("hornbook_layers.")
    }


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    """What each model predicts before it is saved, and what it predicts in another process."""
    folder = tmp_path_factory.mktemp("saved")
    before, inputs = {}, {}
    for name, parameters in SAVED.items():
        inputs[name] = IMAGES.reshape(3, 64, 4) if name == "self_attention" else IMAGES
        model = keras.Sequential(
            [keras.Input(inputs[name].shape[1:]), hornbook.get("layer", name, **parameters)]
        )
        model.compile("sgd", "mse")
        model.fit(inputs[name], np.zeros_like(model.predict(inputs[name], verbose=0)), verbose=0)
        before[name] = model.predict(inputs[name], verbose=0)
        model.save(folder / f"{name}.keras")
    np.savez(folder / "inputs.npz", **inputs)
    subprocess.run([sys.executable, "-c", LOADING, str(folder)], check=True, timeout=120)
    return before, np.load(folder / "outputs.npz")


@pytest.mark.parametrize("name", SAVED)
def test_a_loaded_model_predicts_the_same(name, loaded):
    before, after = loaded
    np.testing.assert_allclose(after[name], before[name], rtol=1e-5, atol=1e-6)
