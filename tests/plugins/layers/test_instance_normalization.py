"""Instance normalization against means and variances by numpy."""

import keras
import numpy as np
import pytest

import hornbook


def numpy(tensor):
    return keras.ops.convert_to_numpy(tensor)


@pytest.mark.parametrize(
    ("shape", "axis", "positions"),
    [
        ((2, 7, 3), -1, (1,)),
        ((2, 5, 6, 3), -1, (1, 2)),
        ((2, 3, 5, 6), 1, (2, 3)),
        ((2, 4, 3, 5, 2), -1, (1, 2, 3)),
        ((2, 4, 3, 5, 2), 2, (1, 3, 4)),
    ],
)
def test_each_channel_of_each_example_is_normalized(shape, axis, positions):
    inputs = np.random.default_rng(0).normal(3, 2, shape).astype("float32")
    layer = hornbook.get("layer", "instance_normalization", axis=axis, epsilon=1e-3)
    layer.build(shape)
    channels = shape[axis]
    gamma, beta = np.linspace(0.5, 2, channels), np.linspace(-1, 1, channels)
    layer.set_weights([gamma, beta])
    mean, variance = inputs.mean(positions, keepdims=True), inputs.var(positions, keepdims=True)
    along = [channels if number == axis % len(shape) else 1 for number in range(len(shape))]
    expected = (inputs - mean) / np.sqrt(variance + 1e-3) * gamma.reshape(along) + beta.reshape(along)
    np.testing.assert_allclose(numpy(layer(inputs)), expected, rtol=1e-3, atol=1e-4)


def test_examples_do_not_touch_each_other():
    inputs = np.random.default_rng(0).normal(size=(4, 6, 6, 2)).astype("float32")
    layer = hornbook.get("layer", "instance_normalization")
    together = numpy(layer(inputs))
    alone = np.concatenate([numpy(layer(inputs[number : number + 1])) for number in range(4)])
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_half_precision_does_not_overflow():
    inputs = (np.random.default_rng(0).normal(0, 1, (1, 8, 8, 2)) * 1000).astype("float16")
    outputs = numpy(hornbook.get("layer", "instance_normalization", dtype="float16")(inputs))
    assert outputs.dtype == np.float16
    np.testing.assert_allclose(outputs.std((1, 2)), 1, rtol=1e-2)


def test_without_scale_and_center_there_are_no_weights():
    layer = hornbook.get("layer", "instance_normalization", scale=False, center=False)
    layer.build((None, 8, 8, 4))
    assert not layer.weights


@pytest.mark.parametrize(
    ("shape", "axis"), [((None, 4), -1), ((None, 8, 4), 0), ((None, 8, 4), 3), ((None, 8, None), -1)]
)
def test_shapes_without_positions_or_channels_are_refused(shape, axis):
    with pytest.raises(ValueError, match=r"axes|channels|known size"):
        hornbook.get("layer", "instance_normalization", axis=axis).build(shape)
