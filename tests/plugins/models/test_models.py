"""Models: their layers, sizes and errors, and that they train."""

import keras
import numpy as np
import pytest

import hornbook

CLASSIFIER = {"units": 10, "output_activation": "softmax"}
RNG = np.random.default_rng(0)


def lenet5(shape=(28, 28, 1), **parameters):
    return hornbook.get("model", "lenet5", input_shape=shape, **{**CLASSIFIER, **parameters})


def mlp(shape=(4,), **parameters):
    return hornbook.get("model", "mlp", input_shape=shape, **{**CLASSIFIER, **parameters})


def sequential(layers, shape, **parameters):
    return hornbook.get("model", "sequential", layers=layers, input_shape=shape, **parameters)


def train_once(model, inputs, classes=10):
    model.compile("sgd", "sparse_categorical_crossentropy")
    before = [np.array(weight) for weight in model.get_weights()]
    loss = model.train_on_batch(inputs, RNG.integers(0, classes, len(inputs)))
    assert np.isfinite(loss)
    assert any(not np.array_equal(old, new) for old, new in zip(before, model.get_weights(), strict=True))


def test_sequential_puts_layers_in_order_and_is_built():
    layers = [
        {"use": "dense", "units": 8, "activation": "relu"},
        {"use": "dense", "units": 3, "name": "head"},
    ]
    model = sequential(layers, (4,), name="small")
    assert model.name == "small"
    assert [layer.units for layer in model.layers] == [8, 3]
    assert model.output_shape == (None, 3)
    assert model.count_params() == 4 * 8 + 8 + 8 * 3 + 3
    inputs = RNG.normal(size=(2, 4)).astype("float32")
    first, second = (layer.get_weights() for layer in model.layers)
    hidden = np.maximum(inputs @ first[0] + first[1], 0)
    np.testing.assert_allclose(
        model.predict(inputs, verbose=0), hidden @ second[0] + second[1], rtol=1e-4, atol=1e-5
    )


def test_sequential_of_nothing_is_refused():
    with pytest.raises(Exception, match="at least one layer"):
        sequential([], (4,))


def test_tokens_reach_an_embedding_as_whole_numbers():
    model = sequential([{"use": "embedding", "input_dim": 5000, "output_dim": 2}, "flatten"], (3,))
    assert model.inputs[0].dtype == "int32"


def test_half_precision_does_not_reach_the_inputs():
    keras.config.set_dtype_policy("mixed_float16")
    try:
        model = sequential([{"use": "dense", "units": 2}], (3,))
    finally:
        keras.config.set_dtype_policy("float32")
    assert model.inputs[0].dtype == "float32"
    assert model.layers[0].compute_dtype == "float16"


@pytest.mark.parametrize("name", ["sequential", "mlp", "lenet5"])
def test_several_inputs_are_refused_by_name(name):
    shapes = {"left": (28, 28, 1), "right": (3,)}
    given = {"layers": ["flatten"]} if name == "sequential" else CLASSIFIER
    with pytest.raises(Exception, match=rf"{name} takes one input.*left, right"):
        hornbook.get("model", name, input_shape=shapes, **given)


def test_mlp_has_the_layers_asked_for():
    model = mlp((4,), hidden=[8, 6], dropout=0.25, normalization="batch", activation="tanh")
    kinds = [type(layer).__name__ for layer in model.layers]
    assert kinds == ["Dense", "BatchNormalization", "Activation", "Dropout"] * 2 + ["Dense"]
    assert [layer.units for layer in model.layers if hasattr(layer, "units")] == [8, 6, 10]
    assert model.layers[3].rate == 0.25
    assert model.layers[-1].activation is keras.activations.softmax


def test_mlp_flattens_images_and_can_be_linear():
    model = mlp((3, 3, 2), hidden=[], units=1, output_activation="linear")
    assert model.count_params() == 18 + 1


def test_mlp_layers_begin_differently_though_they_share_an_initializer():
    model = mlp((8,), hidden=[8, 8], kernel_initializer="he")
    first, second = (model.get_layer(name).get_weights()[0] for name in ("hidden_1", "hidden_2"))
    assert not np.allclose(first, second)


def test_mlp_regularizes_every_kernel():
    assert len(mlp(hidden=[3, 3], kernel_regularizer={"use": "l2", "l2": 0.1}).losses) == 3


def test_mlp_refuses_another_normalization():
    with pytest.raises(Exception, match="normalization"):
        mlp(normalization="bath")


def test_mlp_trains():
    train_once(mlp((4,), hidden=[8], dropout=0.1), RNG.normal(size=(16, 4)).astype("float32"))


def test_lenet5_has_the_papers_maps_and_parameters():
    model = lenet5()
    maps = {layer.name: tuple(layer.output.shape[1:]) for layer in model.layers}
    assert maps["field"] == (32, 32, 1)
    assert (maps["c1"], maps["s2"]) == ((28, 28, 6), (14, 14, 6))
    assert (maps["c3"], maps["s4"]) == ((10, 10, 16), (5, 5, 16))
    assert (maps["c5"], maps["f6"]) == ((1, 1, 120), (84,))
    parameters = {layer.name: layer.count_params() for layer in model.layers}
    assert parameters["c1"] == 156
    assert parameters["c5"] == 48_120
    assert parameters["f6"] == 10_164
    # The paper's C3 has 1,516 by its table I; here every map sees all six: 16 * (6 * 25 + 1).
    assert parameters["c3"] == 2_416
    # The paper's S2 and S4 learn 12 and 32; averages have nothing to learn.
    assert parameters["s2"] == parameters["s4"] == 0


def test_lenet5_centres_small_images_in_the_field():
    pad = lenet5().get_layer("field")
    image = RNG.normal(size=(1, 28, 28, 1)).astype("float32")
    field = keras.ops.convert_to_numpy(pad(image))
    np.testing.assert_array_equal(field[:, 2:30, 2:30], image)
    assert field.sum() == pytest.approx(image.sum(), rel=1e-4)
    assert lenet5((31, 29, 3)).get_layer("field").output.shape == (None, 32, 32, 3)
    assert lenet5((40, 32, 1)).get_layer("c5").output.shape == (None, 3, 1, 120)


def test_lenet5_takes_other_activations_and_pooling():
    model = lenet5(activation="relu", pooling="max")
    assert model.get_layer("c1").activation is keras.activations.relu
    assert isinstance(model.get_layer("s2"), keras.layers.MaxPooling2D)


@pytest.mark.parametrize("shape", [(8, 8, 1), (28, 27, 1), (28, 28), (784,)])
def test_lenet5_names_the_smallest_images_it_takes(shape):
    with pytest.raises(Exception, match="at least 28 by 28"):
        lenet5(shape)


def test_lenet5_trains():
    train_once(lenet5(), RNG.normal(size=(4, 28, 28, 1)).astype("float32"))
