"""The table of optimizers: every one builds under all of its names, trains, and refuses nonsense."""

from typing import Any

import keras
import numpy as np
import pytest

import hornbook
from hornbook import HornbookError

OPTIMIZERS = [entry for entry in hornbook.components("optimizer") if entry.plugin == "optimizers"]
NEEDED = {"loss_scale": {"inner_optimizer": "sgd"}}


@pytest.mark.parametrize("entry", OPTIMIZERS, ids=lambda entry: entry.name)
def test_builds_under_each_name(entry: Any) -> None:
    needed = NEEDED.get(entry.name, {})
    names = (entry.full_name, entry.name, *entry.component.aliases)
    made = [hornbook.get("optimizer", name, **needed) for name in names]
    assert all(isinstance(optimizer, keras.optimizers.Optimizer) for optimizer in made)
    assert len({type(optimizer) for optimizer in made}) == 1
    again = type(made[0]).from_config(made[0].get_config())
    assert again.get_config() == made[0].get_config()


@pytest.mark.parametrize("name", [entry.name for entry in OPTIMIZERS if entry.name not in NEEDED])
def test_goes_downhill(name: str) -> None:
    rng = np.random.default_rng(3)
    variable = keras.Variable(rng.normal(size=(3, 4)), dtype="float32")
    before = float(keras.ops.sum(variable**2))
    optimizer = hornbook.get("optimizer", name)
    optimizer.build([variable])
    for _ in range(3):
        optimizer.apply([2 * keras.ops.convert_to_tensor(variable)])
    assert float(keras.ops.sum(variable**2)) < before


def test_the_three_of_sgd_differ_in_their_presets_alone() -> None:
    configs = {name: hornbook.get("optimizer", name).get_config() for name in ("sgd", "momentum", "nesterov")}
    presets = {name: (config["momentum"], config["nesterov"]) for name, config in configs.items()}
    assert presets == {"sgd": (0.0, False), "momentum": (0.9, False), "nesterov": (0.9, True)}
    assert hornbook.get("optimizer", "momentum", momentum=0.5).momentum == 0.5


def test_takes_a_schedule_by_name() -> None:
    schedule = {"use": "exponential_decay", "initial_learning_rate": 0.2, "decay_steps": 1, "decay_rate": 0.5}
    optimizer = hornbook.get("optimizer", "adam", learning_rate=schedule)
    assert float(optimizer.learning_rate) == pytest.approx(0.2)


def test_loss_scale_steps_as_the_optimizer_that_it_wraps() -> None:
    x = np.arange(8, dtype="float32").reshape(4, 2)

    def trained(optimizer: keras.optimizers.Optimizer) -> np.ndarray:
        model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, kernel_initializer="ones")])
        model.compile(optimizer, "mse")
        model.fit(x, x[:, :1], batch_size=4, epochs=2, verbose=0)
        return keras.ops.convert_to_numpy(model.layers[0].kernel)

    inner = {"use": "sgd", "learning_rate": 0.02}
    scaled = hornbook.get("optimizer", "loss_scale", inner_optimizer=inner, initial_scale=8.0)
    assert isinstance(scaled.inner_optimizer, keras.optimizers.SGD)
    plain = hornbook.get("optimizer", "sgd", learning_rate=0.02)
    np.testing.assert_allclose(trained(scaled), trained(plain), rtol=1e-5)
    assert float(scaled.dynamic_scale) == 8.0


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("sgd", {"learning_rate": -0.1}),
        ("adam", {"beta_1": 1.5}),
        ("adamw", {"weight_decay": -1}),
        ("rmsprop", {"beta_1": 0.9}),
        ("loss_scale", {"learning_rate": 0.1}),
    ],
)
def test_refuses_what_makes_no_sense(name: str, wrong: dict[str, float]) -> None:
    with pytest.raises(HornbookError, match=next(iter(wrong))):
        hornbook.get("optimizer", name, **NEEDED.get(name, {}), **wrong)


def test_a_saved_model_loads_with_schedule_free(tmp_path: Any) -> None:
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile(hornbook.get("optimizer", "schedule_free_adamw", warmup_steps=7), "mse")
    model.optimizer.build(model.trainable_variables)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    assert type(loaded.optimizer) is type(model.optimizer)
    assert loaded.optimizer.warmup_steps == 7
    for saved, again in zip(model.optimizer.variables, loaded.optimizer.variables, strict=True):
        np.testing.assert_array_equal(*map(keras.ops.convert_to_numpy, (saved, again)))
