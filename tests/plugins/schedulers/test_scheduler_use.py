"""Schedules in use: declared whole, serialized, traced, and driving an optimizer."""

import keras
import numpy as np
import pytest

import hornbook

REFUSED = (ValueError, hornbook.HornbookError)

EXAMPLES = {
    "constant": {"value": 0.1},
    "cosine_annealing": {"initial_learning_rate": 0.1, "total_steps": 20, "cycles": 2, "t_mul": 1.5},
    "cosine_decay": {"initial_learning_rate": 0.1, "decay_steps": 20},
    "cosine_decay_restarts": {"initial_learning_rate": 0.1, "first_decay_steps": 5},
    "exponential_decay": {"initial_learning_rate": 0.1, "decay_steps": 5, "decay_rate": 0.5},
    "inverse_time_decay": {"initial_learning_rate": 0.1, "decay_steps": 5, "decay_rate": 0.5},
    "one_cycle": {"max_learning_rate": 0.1, "total_steps": 20, "anneal": "cosine"},
    "piecewise_constant_decay": {"boundaries": [3, 6], "values": [0.1, 0.05, 0.01]},
    "polynomial_decay": {"initial_learning_rate": 0.1, "decay_steps": 20},
    "step_decay": {"initial_learning_rate": 0.1, "decay_steps": 5},
    "warmup": {
        "schedule": {"use": "one_cycle", "max_learning_rate": 0.1, "total_steps": 20},
        "warmup_steps": 4,
    },
}

EACH = pytest.mark.parametrize(("name", "parameters"), EXAMPLES.items(), ids=list(EXAMPLES))


def made(name, parameters):
    return hornbook.get("scheduler", name, **parameters)


def values(schedule, steps=range(25)) -> list[float]:
    return [float(keras.ops.convert_to_numpy(schedule(step))) for step in steps]


def test_there_is_an_example_of_every_scheduler():
    official = {entry.name for entry in hornbook.components("scheduler") if entry.plugin == "schedulers"}
    assert official == set(EXAMPLES)


def test_every_schedule_of_keras_is_there():
    names = {entry.name for entry in hornbook.components("scheduler")}
    module = keras.optimizers.schedules
    classes = [getattr(module, name) for name in dir(module) if not name.startswith("_")]
    schedules = {
        one.__name__ for one in classes if isinstance(one, type) and one is not module.LearningRateSchedule
    }
    assert len(schedules) >= 6
    for name in schedules:
        snake = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")
        assert snake in names


@EACH
def test_serialization_gives_an_equal_schedule(name, parameters):
    schedule = made(name, parameters)
    again = keras.optimizers.schedules.deserialize(keras.optimizers.schedules.serialize(schedule))
    assert type(again) is type(schedule)
    assert again.get_config() == schedule.get_config()
    assert values(again) == values(schedule)


@EACH
def test_an_optimizer_saves_and_loads_it(name, parameters):
    optimizer = keras.optimizers.SGD(learning_rate=made(name, parameters))
    again = keras.optimizers.deserialize(keras.optimizers.serialize(optimizer))
    assert values(again._learning_rate) == values(optimizer._learning_rate)


@EACH
def test_the_kind_of_number_that_counts_steps_does_not_matter(name, parameters):
    schedule = made(name, parameters)
    expected = values(schedule, [7])[0]
    for step in (7, 7.0, np.int64(7), keras.ops.convert_to_tensor(7), keras.ops.convert_to_tensor(7.0)):
        assert float(keras.ops.convert_to_numpy(schedule(step))) == pytest.approx(expected, rel=1e-6)


@EACH
def test_tracing_changes_no_value(name, parameters):
    schedule = made(name, parameters)
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        traced = tf.function(schedule)
    elif keras.backend.backend() == "jax":
        import jax

        traced = jax.jit(schedule)
    else:
        traced = schedule
    steps = [keras.ops.convert_to_tensor(step, dtype="int32") for step in (0, 3, 12, 19, 24)]
    np.testing.assert_allclose(values(traced, steps), values(schedule, steps), rtol=1e-5, atol=1e-9)


def test_training_takes_the_steps_that_the_schedule_says():
    schedule = made("warmup", EXAMPLES["warmup"])
    model = keras.Sequential([keras.layers.Input((1,)), keras.layers.Dense(1, use_bias=False)])
    model.layers[0].set_weights([np.array([[0.0]], "float32")])
    # The loss is the mean of the outputs on inputs of 1: its gradient is 1, so a step moves by the rate.
    model.compile(keras.optimizers.SGD(schedule), loss=lambda labels, outputs: outputs)
    weights = [0.0]
    note = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: weights.append(float(model.layers[0].get_weights()[0][0, 0]))
    )
    inputs = np.ones((4, 1), "float32")
    model.fit(inputs, inputs, batch_size=4, epochs=24, verbose=0, callbacks=[note])
    np.testing.assert_allclose(-np.diff(weights), values(schedule, range(24)), rtol=1e-3, atol=1e-7)


@pytest.mark.parametrize(
    ("name", "parameters", "argument"),
    [
        ("constant", {"value": -0.1}, "value"),
        ("constant", {"value": float("nan")}, "value"),
        ("cosine_annealing", {"initial_learning_rate": 0.0, "total_steps": 9}, "initial_learning_rate"),
        ("cosine_annealing", {"initial_learning_rate": 0.1, "total_steps": 9.5}, "total_steps"),
        ("cosine_annealing", {"initial_learning_rate": 0.1, "total_steps": 3, "cycles": 4}, "cycles"),
        ("cosine_annealing", {"initial_learning_rate": 0.1, "total_steps": 9, "t_mul": 0.0}, "t_mul"),
        (
            "cosine_annealing",
            {"initial_learning_rate": 0.1, "total_steps": 9, "min_learning_rate": 0.2},
            "min_learning_rate",
        ),
        ("one_cycle", {"max_learning_rate": 0.1, "total_steps": 0}, "total_steps"),
        ("one_cycle", {"max_learning_rate": True, "total_steps": 9}, "max_learning_rate"),
        ("one_cycle", {"max_learning_rate": 0.1, "total_steps": 9, "anneal": "square"}, "anneal"),
        ("one_cycle", {"max_learning_rate": 0.1, "total_steps": 9, "rise": 0.8, "annihilation": 0.3}, "rise"),
        ("one_cycle", {"max_learning_rate": 0.1, "total_steps": 9, "div_factor": 0.5}, "div_factor"),
        ("warmup", {"schedule": 0.1, "warmup_steps": 0}, "warmup_steps"),
        ("warmup", {"schedule": 0.1, "warmup_steps": 5, "start_factor": 1.5}, "start_factor"),
        ("warmup", {"schedule": [0.1], "warmup_steps": 5}, "schedule"),
    ],
)
def test_a_wrong_argument_is_refused_by_name(name, parameters, argument):
    with pytest.raises(REFUSED, match=argument):
        made(name, parameters)


def test_lengths_are_provided_by_the_run():
    provided = {entry.name: dict(entry.component.provided) for entry in hornbook.components("scheduler")}
    assert provided["one_cycle"] == {"total_steps": "training.total_steps"}
    assert provided["cosine_annealing"] == {"total_steps": "training.total_steps"}
    assert provided["cosine_decay"] == {"total_steps": "training.total_steps"}
    assert provided["polynomial_decay"] == {"decay_steps": "training.total_steps"}
    assert provided["exponential_decay"] == {"decay_steps": "training.steps_per_epoch"}
    assert provided["warmup"] == {"warmup_steps": "training.steps_per_epoch"}
    assert provided["step_decay"] == {}
