"""Steps of the primer's optimizers on a bowl, against the papers' update rules in numpy."""

from collections.abc import Callable, Iterator
from typing import Any

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hornbook

START = np.array([1.0, -2.0, 0.5, 3.0])
STEEPNESS = np.array([1.0, 0.3, 4.0, 0.05])
STEPS = 5
RATE = 0.1


def gradient(weights: np.ndarray) -> np.ndarray:
    """Of the loss `sum(STEEPNESS * weights ** 2) / 2`."""
    return STEEPNESS * weights


def walk(optimizer: keras.optimizers.Optimizer, steps: int = STEPS) -> np.ndarray:
    """Where the optimizer stands after some steps from START."""
    variable = keras.Variable(START, dtype="float32")
    optimizer.build([variable])
    for _ in range(steps):
        slope = gradient(keras.ops.convert_to_numpy(variable))
        optimizer.apply([keras.ops.convert_to_tensor(slope, dtype="float32")])
    return keras.ops.convert_to_numpy(variable)


def sgd() -> Iterator[np.ndarray]:
    w = START
    while True:
        w = w - RATE * gradient(w)
        yield w


def momentum() -> Iterator[np.ndarray]:
    """Polyak 1964: the step is a decaying sum of steps."""
    w, v = START, 0.0
    while True:
        v = 0.9 * v - RATE * gradient(w)
        w = w + v
        yield w


def nesterov() -> Iterator[np.ndarray]:
    """Sutskever et al. 2013, equations 3 and 4. Keras holds the point where the gradient is taken."""
    w, v = START, 0.0
    while True:
        v = 0.9 * v - RATE * gradient(w + 0.9 * v)
        w = w + v
        yield w + 0.9 * v


def adagrad() -> Iterator[np.ndarray]:
    """Duchi et al. 2011; Keras starts the sum at 0.1."""
    w, total = START, 0.1
    while True:
        total = total + gradient(w) ** 2
        w = w - RATE * gradient(w) / np.sqrt(total + 1e-7)
        yield w


def adadelta() -> Iterator[np.ndarray]:
    """Zeiler 2012, algorithm 1."""
    w, of_gradients, of_steps = START, 0.0, 0.0
    while True:
        of_gradients = 0.95 * of_gradients + 0.05 * gradient(w) ** 2
        step = -np.sqrt(of_steps + 1e-7) / np.sqrt(of_gradients + 1e-7) * gradient(w)
        of_steps = 0.95 * of_steps + 0.05 * step**2
        w = w + RATE * step
        yield w


def rmsprop() -> Iterator[np.ndarray]:
    """Hinton 2012."""
    w, mean = START, 0.0
    while True:
        mean = 0.9 * mean + 0.1 * gradient(w) ** 2
        w = w - RATE * gradient(w) / np.sqrt(mean + 1e-7)
        yield w


def adam(decay: float = 0.0) -> Iterator[np.ndarray]:
    """Kingma & Ba 2015, the form before section 2.1, in which epsilon is added before the correction."""
    w, m, v, t = START, 0.0, 0.0, 0
    while True:
        t += 1
        g = gradient(w)
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
        rate = RATE * np.sqrt(1 - 0.999**t) / (1 - 0.9**t)
        w = w - RATE * decay * w - rate * m / (np.sqrt(v) + 1e-7)
        yield w


def adamw() -> Iterator[np.ndarray]:
    """Loshchilov & Hutter 2019, algorithm 2, with the decay times the learning rate as is usual."""
    return adam(decay=0.004)


def adamax() -> Iterator[np.ndarray]:
    """Kingma & Ba 2015, algorithm 2."""
    w, m, u, t = START, 0.0, 0.0, 0
    while True:
        t += 1
        m, u = 0.9 * m + 0.1 * gradient(w), np.maximum(0.999 * u, np.abs(gradient(w)))
        w = w - RATE / (1 - 0.9**t) * m / (u + 1e-7)
        yield w


def lion() -> Iterator[np.ndarray]:
    """Chen et al. 2023, algorithm 2."""
    w, m = START, 0.0
    while True:
        g = gradient(w)
        w = w - RATE * np.sign(0.9 * m + 0.1 * g)
        m = 0.99 * m + 0.01 * g
        yield w


def schedule_free_adamw() -> Iterator[np.ndarray]:
    """Defazio et al. 2024: z steps, x is the mean of z, y lies between and has the gradient."""
    x = z = y = START
    v, t = 0.0, 0
    while True:
        t += 1
        g = gradient(y)
        v = 0.999 * v + 0.001 * g**2
        z = z - RATE * g / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
        x = (1 - 1 / t) * x + z / t
        y = 0.1 * z + 0.9 * x
        yield y


