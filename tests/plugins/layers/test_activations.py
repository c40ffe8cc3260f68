"""Activations against their formulas, written with numpy."""

import math

import keras
import numpy as np
import pytest

import hornbook

INPUTS = np.concatenate([np.linspace(-6, 6, 50), [-1.0, 0.0, 1.0]]).astype("float32")


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def normal_cdf(x):
    return np.array([0.5 * (1 + math.erf(one / math.sqrt(2))) for one in x])


def softmax(x):
    shifted = np.exp(x - x.max())
    return shifted / shifted.sum()


def sparsemax(x):
    """The Euclidean projection onto the simplex: Martins and Astudillo 2016, algorithm 1."""
    ordered = np.sort(x)[::-1]
    sums = np.cumsum(ordered)
    support = np.nonzero(1 + np.arange(1, len(x) + 1) * ordered > sums)[0][-1] + 1
    return np.maximum(x - (sums[support - 1] - 1) / support, 0)


ALPHA, SCALE = 1.6732632423543772, 1.0507009873554805  # Klambauer et al. 2017, equation 14

FORMULAS = {
    "celu": lambda x: np.maximum(x, 0) + np.minimum(np.expm1(x), 0),
    "elu": lambda x: np.where(x > 0, x, np.expm1(x)),
    "exponential": np.exp,
    "gelu": lambda x: x * normal_cdf(x),
    "hard_shrink": lambda x: np.where(np.abs(x) > 0.5, x, 0),
    "hard_sigmoid": lambda x: np.clip(x / 6 + 0.5, 0, 1),
    "hard_silu": lambda x: x * np.clip(x / 6 + 0.5, 0, 1),
    "hard_tanh": lambda x: np.clip(x, -1, 1),
    "leaky_relu": lambda x: np.where(x > 0, x, 0.2 * x),
    "linear": lambda x: x,
    "log_sigmoid": lambda x: np.log(sigmoid(x)),
    "log_softmax": lambda x: np.log(softmax(x)),
    "mish": lambda x: x * np.tanh(np.log1p(np.exp(x))),
    "relu": lambda x: np.maximum(x, 0),
    "relu6": lambda x: np.clip(x, 0, 6),
    "selu": lambda x: SCALE * np.where(x > 0, x, ALPHA * np.expm1(x)),
    "sigmoid": sigmoid,
    "silu": lambda x: x * sigmoid(x),
    "soft_shrink": lambda x: np.sign(x) * np.maximum(np.abs(x) - 0.5, 0),
    "softmax": softmax,
    "softplus": lambda x: np.log1p(np.exp(x)),
    "softsign": lambda x: x / (1 + np.abs(x)),
    "sparse_plus": lambda x: np.where(x <= -1, 0, np.where(x < 1, (x + 1) ** 2 / 4, x)),
    "sparse_sigmoid": lambda x: np.clip((x + 1) / 2, 0, 1),
    "sparsemax": sparsemax,
    "squareplus": lambda x: (x + np.sqrt(x**2 + 4)) / 2,
    "tanh": np.tanh,
    "tanh_shrink": lambda x: x - np.tanh(x),
}


def numpy(tensor):
    return keras.ops.convert_to_numpy(tensor)


def test_every_activation_has_its_formula_here():
    assert FORMULAS.keys() == {
        entry.name for entry in hornbook.components("activation") if entry.plugin == "layers"
    }


@pytest.mark.parametrize("name", FORMULAS)
def test_activation_follows_its_formula(name):
    function = hornbook.get("activation", name)
    outputs = numpy(function(keras.ops.convert_to_tensor(INPUTS[None])))[0]
    np.testing.assert_allclose(outputs, FORMULAS[name](INPUTS.astype("float64")), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    ("name", "parameters", "formula"),
    [
        ("celu", {"alpha": 2.0}, lambda x: np.maximum(x, 0) + np.minimum(2 * np.expm1(x / 2), 0)),
        (
            "gelu",
            {"approximate": True},
            lambda x: x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3))) / 2,
        ),
        ("hard_shrink", {"threshold": 1.5}, lambda x: np.where(np.abs(x) > 1.5, x, 0)),
        ("soft_shrink", {"threshold": 1.5}, lambda x: np.sign(x) * np.maximum(np.abs(x) - 1.5, 0)),
        ("squareplus", {"b": 1.0}, lambda x: (x + np.sqrt(x**2 + 1)) / 2),
        ("threshold", {"threshold": 1.0, "default_value": -2.0}, lambda x: np.where(x > 1, x, -2)),
        ("leaky_relu", {"negative_slope": 0.1}, lambda x: np.where(x > 0, x, 0.1 * x)),
        ("elu", {"alpha": 0.5}, lambda x: np.where(x > 0, x, 0.5 * np.expm1(x))),
    ],
)
def test_activation_layer_follows_its_formula_and_keeps_its_parameters(name, parameters, formula):
    layer = hornbook.get("layer", name, **parameters)
    again = type(layer).from_config(layer.get_config())
    expected = formula(INPUTS.astype("float64"))
    for one in (layer, again):
        np.testing.assert_allclose(numpy(one(INPUTS[None]))[0], expected, rtol=1e-4, atol=1e-5)


def test_glu_gates_one_half_with_the_other():
    inputs = np.random.default_rng(0).normal(size=(3, 5, 8)).astype("float32")
    layer = hornbook.get("layer", "glu")
    np.testing.assert_allclose(
        numpy(layer(inputs)), inputs[..., :4] * sigmoid(inputs[..., 4:]), rtol=1e-4, atol=1e-6
    )
    assert layer.compute_output_shape((None, 5, 8)) == (None, 5, 4)
    with pytest.raises(ValueError, match="odd"):
        layer.compute_output_shape((None, 7))


def test_celu_refuses_an_alpha_of_zero():
    with pytest.raises(Exception, match="alpha"):
        hornbook.get("layer", "celu", alpha=0.0)


def test_sparsemax_adds_up_to_one_along_any_axis():
    inputs = np.random.default_rng(0).normal(size=(4, 5, 3)).astype("float32")
    function = hornbook.get("activation", "sparsemax")
    for axis in (0, 1, -1):
        outputs = numpy(function(keras.ops.convert_to_tensor(inputs), axis=axis))
        np.testing.assert_allclose(
            outputs, np.apply_along_axis(sparsemax, axis, inputs), rtol=1e-4, atol=1e-5
        )
        np.testing.assert_allclose(outputs.sum(axis), 1, rtol=1e-5)
