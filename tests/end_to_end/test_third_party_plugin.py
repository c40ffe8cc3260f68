"""A third party's plugin from end to end: written as its author would, installed, used, upgraded, removed."""

import json

import pytest

PLUGIN = '''
"""What keras-acme contributes."""

from pathlib import Path

from hornbook import Parameter, declare, hookimpl


@hookimpl
def hornbook_components():
    yield declare.loss(
        "focal",
        "keras_acme.losses:Focal",
        labels="one_hot",
        parameters={"gamma": Parameter(minimum=0)},
        reference="Lin et al. 2017",
        aliases=["focal_loss"],
    )
    yield declare.scheduler("noam", "keras_acme.schedules:Noam", provided={"total_steps": "training.total_steps"})
    yield declare.layer("scaled_dense", "keras_acme.layers:ScaledDense", defaults={"scale": 0.5})
    yield declare.optimizer("nesterov", "keras.optimizers:SGD", defaults={"momentum": 0.9, "nesterov": True})


@hookimpl
def hornbook_recipes():
    yield Path(__file__).parent / "acme-iris.yaml"
'''
LOSSES = '''
import keras


@keras.saving.register_keras_serializable(package="keras_acme")
class Focal(keras.losses.Loss):
    """Focal loss: what is learned already counts less.

    Args:
        gamma: How much less, at least 0.
    """

    def __init__(self, gamma: float = 2.0, name: str = "focal", **kwargs):
        super().__init__(name=name, **kwargs)
        self.gamma = gamma

    def call(self, y_true, y_pred):
        likely = keras.ops.clip(keras.ops.sum(y_true * y_pred, axis=-1), 1e-7, 1.0)
        return -keras.ops.power(1.0 - likely, self.gamma) * keras.ops.log(likely)

    def get_config(self):
        return {**super().get_config(), "gamma": self.gamma}
'''
SCHEDULES = '''
import keras


@keras.saving.register_keras_serializable(package="keras_acme")
class Noam(keras.optimizers.schedules.LearningRateSchedule):
    """Rises for a tenth of the run, then falls with the root of the step."""

    def __init__(self, peak: float, total_steps: int):
        self.peak, self.total_steps = peak, total_steps

    def __call__(self, step):
        warm = max(1.0, self.total_steps / 10)
        step = keras.ops.cast(step, "float32") + 1.0
        return self.peak * keras.ops.minimum(step / warm, keras.ops.sqrt(warm / step))

    def get_config(self):
        return {"peak": self.peak, "total_steps": self.total_steps}
'''
LAYERS = '''
import keras


@keras.saving.register_keras_serializable(package="keras_acme")
class ScaledDense(keras.layers.Dense):
    """A dense layer whose outputs are scaled."""

    def __init__(self, units: int, scale: float = 1.0, **kwargs):
        super().__init__(units, **kwargs)
        self.scale = scale

    def call(self, inputs, training=None):
        return super().call(inputs, training=training) * self.scale

    def get_config(self):
        return {**super().get_config(), "scale": self.scale}
'''
RECIPE = """\
recipe: 1
name: acme-iris
seed: 1
data: {use: iris, validation: 0.2, stratify: true}
model:
  - normalization
  - {use: scaled_dense, units: 16, activation: tanh}
  - {use: dense, units: "${data.classes}", activation: softmax}
loss: {use: focal, gamma: 1.0}
optimizer: {use: acme/nesterov, learning_rate: {use: noam, peak: 0.2}}
metrics: [accuracy]
training: {epochs: 20, batch_size: 16}
expect: {val_accuracy: {min: 0.8}}
"""
MODULES = {
    "keras_acme/__init__.py": "",
    "keras_acme/hornbook.py": PLUGIN,
    "keras_acme/losses.py": LOSSES,
    "keras_acme/schedules.py": SCHEDULES,
    "keras_acme/layers.py": LAYERS,
    "keras_acme/acme-iris.yaml": RECIPE,
}
PREDICT = """
import json, sys
import hornbook
import numpy as np

INPUTS = np.linspace(0, 8, 12, dtype="float32").reshape(3, 4)

def predictions(model):
    return np.asarray(model.predict_on_batch(INPUTS)).ravel().tolist()
"""


@pytest.fixture
def acme(site):
    site.install(
        "keras-acme",
        [("acme", "keras_acme.hornbook")],
        MODULES,
        version="2.1",
        requires=["hornbook-registry>=0.1", "keras>=3.15"],
    )
    return site


def test_a_plugin_is_used_upgraded_and_removed(acme, python):
    used = json.loads(
        python(
            PREDICT
            + """
seen = {
    "components": [entry.full_name for entry in hornbook.components() if entry.plugin == "acme"],
    "summary": {e.full_name: e.component.summary for e in hornbook.components("loss")}["acme/focal"],
    "gamma": hornbook.get("loss", "focal_loss", gamma=3.0).gamma,
    "momentum": [float(hornbook.get("optimizer", name).momentum) for name in ("nesterov", "acme/nesterov")],
    "owner": type(hornbook.get("optimizer", "nesterov")).__name__,
}
try:
    hornbook.read("acme-iris", ["loss.gamma=-1"])
except hornbook.HornbookError as error:
    seen["wrong"] = [error.problems[0].code, error.problems[0].message]
done = hornbook.run("acme-iris", tracking=False)
seen |= {
    "outcome": done.outcome,
    "error": done.error,
    "steps": done.model.optimizer._learning_rate.total_steps,
    "resolved": done.recipe.plugins["acme"],
    "folder": str(done.folder.path),
    "predictions": predictions(done.model),
}
print(json.dumps(seen))
"""
        ).splitlines()[-1]
    )
    assert set(used["components"]) == {"acme/focal", "acme/noam", "acme/nesterov", "acme/scaled_dense"}
    assert used["summary"] == "Focal loss: what is learned already counts less."
    assert used["gamma"] == 3.0
    assert used["momentum"] == pytest.approx([0.9, 0.9])
    assert used["wrong"][0] == "HB226" and "at least 0" in used["wrong"][1]
    assert (used["outcome"], used["error"]) == ("finished", "")
    assert used["steps"] == 8 * 20
    assert used["resolved"] == "keras-acme 2.1"

    # Another process, which has imported nothing of the plugin, loads the model.
    load = PREDICT + f"print(json.dumps(predictions(hornbook.load({used['folder']!r}))))"
    assert json.loads(python(load).splitlines()[-1]) == pytest.approx(used["predictions"], abs=1e-6)

    # Without the plugin both the recipe and the model say what is missing.
    frozen = f"{used['folder']}/recipe.yaml"
    acme.uninstall("keras-acme")
    script = f"""
import json
import hornbook

def refused(action):
    try:
        action()
    except hornbook.HornbookError as error:
        return [error.exit_code, str(error)]

print(json.dumps([
    refused(lambda: hornbook.read({frozen!r})), refused(lambda: hornbook.load({used["folder"]!r})),
]))
"""
    (read_code, read), (load_code, loaded) = json.loads(python(script).splitlines()[-1])
    assert (read_code, load_code) == (3, 3)
    assert "no plugin 'acme' is installed" in read
    assert "keras_acme>ScaledDense" in loaded and "keras-acme 2.1" in loaded
