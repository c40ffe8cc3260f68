"""Maxout against the paper's formula, written with numpy."""

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hornbook


def maxout(**parameters):
    return hornbook.get(
        "layer", "maxout", bias_initializer={"use": "random_normal", "stddev": 1.0}, **parameters
    )


@settings(max_examples=10, deadline=None)
@given(
    st.integers(1, 5),
    st.integers(1, 4),
    st.lists(st.integers(1, 3), min_size=1, max_size=3),
    st.integers(1, 6),
)
def test_each_unit_is_the_greatest_of_its_pieces(units, pieces, leading, features):
    inputs = np.random.default_rng(features).normal(size=(*leading, features)).astype("float32")
    layer = maxout(units=units, pieces=pieces)
    outputs = keras.ops.convert_to_numpy(layer(inputs))
    kernel, bias = (keras.ops.convert_to_numpy(weight) for weight in layer.weights)
    for unit in range(units):
        maps = [
            inputs @ kernel[:, unit * pieces + piece] + bias[unit * pieces + piece] for piece in range(pieces)
        ]
        np.testing.assert_allclose(outputs[..., unit], np.max(maps, axis=0), rtol=1e-4, atol=1e-5)
    assert layer.compute_output_shape(inputs.shape) == outputs.shape


def test_two_pieces_can_learn_the_absolute_value():
    layer = hornbook.get("layer", "maxout", units=1)
    layer.build((None, 1))
    layer.set_weights([np.array([[1.0, -1.0]]), np.zeros(2)])
    assert keras.ops.convert_to_numpy(layer(np.array([[-3.0], [2.0]], "float32"))).ravel().tolist() == [
        3.0,
        2.0,
    ]


def test_penalties_and_constraints_reach_the_weights():
    layer = maxout(units=2, kernel_regularizer={"use": "l2", "l2": 0.5}, kernel_constraint="unit_norm")
    layer.build((None, 3))
    kernel = keras.ops.convert_to_numpy(layer.kernel)
    assert float(sum(layer.losses)) == pytest.approx(0.5 * (kernel**2).sum(), rel=1e-5)
    norms = np.linalg.norm(keras.ops.convert_to_numpy(layer.kernel_constraint(layer.kernel.value)), axis=0)
    np.testing.assert_allclose(norms, 1, rtol=1e-4)


def test_without_biases_there_are_none():
    layer = hornbook.get("layer", "maxout", units=3, pieces=4, use_bias=False)
    layer.build((None, 5))
    assert layer.count_params() == 5 * 3 * 4


@pytest.mark.parametrize("wrong", [{"units": 0}, {"units": 2, "pieces": 0}])
def test_too_few_units_or_pieces_are_refused(wrong):
    with pytest.raises(Exception, match="at least 1"):
        hornbook.get("layer", "maxout", **wrong)
