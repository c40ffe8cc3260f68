"""Initializers, regularizers and constraints against the papers' formulas."""

import keras
import numpy as np
import pytest

import hornbook

FAN_IN, FAN_OUT = 400, 200


def numpy(tensor):
    return keras.ops.convert_to_numpy(tensor)


@pytest.mark.parametrize(
    ("name", "variance", "uniform"),
    [
        ("xavier", 2 / (FAN_IN + FAN_OUT), True),  # Glorot & Bengio 2010, equations 12 and 16
        ("xavier_normal", 2 / (FAN_IN + FAN_OUT), False),
        ("he", 2 / FAN_IN, False),  # He et al. 2015, equation 10
        ("he_uniform", 2 / FAN_IN, True),
        ("lecun_normal", 1 / FAN_IN, False),  # LeCun et al. 1998, "Efficient BackProp", equation 16
        ("lecun_uniform", 1 / FAN_IN, True),
    ],
)
def test_initial_weights_have_the_papers_variance(name, variance, uniform):
    weights = numpy(hornbook.get("initializer", name, seed=7)((FAN_IN, FAN_OUT)))
    assert abs(weights.mean()) < 0.02 * np.sqrt(variance)
    assert weights.var() == pytest.approx(variance, rel=0.03)
    bound = np.sqrt(3 * variance)
    assert (np.abs(weights).max() <= bound * 1.0001) == uniform


def test_orthogonal_weights_are_orthogonal():
    weights = numpy(hornbook.get("initializer", "orthogonal", seed=7)((6, 4)))
    np.testing.assert_allclose(weights.T @ weights, np.eye(4), atol=1e-5)


@pytest.mark.parametrize(
    ("name", "parameters", "formula"),
    [
        ("l1", {"l1": 0.1}, lambda w: 0.1 * np.abs(w).sum()),
        ("l2", {"l2": 0.1}, lambda w: 0.1 * (w**2).sum()),
        ("l1_l2", {"l1": 0.1, "l2": 0.2}, lambda w: 0.1 * np.abs(w).sum() + 0.2 * (w**2).sum()),
    ],
)
def test_penalty_follows_its_formula(name, parameters, formula):
    weights = np.random.default_rng(0).normal(size=(5, 3)).astype("float32")
    penalty = hornbook.get("regularizer", name, **parameters)(keras.ops.convert_to_tensor(weights))
    assert float(penalty) == pytest.approx(formula(weights), rel=1e-5)


def test_constraints_hold_weights_in_bounds():
    weights = keras.ops.convert_to_tensor(np.random.default_rng(0).normal(size=(5, 3)).astype("float32"))

    def norms(name, **parameters):
        return np.linalg.norm(numpy(hornbook.get("constraint", name, **parameters)(weights)), axis=0)

    before = np.linalg.norm(numpy(weights), axis=0)
    np.testing.assert_allclose(norms("max_norm", max_value=1.5), np.minimum(before, 1.5), rtol=1e-4)
    np.testing.assert_allclose(norms("unit_norm"), 1, rtol=1e-4)
    np.testing.assert_allclose(
        norms("min_max_norm", min_value=2.0, max_value=2.2), before.clip(2.0, 2.2), rtol=1e-4
    )
    assert numpy(hornbook.get("constraint", "non_neg")(weights)).min() == 0
