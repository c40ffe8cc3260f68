"""What layers do at the edges: large numbers, half precision, frozen parts, shapes that change on the way."""

import keras
import numpy as np
import pytest

import hornbook

COMBINATORS = {
    "chain": {"layers": [{"use": "dense", "units": 3}, "batch_normalization"]},
    "parallel": {"branches": [{"use": "dense", "units": 3}, {"use": "dense", "units": 2}]},
    "repeat": {"layers": [{"use": "dense", "units": 3}], "times": 2},
    "residual": {"layers": [{"use": "dense", "units": 4}]},
    "self_attention": {"num_heads": 2, "key_dim": 2},
}


def numbers(tensor):
    return np.asarray(keras.ops.convert_to_numpy(keras.ops.cast(tensor, "float32")))


@pytest.mark.parametrize(("name", "parameters"), COMBINATORS.items(), ids=str)
def test_a_frozen_layer_has_frozen_parts(name, parameters):
    layer = hornbook.get("layer", name, trainable=False, **parameters)
    model = keras.Sequential([keras.Input((5, 4)), layer])
    assert model.weights and not model.trainable_variables
    model.compile("sgd", "mse")
    before = [numbers(weight) for weight in model.weights]
    inputs = np.random.default_rng(0).normal(size=(6, 5, 4)).astype("float32")
    model.fit(inputs, np.zeros((6, *model.output_shape[1:])), verbose=0)
    for weight, was in zip(model.weights, before, strict=True):
        np.testing.assert_array_equal(numbers(weight), was)


def test_a_repetition_that_widens_is_saved_and_loaded(tmp_path):
    block = [
        {
            "use": "parallel",
            "branches": [[{"use": "conv2d", "filters": 3, "kernel_size": 3, "padding": "same"}], []],
        }
    ]
    towers = [
        block,
        [{"use": "bidirectional", "layer": {"use": "lstm", "units": 3, "return_sequences": True}}],
    ]
    for layers, shape in zip(towers, [(6, 6, 4), (5, 4)], strict=True):
        model = keras.Sequential(
            [keras.Input(shape), hornbook.get("layer", "repeat", layers=layers, times=3)]
        )
        inputs = np.random.default_rng(0).normal(size=(2, *shape)).astype("float32")
        model.save(tmp_path / "model.keras")
        again = keras.models.load_model(tmp_path / "model.keras")
        np.testing.assert_allclose(
            again.predict(inputs, verbose=0), model.predict(inputs, verbose=0), rtol=1e-5
        )


@pytest.mark.parametrize("pixels", [[187.53125, 187.5625], [255.96875, 256.03125]])
def test_instance_normalization_of_large_numbers_that_differ_little(pixels):
    inputs = np.array(pixels, "float32").reshape(1, 2, 1)
    half = (pixels[1] - pixels[0]) / 2
    expected = half / np.sqrt(half**2 + 1e-5)
    found = numbers(hornbook.get("layer", "instance_normalization")(inputs)).ravel()
    np.testing.assert_allclose(found, [-expected, expected], rtol=1e-3)


@pytest.mark.parametrize(
    ("inputs", "dtype", "expected"),
    [
        ([8.0] * 100, "bfloat16", [0.01] * 100),
        ([256.0, 256.0], "bfloat16", [0.5, 0.5]),
        ([2.0**24, 2.0**24], "float32", [0.5, 0.5]),
        ([-np.inf, 1.0, 2.0], "float32", [0.0, 0.0, 1.0]),
        ([1000.0, 999.5], "float16", [0.75, 0.25]),
    ],
)
def test_sparsemax_is_a_projection_whatever_comes_in(inputs, dtype, expected):
    sparsemax = hornbook.get("activation", "sparsemax")
    given = keras.ops.convert_to_tensor(inputs, dtype=dtype)
    found = sparsemax(given)
    assert keras.backend.standardize_dtype(found.dtype) == dtype
    np.testing.assert_allclose(numbers(found), expected, rtol=1e-2, atol=1e-6)


def test_squareplus_of_large_halves():
    layer = hornbook.get("layer", "squareplus", dtype="float16")
    found = numbers(layer(np.array([300.0, -300.0, 0.0], "float16")))
    np.testing.assert_allclose(found, [300.0, 0.0033, 1.0], rtol=1e-2, atol=2e-3)


def test_a_gate_passes_the_mask_on_and_refuses_what_it_cannot_halve():
    words = np.array([[3, 4, 0, 0], [5, 0, 0, 0]], "int32")
    embedding = keras.layers.Embedding(9, 6, mask_zero=True)
    gated = hornbook.get("layer", "glu")(embedding(words))
    np.testing.assert_array_equal(numbers(gated._keras_mask), words > 0)
    with pytest.raises(ValueError, match="odd"):
        hornbook.get("layer", "glu")(np.ones((2, 7), "float32"))


def test_token_numbers_reach_an_embedding_within_a_chain_whole():
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy("bfloat16")
    try:
        chain = hornbook.get(
            "layer", "chain", layers=[{"use": "embedding", "input_dim": 1000, "output_dim": 4}]
        )
        model = hornbook.get("model", "sequential", layers=[chain], input_shape=[5])
        rows = numbers(chain.layers[0].embeddings)
        found = numbers(model(np.full((1, 5), 257.0, "float32")))
    finally:
        keras.config.set_dtype_policy(policy)
    np.testing.assert_array_equal(found[0, 0], rows[257])
