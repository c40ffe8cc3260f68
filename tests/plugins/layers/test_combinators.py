"""Layers made of layers do what one would write by hand."""

import re
import warnings

import keras
import numpy as np
import pytest
import yaml

import hornbook

IMAGES = np.random.default_rng(0).normal(size=(3, 8, 8, 4)).astype("float32")
FEATURES = np.random.default_rng(1).normal(size=(5, 4)).astype("float32")


def numpy(tensor):
    return keras.ops.convert_to_numpy(tensor)


def dense(units=4, **parameters):
    return {"use": "dense", "units": units, **parameters}


def conv2d(filters=4, **parameters):
    return {"use": "conv2d", "filters": filters, "kernel_size": 3, "padding": "same", **parameters}


def by_hand(layers, inputs):
    for layer in layers:
        inputs = layer(inputs)
    return numpy(inputs)


def test_chain_applies_its_layers_in_order():
    chain = hornbook.get("layer", "chain", layers=[dense(3, activation="relu"), dense(2)])
    outputs = numpy(chain(FEATURES))
    np.testing.assert_allclose(outputs, by_hand(chain.layers, FEATURES), rtol=1e-6)
    assert chain.compute_output_shape((None, 4)) == (None, 2)


def test_chain_lets_time_distributed_take_several_layers():
    inputs = np.random.default_rng(0).normal(size=(2, 5, 8, 8, 4)).astype("float32")
    frame = {"use": "chain", "layers": [conv2d(2), "flatten", dense(3)]}
    layer = hornbook.get("layer", "time_distributed", layer=frame)
    outputs = numpy(layer(inputs))
    np.testing.assert_allclose(outputs[:, 2], numpy(layer.layer(inputs[:, 2])), rtol=1e-3, atol=1e-5)


def test_residual_adds_its_inputs():
    residual = hornbook.get("layer", "residual", layers=[conv2d(activation="relu"), conv2d()])
    outputs = numpy(residual(IMAGES))
    np.testing.assert_allclose(
        outputs, by_hand(residual.function.layers, IMAGES) + IMAGES, rtol=1e-5, atol=1e-5
    )
    assert residual.compute_output_shape((None, 8, 8, 4)) == (None, 8, 8, 4)
    assert residual.compute_output_shape((None, None, None, 4)) == (None, None, None, 4)


