"""Layers that adapt: on the training split alone, before the model is built, and nowhere else."""

import keras
import numpy as np
import pytest

import hornbook
from hornbook.problem import HornbookError
from hornbook.runner.session import open_session

pytestmark = pytest.mark.usefixtures("bench")


def _session(*overrides):
    return open_session(hornbook.read("bench-points", overrides))


def _layer(model, kind):
    (found,) = (layer for layer in model.layers if isinstance(layer, kind))
    return found


NORMALIZED = "model=[normalization, {use: dense, units: 3, activation: softmax}]"


def test_a_layer_is_adapted_on_the_training_split_alone():
    session = _session(NORMALIZED, "data.validation=0.5")
    splits = session.prepared.splits
    layer = _layer(session.assembly.model, keras.layers.Normalization)
    mean = keras.ops.convert_to_numpy(layer.mean).reshape(-1)
    np.testing.assert_allclose(mean, splits["train"].inputs.mean(0), atol=1e-6)
    everything = np.concatenate([splits["train"].inputs, splits["validation"].inputs]).mean(0)
    assert np.abs(mean - everything).max() > 1e-3


def test_an_adapted_layer_normalizes_in_the_model_and_after_loading():
    done = hornbook.run("bench-points", [NORMALIZED, "training.epochs=1"], tracking=False)
    inputs = open_session(done.recipe).prepared.splits["train"].inputs
    for model in (done.model, hornbook.load(done)):
        normalized = keras.ops.convert_to_numpy(_layer(model, keras.layers.Normalization)(inputs))
        np.testing.assert_allclose(normalized.mean(0), 0, atol=1e-5)
        np.testing.assert_allclose(normalized.std(0), 1, atol=1e-4)


def test_a_layer_is_adapted_on_what_the_layers_before_it_make():
    session = _session("model=[doubling, normalization, {use: dense, units: 3, activation: softmax}]")
    layer = _layer(session.assembly.model, keras.layers.Normalization)
    expected = 2 * session.prepared.splits["train"].inputs.mean(0)
    np.testing.assert_allclose(keras.ops.convert_to_numpy(layer.mean).reshape(-1), expected, atol=1e-6)


def test_a_layer_that_is_told_what_it_would_learn_is_left_alone():
    given = "{use: normalization, mean: [1, 2, 3, 4], variance: [1, 1, 1, 4]}"
    session = _session(f"model=[{given}, {{use: dense, units: 3, activation: softmax}}]")
    layer = _layer(session.assembly.model, keras.layers.Normalization)
    np.testing.assert_allclose(keras.ops.convert_to_numpy(layer.mean).reshape(-1), [1, 2, 3, 4])


def test_rows_that_are_read_on_demand_can_be_adapted_to():
    session = _session("data={use: lazy_points, validation: 0.25}", NORMALIZED)
    held = _session("data={use: points, validation: 0.25}", NORMALIZED)
    means = [
        keras.ops.convert_to_numpy(_layer(one.assembly.model, keras.layers.Normalization).mean)
        for one in (session, held)
    ]
    np.testing.assert_array_equal(*means)


@pytest.mark.parametrize(
    ("override", "words"),
    [
        # What reaches a layer within another one is not known: nothing is guessed.
        (
            "model=[{use: chain, layers: [normalization]}, {use: dense, units: 3, activation: softmax}]",
            "within another layer",
        ),
        ("model=[{use: normalization, axis: 7}, {use: dense, units: 3, activation: softmax}]", "axis"),
    ],
)
def test_a_layer_that_cannot_be_adapted_is_told_at_its_line(override, words):
    with pytest.raises(HornbookError) as raised:
        _session(override)
    problem = raised.value.problems[0]
    assert problem.code == "HB311"
    assert problem.place.source == f"-s {override}"
    assert "'normalization'" in problem.message and words in problem.message


def test_a_layer_does_not_adapt_to_several_inputs(write):
    file = write(
        "pairs.yaml",
        "recipe: 1\ndata: pairs\nmodel: [normalization, {use: dense, units: 1}]\nloss: mse\ntraining: {epochs: 1}\n",
    )
    with pytest.raises(HornbookError) as raised:
        hornbook.run(file, tracking=False)
    assert raised.value.problems[0].code == "HB311"
    assert "several inputs" in raised.value.problems[0].message