RULES: list[Callable[[], Iterator[np.ndarray]]] = [
    sgd,
    momentum,
    nesterov,
    adagrad,
    adadelta,
    rmsprop,
    adam,
    adamw,
    adamax,
    lion,
    schedule_free_adamw,
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_steps_as_the_paper_says(rule: Callable[[], Iterator[np.ndarray]]) -> None:
    points = rule()
    expected = [next(points) for _ in range(STEPS)]
    one = walk(hornbook.get("optimizer", rule.__name__, learning_rate=RATE), steps=1)
    np.testing.assert_allclose(one, expected[0], rtol=1e-5)
    several = walk(hornbook.get("optimizer", rule.__name__, learning_rate=RATE))
    np.testing.assert_allclose(several, expected[-1], rtol=2e-5, atol=1e-5)
    assert not np.allclose(expected[0], START)


def test_adadelta_needs_no_rate_of_its_own() -> None:
    """With the paper's rate of 1, units cancel: a loss scaled by a constant gives the same steps."""

    def step(scale: float) -> np.ndarray:
        variable = keras.Variable(START, dtype="float32")
        optimizer = hornbook.get("optimizer", "adadelta", learning_rate=1.0, epsilon=1e-20)
        optimizer.build([variable])
        optimizer.apply([keras.ops.convert_to_tensor(scale * gradient(START), dtype="float32")])
        return keras.ops.convert_to_numpy(variable) - START

    np.testing.assert_allclose(step(1.0), step(100.0), rtol=1e-4)


def test_schedule_free_weighs_its_mean_by_the_square_of_the_rate_and_has_z_decay() -> None:
    """Defazio et al. 2024, algorithm 1, with a warm-up over four steps and decoupled weight decay."""
    x = z = y = START
    v = squares = 0.0
    for t in range(1, STEPS + 1):
        share = min(t / 4, 1)
        squares += share**2
        g = gradient(y)
        v = 0.999 * v + 0.001 * g**2
        z = z - share * RATE * (g / (np.sqrt(v / (1 - 0.999**t)) + 1e-8) + 0.1 * y)
        x = (1 - share**2 / squares) * x + share**2 / squares * z
        y = 0.1 * z + 0.9 * x
    found = walk(
        hornbook.get("optimizer", "schedule_free", learning_rate=RATE, warmup_steps=4, weight_decay=0.1)
    )
    np.testing.assert_allclose(found, y, rtol=2e-5, atol=1e-5)


def test_schedule_free_trains_an_embedding() -> None:
    """Of an embedding TensorFlow gives the gradient of those rows alone that were looked up."""
    model = keras.Sequential(
        [keras.Input((3,), dtype="int32"), keras.layers.Embedding(5, 2), keras.layers.Flatten()]
    )
    model.compile(hornbook.get("optimizer", "schedule_free", learning_rate=0.1), "mse")
    before = model.get_weights()[0]
    model.train_on_batch(np.array([[1, 1, 3]], "int32"), np.ones((1, 6), "float32"))
    moved = np.abs(model.get_weights()[0] - before).max(-1) > 1e-6
    assert moved.tolist() == [False, True, False, True, False]


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_schedule_free_moves_half_floats(dtype: str) -> None:
    variable = keras.Variable(np.ones(3), dtype=dtype)
    optimizer = hornbook.get("optimizer", "schedule_free", learning_rate=0.1)
    optimizer.build([variable])
    optimizer.apply([keras.ops.convert_to_tensor([1.0, 0.0, -1.0], dtype=dtype)])
    moved = keras.ops.convert_to_numpy(keras.ops.cast(variable, "float32"))
    np.testing.assert_allclose(moved, [0.9, 1.0, 1.1], atol=0.01)


@pytest.mark.parametrize("betas", [{"beta_1": 0.0}, {"beta_2": 1.0}, {"beta_1": 1.5}])
def test_schedule_free_refuses_what_would_divide_by_zero(betas: dict[str, float]) -> None:
    with pytest.raises(Exception, match="beta_1"):
        hornbook.get("optimizer", "schedule_free", **betas)


def test_schedule_free_warms_up() -> None:
    """At the first of four warm-up steps the rate is a quarter."""
    slow = walk(hornbook.get("optimizer", "schedule_free", learning_rate=RATE, warmup_steps=4), steps=1)
    np.testing.assert_allclose(slow - START, -RATE / 4 * np.sign(START), rtol=1e-4)


@settings(max_examples=15, deadline=None)
@given(scale=st.floats(1e-2, 1e4), name=st.sampled_from(["adam", "adamax", "lion"]))
def test_first_step_has_the_size_of_the_rate_whatever_the_gradient(scale: float, name: str) -> None:
    variable = keras.Variable(START, dtype="float32")
    optimizer: Any = hornbook.get("optimizer", name, learning_rate=RATE)
    optimizer.build([variable])
    optimizer.apply([keras.ops.convert_to_tensor(scale * gradient(START), dtype="float32")])
    step = keras.ops.convert_to_numpy(variable) - START
    np.testing.assert_allclose(step, -RATE * np.sign(START), rtol=1e-2)
