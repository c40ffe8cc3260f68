"""The public face: what is offered, what is made, and what is said when that is not possible."""

import keras
import numpy as np
import pytest

import hornbook


def test_components_are_listed_by_kind():
    everything = hornbook.components()
    assert {entry.kind for entry in everything} >= {"loss", "optimizer", "layer", "dataset", "model"}
    losses = hornbook.components("loss")
    assert [entry.name for entry in losses] == sorted(entry.name for entry in losses)
    assert all(entry in everything for entry in losses)
    (huber,) = (entry for entry in losses if entry.full_name == "losses/huber")
    assert (huber.kind, huber.plugin, huber.distribution) == ("loss", "losses", "hornbook-losses")
    assert huber.component.parameters["delta"].default == 1.0


def test_every_component_is_described():
    lacking = [entry.full_name for entry in hornbook.components() if not entry.component.summary]
    assert lacking == []


def test_plugins_are_listed_in_their_state():
    plugins = {plugin.name: plugin for plugin in hornbook.plugins()}
    assert list(plugins) == sorted(plugins)
    assert {plugins[name].state for name in ("losses", "layers", "models", "mlflow")} == {"ready"}


@pytest.mark.parametrize("name", ["huber", "losses/huber", "loss:huber"])
def test_a_component_is_made_by_name(name):
    loss = hornbook.get("loss", name, delta=0.5)
    assert isinstance(loss, keras.losses.Huber)
    assert float(loss(np.zeros((1, 1)), np.ones((1, 1)))) == pytest.approx(0.5 * 1 - 0.125)


def test_each_call_makes_another_object():
    assert hornbook.get("layer", "flatten") is not hornbook.get("layer", "flatten")


def test_components_within_parameters_are_made_too():
    layer = hornbook.get(
        "layer", "dense", units=2, activation="relu", kernel_regularizer={"use": "l2", "l2": 0.25}, name="own"
    )
    assert (layer.name, layer.activation) == ("own", keras.activations.relu)
    assert float(layer.kernel_regularizer.l2) == 0.25
    schedule = hornbook.get(
        "scheduler", "exponential_decay", initial_learning_rate=1.0, decay_rate=0.5, decay_steps=1
    )
    optimizer = hornbook.get("optimizer", "adam", learning_rate=schedule)
    assert optimizer._learning_rate is schedule


def test_a_parameter_may_be_an_object_that_no_recipe_could_write():
    layer = hornbook.get("layer", "normalization", mean=np.zeros(3), variance=np.ones(3))
    np.testing.assert_array_equal(keras.ops.convert_to_numpy(layer(np.ones((1, 3)))), np.ones((1, 3)))
    loss = hornbook.get("loss", "huber", delta=np.float32(0.5))
    assert float(loss(np.zeros((1, 1)), np.ones((1, 1)))) == 0.375


@pytest.mark.parametrize(
    ("kind", "name", "parameters", "code", "words", "exit_code"),
    [
        ("los", "huber", {}, "HB200", "did you mean 'loss'?", 2),
        ("loss", "hubber", {}, "HB201", "did you mean 'huber'", 3),
        ("loss", "huber", {"detla": 1}, "HB221", "did you mean 'delta'?", 2),
        ("layer", "dense", {}, "HB222", "needs the parameter 'units'", 2),
        (
            "optimizer",
            "adam",
            {"clipnorm": 1, "clipvalue": 1},
            "HB301",
            "hornbook show optimizer:optimizers/adam",
            2,
        ),
        ("layer", "dense", {"units": 1, "activation": "rellu"}, "HB201", "did you mean 'relu'", 2),
    ],
)
def test_what_cannot_be_made_is_told_with_the_remedy(kind, name, parameters, code, words, exit_code):
    with pytest.raises(hornbook.HornbookError) as raised:
        hornbook.get(kind, name, **parameters)
    (problem,) = raised.value.problems
    assert problem.code == code
    assert words in f"{problem.message} {problem.hint}"
    assert raised.value.exit_code == exit_code
    assert str(raised.value) == str(problem)


def test_there_is_no_such_kind_to_list():
    with pytest.raises(hornbook.HornbookError, match="there is no kind 'losses'"):
        hornbook.components("losses")


def test_a_recipe_that_was_read_can_be_changed_and_run(tmp_path):
    recipe = hornbook.read("iris", ["training.epochs=1", "~expect"])
    done = hornbook.run(recipe, runs_dir=tmp_path / "elsewhere", tracking=False)
    assert done.outcome == "finished"
    assert done.folder.path.parent == tmp_path / "elsewhere"
    assert [record.id for record in hornbook.runs(tmp_path / "elsewhere")] == [done.id]
    assert hornbook.runs() == []


def test_overrides_may_be_one_text_and_are_never_dropped():
    assert hornbook.read("iris", "training.epochs=3").training.epochs == 3
    with pytest.raises(hornbook.HornbookError, match="takes no overrides") as refused:
        hornbook.run(hornbook.read("iris"), ["training.epochs=1"], tracking=False)
    assert "hornbook.read" in refused.value.problems[0].hint
    assert hornbook.runs() == []


def test_a_run_may_be_named_by_whatever_tells_of_it():
    done = hornbook.run("iris", ["training.epochs=1", "~expect"], tracking=False)
    (told,) = hornbook.runs()
    for named in (done, told, done.id, done.folder.path, "latest"):
        assert hornbook.load(named).count_params() == done.model.count_params()
    more = hornbook.resume(told, epochs=2)
    assert len(more.history["loss"]) == 2
    assert more.deliveries == ()  # it was begun untracked


def test_an_error_amounts_to_an_exit_code():
    from hornbook.problem import HornbookError, Problem

    wrong = Problem(code="HB1", message="wrong")
    missing = Problem(code="HB2", message="missing", unavailable=True)
    warning = Problem(code="HB3", message="odd", severity="warning")
    codes = [
        HornbookError(problems).exit_code
        for problems in (wrong, missing, [wrong, missing], [missing, warning])
    ]
    assert codes == [2, 3, 2, 3]
    assert HornbookError(wrong, exit_code=1).exit_code == 1
