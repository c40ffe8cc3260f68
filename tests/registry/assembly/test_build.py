"""Building: what reaches a constructor, and what never does."""

import sys

import keras
import numpy as np
import pytest

import hornbook
from hornbook.runner.session import open_session

pytestmark = pytest.mark.usefixtures("bench")


@pytest.fixture
def calls():
    from keras_bench import losses

    losses.CALLS.clear()
    return losses.CALLS


@pytest.mark.parametrize(
    ("parameters", "code", "words"),
    [
        ({}, "HB222", "needs the parameter 'needed'"),
        ({"needed": 1, "neded": 2}, "HB221", "did you mean 'needed'?"),
        ({"needed": 1, "share": 2.0}, "HB226", "at most 1"),
        ({"needed": 1, "share": -0.1}, "HB226", "at least 0"),
        ({"needed": 1, "share": float("nan")}, "HB226", "at least 0"),
        ({"needed": 1, "share": "half"}, "HB225", "is a number, not 'half'"),
        ({"needed": 1, "share": True}, "HB225", "is a number, not True"),
        ({"needed": 1, "mode": "sft"}, "HB224", "did you mean 'soft'?"),
        ({"needed": 1, "inner": "l3"}, "HB201", "there is no regularizer 'l3'"),
        ({"needed": 1, "inner": "loss:mse"}, "HB214", "a regularizer, not a loss"),
        ({"needed": 1, "inner": {"l2": 0.1}}, "HB212", "the regularizer has no name"),
        ({"needed": {"use": "relu"}}, "HB223", "takes no component"),
    ],
)
def test_a_wrong_parameter_never_reaches_the_constructor(calls, parameters, code, words):
    with pytest.raises(hornbook.HornbookError) as raised:
        hornbook.get("loss", "recording", **parameters)
    (problem,) = raised.value.problems
    assert problem.code == code
    assert words in f"{problem.message} {problem.hint}"
    assert calls == []


def test_right_parameters_reach_the_constructor_and_defaults_stay_its_own(calls):
    hornbook.get("loss", "bench/recording", needed=1, share=0.25, mode="hard", inner={"use": "l2", "l2": 0.5})
    (call,) = calls
    assert (call["needed"], call["share"], call["mode"], call["path"]) == (1, 0.25, "hard", None)
    assert isinstance(call["inner"], keras.regularizers.L2)


def test_keras_objects_are_taken_as_they_are(calls):
    inner = keras.regularizers.L1(0.5)
    hornbook.get("loss", "recording", needed=[inner, {"deep": inner}], inner=inner)
    assert calls[0]["inner"] is inner
    assert calls[0]["needed"][0] is inner and calls[0]["needed"][1]["deep"] is inner


def test_a_path_is_relative_to_where_one_stands(calls, tmp_path):
    hornbook.get("loss", "recording", needed=1, path="some/file.txt")
    assert calls[0]["path"] == str(tmp_path / "some" / "file.txt")


def test_what_a_run_provides_keeps_its_default_where_there_is_no_run():
    assert hornbook.get("loss", "recording", needed=1).steps == 1
    with pytest.raises(hornbook.HornbookError) as raised:
        hornbook.get("scheduler", "one_cycle", max_learning_rate=0.1)
    (problem,) = raised.value.problems
    assert problem.code == "HB303"
    assert "${training.total_steps}" in problem.message and "total_steps" in problem.hint


def test_what_a_run_provides_reaches_the_constructor():
    session = open_session(hornbook.read("bench-points", ["loss={use: recording, needed: 1}", "metrics=[]"]))
    assert session.assembly.loss.steps == 6
    session = open_session(
        hornbook.read("bench-points", ["loss={use: recording, needed: 1, steps: 9}", "metrics=[]"])
    )
    assert session.assembly.loss.steps == 9


REFUSALS = [
    ("loss=refusing", "HB301", "could not be made: not today", 2),
    ("loss={use: refusing, reason: tomorrow}", "HB301", "not tomorrow", 2),
    ("loss=impostor", "HB302", "yields dict, which is no keras.losses.Loss", 3),
    ("loss=unloadable", "HB306", "no license for this machine", 3),
]


@pytest.mark.parametrize(("override", "code", "words", "exit_code"), REFUSALS)
def test_a_component_that_cannot_be_had_is_told_at_its_line(override, code, words, exit_code, monkeypatch):
    monkeypatch.setenv("KERAS_BENCH_BREAKS", "1")
    monkeypatch.delitem(sys.modules, "keras_bench.unloadable", raising=False)
    with pytest.raises(hornbook.HornbookError) as raised:
        hornbook.run("bench-points", [override], tracking=False)
    (problem,) = raised.value.problems
    assert (problem.code, problem.place.source, raised.value.exit_code) == (code, f"-s {override}", exit_code)
    assert words in problem.message
    assert "keras-bench 1.0" in problem.hint


def test_everything_that_cannot_be_made_is_told_at_once():
    overrides = ["loss=refusing", "optimizer={use: adam, clipnorm: 1.0, clipvalue: 1.0}"]
    with pytest.raises(hornbook.HornbookError) as raised:
        hornbook.run("bench-points", overrides, tracking=False)
    assert [problem.path for problem in raised.value.problems] == ["loss", "optimizer"]
    assert {problem.code for problem in raised.value.problems} == {"HB301"}


def test_layers_in_lists_of_lists_are_built():
    layer = hornbook.get("layer", "parallel", branches=[[{"use": "dense", "units": 2}], ["identity"]])
    assert layer(np.ones((1, 3), "float32")).shape == (1, 5)


def test_an_activation_is_a_function_and_with_parameters_a_layer():
    assert hornbook.get("activation", "relu") is keras.activations.relu
    layer = hornbook.get("activation", "scaled", factor=3.0)
    assert isinstance(layer, keras.layers.Layer)
    np.testing.assert_array_equal(keras.ops.convert_to_numpy(layer(np.ones((1, 2), "float32"))), [[3.0, 3.0]])


@pytest.mark.parametrize("name", ["scaled", "leaky_relu"])
def test_an_activation_with_parameters_survives_saving(name, tmp_path):
    parameters = {"scaled": {"factor": 3.0}, "leaky_relu": {"negative_slope": 0.75}}[name]
    activation = hornbook.get("activation", name, **parameters)
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2, activation=activation)])
    model.save(tmp_path / "model.keras")
    inputs = np.array([[-1.0, 2.0], [3.0, -4.0]], "float32")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(*(keras.ops.convert_to_numpy(one(inputs)) for one in (model, loaded)))
    plain = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)])
    plain.set_weights(model.get_weights())
    function = {"scaled": lambda x: 3 * x, "leaky_relu": lambda x: np.where(x < 0, 0.75 * x, x)}[name]
    np.testing.assert_allclose(
        keras.ops.convert_to_numpy(model(inputs)),
        function(keras.ops.convert_to_numpy(plain(inputs))),
        rtol=1e-6,
    )