def test_residual_adds_its_shortcut():
    shortcut = {"use": "conv2d", "filters": 6, "kernel_size": 1, "strides": 2}
    residual = hornbook.get("layer", "residual", layers=[conv2d(6, strides=2)], shortcut=[shortcut])
    outputs = numpy(residual(IMAGES))
    expected = by_hand(residual.function.layers, IMAGES) + by_hand(residual.shortcut.layers, IMAGES)
    np.testing.assert_allclose(outputs, expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(
    ("layer", "shape", "theirs"),
    [
        (conv2d(6), (None, 8, 8, 4), "(None, 8, 8, 6)"),
        (conv2d(1), (None, 8, 8, 4), "(None, 8, 8, 1)"),
        (conv2d(6, strides=2), (None, 9, 8, 4), "(None, 5, 4, 6)"),
        (conv2d(6, strides=2), (None, None, 8, 4), "(None, None, 4, 6)"),
        ({"use": "conv1d", "filters": 6, "kernel_size": 3, "padding": "same"}, (None, 8, 4), "(None, 8, 6)"),
        (dense(3), (None, 4), "(None, 3)"),
    ],
)
def test_residual_names_both_shapes_and_a_remedy_that_works(layer, shape, theirs):
    with pytest.raises(ValueError) as caught:
        hornbook.get("layer", "residual", layers=[layer]).build(shape)
    message = str(caught.value)
    assert str(shape) in message
    assert theirs in message
    remedy = yaml.safe_load("{" + re.search(r"`(shortcut: .*?)`", message)[1] + "}")
    mended = hornbook.get("layer", "residual", layers=[layer], **remedy)
    assert str(mended.compute_output_shape(shape)) == theirs


def test_the_remedy_is_the_one_a_person_would_write():
    residual = hornbook.get("layer", "residual", layers=[conv2d(6)])
    with pytest.raises(ValueError, match=re.escape("shortcut: [{use: conv2d, filters: 6, kernel_size: 1}]")):
        residual.build((None, 8, 8, 4))


@pytest.mark.parametrize(
    ("layer", "shape"), [(conv2d(6, padding="valid"), (None, 8, 8, 4)), ("flatten", (None, 2, 4))]
)
def test_no_remedy_is_made_up_where_one_layer_would_not_do(layer, shape):
    with pytest.raises(ValueError, match="keep the shape") as caught:
        hornbook.get("layer", "residual", layers=[layer]).build(shape)
    assert "shortcut: [" not in str(caught.value)


MERGED = {
    "concat": lambda ways: np.concatenate(ways, axis=-1),
    "add": sum,
    "multiply": lambda ways: np.prod(ways, axis=0),
    "average": lambda ways: np.mean(ways, axis=0),
    "maximum": lambda ways: np.max(ways, axis=0),
}


@pytest.mark.parametrize("merge", MERGED)
def test_parallel_merges_its_branches(merge):
    branches = [conv2d(), [conv2d(2, activation="relu"), conv2d()], []]
    parallel = hornbook.get("layer", "parallel", branches=branches, merge=merge)
    outputs = numpy(parallel(IMAGES))
    ways = [by_hand(branch.layers, IMAGES) for branch in parallel.branches]
    np.testing.assert_array_equal(ways[2], IMAGES)
    np.testing.assert_allclose(outputs, MERGED[merge](ways), rtol=1e-5, atol=1e-5)
    assert parallel.compute_output_shape((None, 8, 8, 4)) == (None, *outputs.shape[1:])


def test_parallel_concatenates_along_the_axis_given():
    parallel = hornbook.get("layer", "parallel", branches=["identity", "identity"], axis=1)
    assert parallel.compute_output_shape((None, 8, 8, 4)) == (None, 16, 8, 4)


def test_parallel_takes_two_branches_at_least():
    with pytest.raises(Exception, match="two branches"):
        hornbook.get("layer", "parallel", branches=["identity"])


def test_parallel_refuses_branches_that_do_not_fit():
    parallel = hornbook.get("layer", "parallel", branches=["flatten", "identity"])
    with pytest.raises(ValueError, match=r"(?i)concatenate|shape"):
        parallel(IMAGES)


def test_repeat_gives_every_repetition_weights_of_its_own():
    repeat = hornbook.get(
        "layer", "repeat", layers=[dense(activation="tanh"), {"use": "dropout", "rate": 0.5}], times=3
    )
    outputs = numpy(repeat(FEATURES))
    kernels = [numpy(layer.kernel) for layer in repeat.layers if hasattr(layer, "kernel")]
    assert len(kernels) == 3
    assert not np.allclose(kernels[0], kernels[1])
    assert not np.allclose(kernels[1], kernels[2])
    np.testing.assert_allclose(outputs, by_hand(repeat.layers, FEATURES), rtol=1e-5)
    assert len({variable.path for variable in repeat.weights}) == len(repeat.weights) == 6


def test_repeat_drops_out_differently_each_time():
    ones = np.ones((1, 4000), "float32")
    repeat = hornbook.get("layer", "repeat", layers=[{"use": "dropout", "rate": 0.5}], times=2)
    kept = np.mean(numpy(repeat(ones, training=True)) != 0)
    assert 0.2 < kept < 0.3  # both keep a unit one time in four; the same mask twice would keep half


@pytest.mark.parametrize("wrong", [{"layers": [], "times": 2}, {"layers": ["relu"], "times": 0}])
def test_repeat_needs_layers_and_times(wrong):
    with pytest.raises(Exception, match=r"layers|times"):
        hornbook.get("layer", "repeat", **wrong)


NOISE = {"use": "dropout", "rate": 0.5}


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("chain", {"layers": [NOISE]}),
        ("residual", {"layers": [NOISE]}),
        ("parallel", {"branches": [NOISE, []], "merge": "add"}),
        ("repeat", {"layers": [NOISE], "times": 2}),
    ],
)
def test_parts_are_told_whether_it_is_training(name, parameters):
    layer = hornbook.get("layer", name, **parameters)
    quiet = numpy(layer(FEATURES, training=False))
    np.testing.assert_allclose(numpy(layer(FEATURES)), quiet)
    assert not np.allclose(numpy(layer(FEATURES, training=True)), quiet)


def test_masks_pass_through_and_end_where_time_ends():
    tokens = np.array([[1, 2, 0, 0], [3, 0, 0, 0]])
    embedding = keras.layers.Embedding(5, 3, mask_zero=True)
    lstm = {"use": "lstm", "units": 3, "return_sequences": True}
    sequence = hornbook.get("layer", "residual", layers=[lstm])
    summary = hornbook.get("layer", "chain", layers=[lstm, {"use": "lstm", "units": 2}])
    model = keras.Sequential([embedding, sequence, summary])
    padded = model.predict(tokens[:1], verbose=0)
    np.testing.assert_allclose(padded, numpy(model(tokens[:1, :2])), rtol=1e-4, atol=1e-6)
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # RepeatVector knows no masks, and warns where it is handed one
        assert tuple(keras.layers.RepeatVector(3)(summary(embedding(tokens))).shape) == (2, 3, 2)


def test_token_numbers_are_exact_within_half_precision():
    whole = {"use": "reshape", "target_shape": [1], "dtype": "float32"}
    keras.config.set_dtype_policy("mixed_float16")
    try:
        parallel = hornbook.get("layer", "parallel", branches=[[], [whole]], merge="maximum", dtype="float32")
        half = hornbook.get("layer", "parallel", branches=[[whole], [whole]], merge="concat")
    finally:
        keras.config.set_dtype_policy("float32")
    assert parallel.autocast is half.autocast is False
    ways = [branch(np.array([[4001.0]], "float32")) for branch in half.branches]
    assert [float(numpy(way)[0, 0]) for way in ways] == [4001.0, 4001.0]


def test_combinators_nest():
    block = {"use": "residual", "layers": [conv2d(), {"use": "parallel", "branches": [conv2d(2), conv2d(2)]}]}
    tower = hornbook.get("layer", "repeat", layers=[block], times=2)
    outputs = tower(IMAGES)
    assert tuple(outputs.shape) == IMAGES.shape
    per_block = (9 * 4 * 4 + 4) + 2 * (9 * 4 * 2 + 2)
    assert tower.count_params() == 2 * per_block
