"""Runs: what they leave behind, how they end, and that the same recipe gives the same bits."""

import json
import math

import keras
import numpy as np
import pytest

import hornbook
from hornbook.recipes.freezing import frozen
from hornbook.runner.journals.journal import read
from hornbook.runner.session import _unmet, open_session

pytestmark = pytest.mark.usefixtures("bench")


def _run(recipe="bench-points", *overrides):
    return hornbook.run(recipe, overrides, tracking=False)


def _weights(model):
    return [keras.ops.convert_to_numpy(weight) for weight in model.weights]


def _same(first, second):
    assert len(first) == len(second)
    for one, other in zip(first, second, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.fixture(scope="module")
def done(tmp_path_factory, bench):
    """One run that finished, for the tests that look at what it left."""
    runs = tmp_path_factory.mktemp("done")
    return hornbook.run("bench-points", ["expect={val_accuracy: {min: 0.1}}"], runs_dir=runs, tracking=False)


def test_a_run_finishes_with_metrics_of_the_weights_that_it_saved(done):
    assert (done.outcome, done.error, done.unmet) == ("finished", "", ())
    assert set(done.metrics) == {"val_loss", "val_accuracy"}
    splits = open_session(done.recipe).prepared.splits
    loaded = hornbook.load(done)
    scores = loaded.evaluate(
        splits["validation"].inputs, splits["validation"].labels, verbose=0, return_dict=True
    )
    assert scores["accuracy"] == pytest.approx(done.metrics["val_accuracy"], abs=1e-6)
    assert scores["loss"] == pytest.approx(done.metrics["val_loss"], rel=1e-5)
    _same(_weights(loaded), _weights(done.model))


def test_a_run_writes_each_epoch_into_its_journal(done):
    events = read(done.folder.journal)
    assert [event["event"] for event in events] == ["started", "epoch", "epoch", "ended"]
    epochs = events[1:3]
    assert [(event["epoch"], event["step"]) for event in epochs] == [(1, 3), (2, 6)]
    assert set(epochs[0]["metrics"]) == {"loss", "accuracy", "val_loss", "val_accuracy", "learning_rate"}
    assert epochs[0]["metrics"]["learning_rate"] == pytest.approx(0.05)
    assert done.history["loss"] == [event["metrics"]["loss"] for event in epochs]
    assert events[0]["data"]["splits"] == {"train": 45, "validation": 15}
    assert events[-1]["metrics"] == done.metrics
    assert events[-1]["model"] == "artifacts/model.keras"
    assert any(line.startswith("keras==") for line in events[-1]["requirements"])


def test_a_run_begins_before_its_data_is_loaded_and_its_model_made(done):
    began, *_, ended = read(done.folder.journal)
    assert ended["time"] - began["time"] >= 1000 * ended["seconds"] - 2


def test_a_run_leaves_its_frozen_recipe_and_its_environment(done):
    assert done.folder.recipe.read_text() == frozen(done.recipe)
    environment = json.loads(done.folder.environment.read_text())
    assert environment["backend"] == keras.backend.backend()
    assert environment["distributions"]["keras-bench"] == "1.0"
    assert not (done.folder.artifacts / "unfinished.keras").exists()


def test_runs_are_told_by_their_journals(done):
    (record,) = hornbook.runs(done.folder.path.parent)
    assert (record.id, record.name, record.outcome, record.epochs) == (done.id, "bench-points", "finished", 2)
    assert record.metrics == done.metrics
    assert record.history == done.history
    assert hornbook.runs(done.folder.path.parent / "nowhere") == []


def test_the_same_recipe_gives_the_same_bits():
    first, second, other = _run(), _run(), _run("bench-points", "seed=4")
    _same(_weights(first.model), _weights(second.model))
    assert first.history == second.history
    assert first.metrics == second.metrics
    assert first.history["loss"] != other.history["loss"]


def test_a_frozen_recipe_gives_the_same_bits(tmp_path):
    """A shipped recipe with augmentation and a schedule, cut to one epoch."""
    recipe = hornbook.read("digits", ["training.epochs=1", "~expect", "data.validation=0.8"])
    file = tmp_path / "frozen.yaml"
    file.write_text(frozen(recipe))
    again = hornbook.read(file)
    _same(_weights(open_session(recipe).assembly.model), _weights(open_session(again).assembly.model))
    first, second = (hornbook.run(one, tracking=False) for one in (recipe, again))
    assert first.outcome == second.outcome == "finished"
    assert first.history == second.history
    _same(_weights(first.model), _weights(second.model))


@pytest.mark.parametrize("name", ["breast-cancer", "diabetes", "iris"])
def test_shipped_recipes_run_as_they_stand(name):
    done = _run(name, "training.epochs=1", "~expect")
    assert done.outcome == "finished"
    assert all(math.isfinite(value) for value in done.metrics.values())


def test_the_recipe_of_the_design_is_shipped_and_meets_what_it_expects(repository):
    text = (repository / "recipes" / "digits.yaml").read_text()
    assert "data: {use: digits, validation: 0.2}" in text
    assert "expect: {val_accuracy: {min: 0.97}}" in text
    done = _run("digits")
    assert (done.outcome, done.unmet) == ("finished", ())
    assert done.metrics["val_accuracy"] >= 0.97


@pytest.mark.parametrize(
    ("expect", "unmet"),
    [
        ("{val_accuracy: {min: 2}}", [("val_accuracy", "min", 2)]),
        ("{val_loss: {max: -1, min: 0}}", [("val_loss", "max", -1)]),
        ("{loss: {min: 0}, accuracy: {max: 1}}", []),
        ("{test_accuracy: {min: 0}}", [("test_accuracy", "min", 0)]),
    ],
)
def test_expectations_decide_the_outcome(expect, unmet):
    done = _run("bench-points", f"expect={expect}", "training.epochs=1")
    assert done.outcome == ("unmet" if unmet else "finished")
    assert [(one["metric"], one["bound"], one["limit"]) for one in done.unmet] == unmet
    assert read(done.folder.journal)[-1]["unmet"] == list(done.unmet)
    assert done.folder.model.is_file()


@pytest.mark.parametrize(
    ("value", "bound", "limit", "met"),
    [
        (float(np.float32(27 / 30)), "minimum", 0.9, True),
        (0.8999, "minimum", 0.9, False),
        (float(np.float32(0.3)), "maximum", 0.3, True),
        (0.30001, "maximum", 0.3, False),
        (math.nan, "minimum", 0.0, False),
        (math.nan, "maximum", 0.0, False),
    ],
)
def test_float32_meets_the_number_that_was_written(value, bound, limit, met):
    from hornbook.recipes.recipe import Bound

    assert (list(_unmet([Bound("x", **{bound: limit})], {"x": value})) == []) is met


def test_the_test_split_is_scored_at_the_end_and_at_no_other_time():
    done = _run("bench-points", "data.test=0.25", "expect={accuracy: {min: 0}}")
    assert set(done.metrics) == {"loss", "accuracy", "val_loss", "val_accuracy", "test_loss", "test_accuracy"}
    assert not any(name.startswith("test_") for name in done.history)


def test_without_other_splits_the_training_split_is_scored():
    assert set(_run("bench-points", "~data.validation").metrics) == {"loss", "accuracy"}


def test_splits_that_come_with_the_data_are_used():
    done = _run("bench-points", "data={use: points, held_out: 9}", "~data.validation")
    assert read(done.folder.journal)[0]["data"]["splits"] == {"train": 60, "validation": 9, "test": 9}
    assert {"val_accuracy", "test_accuracy"} <= set(done.metrics)


def test_a_loss_that_is_no_number_diverges():
    done = _run("bench-points", "loss=not_a_number", "metrics=[]", "training.epochs=3")
    assert done.outcome == "diverged"
    assert "epoch 1" in done.error and "nan" in done.error
    assert done.history == {}, "an epoch that was broken off is none"
    assert not done.folder.model.exists()
    ended = read(done.folder.journal)[-1]
    assert (ended["outcome"], ended["model"], ended["error"]) == ("diverged", None, done.error)
    assert ended["diverged"]["loss"] == "nan"
    (record,) = hornbook.runs()
    assert record.outcome == "diverged"


def test_what_fails_in_training_is_an_outcome():
    done = _run("bench-points", "callbacks=[{use: raising, epoch: 2}]", "training.epochs=3")
    assert (done.outcome, done.error) == ("failed", "RuntimeError: the disk is full")
    assert read(done.folder.journal)[-1]["error"] == done.error
    assert list(done.history["loss"]) == hornbook.runs()[0].history["loss"]
    assert not done.folder.model.exists()


def test_a_model_that_cannot_be_saved_loses_no_metrics():
    done = _run("bench-points", "model=[unsaveable, {use: dense, units: 3, activation: softmax}]")
    assert done.outcome == "failed"
    assert "could not be saved" in done.error and "no config" in done.error
    assert set(done.metrics) == {"val_loss", "val_accuracy"}
    assert len(done.history["loss"]) == 2
    assert list(done.folder.artifacts.glob("*.keras")) == []


def test_an_interrupted_run_saves_its_model():
    done = _run("bench-points", "callbacks=[{use: interrupting, epoch: 2}]", "training.epochs=50")
    assert (done.outcome, done.error) == ("interrupted", "")
    assert 1 <= len(done.history["loss"]) <= 2
    assert done.folder.model.is_file()
    _same(_weights(hornbook.load(done)), _weights(done.model))


def test_who_will_not_wait_for_the_model_has_a_run_that_has_ended(monkeypatch):
    def save(model, file):
        file.write_bytes(b"half a model")
        raise KeyboardInterrupt  # as a second Ctrl-C does

    monkeypatch.setattr(keras.Model, "save", save)
    done = _run("bench-points", "callbacks=[{use: interrupting, epoch: 2}]", "training.epochs=50")
    ended = read(done.folder.journal)[-1]
    assert (done.outcome, ended["event"], ended["outcome"]) == ("interrupted", "ended", "interrupted")
    assert ended["model"] is None
    assert list(done.folder.artifacts.glob("*.keras")) == []


def test_after_an_interruption_signals_are_as_they_were():
    import signal

    before = signal.getsignal(signal.SIGINT)
    _run("bench-points", "callbacks=[{use: interrupting, epoch: 1}]", "training.epochs=50")
    assert signal.getsignal(signal.SIGINT) is before


def test_a_run_that_cannot_begin_leaves_nothing(tmp_path):
    with pytest.raises(hornbook.HornbookError):
        _run("bench-points", "loss=refusing")
    assert list((tmp_path / "runs").iterdir()) == []


def test_observers_are_told_in_order():
    from keras_bench import hornbook as plugin

    plugin.OBSERVED.clear()
    done = _run()
    names = ["accuracy", "learning_rate", "loss", "val_accuracy", "val_loss"]
    assert [
        ("started", done.id),
        ("epoch", 1, names),
        ("epoch", 2, names),
        ("ended", "finished"),
    ] == plugin.OBSERVED


def test_an_observer_that_exits_stops_no_run():
    from keras_bench import hornbook as plugin

    plugin.OBSERVED.clear()
    done = _run("bench-points", "name=observed-by-one-that-exits")
    assert done.outcome == "finished"
    assert [event[0] for event in plugin.OBSERVED] == ["started", "epoch", "epoch", "ended"]


def test_each_epoch_is_trained_in_the_order_that_seed_and_epoch_give():
    from keras_bench import data

    data.READ.clear()
    _run("bench-points", "data=lazy_points", "~data.validation", "training.epochs=3")
    read_rows = {tuple(rows) for rows in data.READ}

    def batches(order):
        return {tuple(order[begin : begin + 16]) for begin in range(0, 60, 16)}

    epochs = [batches(np.random.default_rng([3, epoch]).permutation(60)) for epoch in range(30)]
    assert set().union(*epochs[:3]) <= read_rows
    # All else that was read is the beginning, to shape the model, the whole in its order, to score it, and
    # what was read ahead when the last epoch ended: TensorFlow sets how far, by the machine.
    assert len(read_rows - set().union(batches(range(60)), *epochs)) <= 1


def test_lazily_read_rows_train_as_those_in_memory():
    lazy, held = _run("bench-points", "data.use=lazy_points"), _run("bench-points", "data.use=points")
    assert lazy.history["loss"] == held.history["loss"]
    _same(_weights(lazy.model), _weights(held.model))


def test_several_inputs_reach_a_functional_model_by_name(write):
    file = write(
        "pairs.yaml",
        "recipe: 1\ndata: {use: pairs, validation: 0.25}\nmodel: two_inputs\nloss: mse\n"
        "optimizer: {use: adam, learning_rate: 0.1}\ntraining: {epochs: 60, batch_size: 8}\n",
    )
    done = _run(file)
    assert done.outcome == "finished"
    assert done.metrics["val_loss"] < 0.1  # which it learns from both
    signature = read(done.folder.journal)[-1]["signature"]
    assert sorted((one["name"], one["shape"]) for one in signature["inputs"]) == [
        ("left", [-1, 3]),
        ("right", [-1, 2]),
    ]


@pytest.mark.parametrize(("fact", "value"), [("data.classes", 3), ("data.outputs", 3), ("data.shape", (4,))])
def test_facts_of_the_data(fact, value):
    assert open_session(hornbook.read("bench-points")).prepared.facts[fact] == value


def test_facts_of_the_training():
    facts = open_session(hornbook.read("bench-points")).prepared.facts
    names = ("examples", "labels", "class_names")
    assert [facts[f"data.{name}"] for name in names] == [45, "integer", ["class 0", "class 1", "class 2"]]
    names = ("epochs", "batch_size", "steps_per_epoch", "total_steps")
    assert [facts[f"training.{name}"] for name in names] == [2, 16, 3, 6]
    assert (facts["loss.from_logits"], facts["loss.activation"]) == (False, "softmax")


def test_a_schedule_is_as_long_as_the_run():
    session = open_session(
        hornbook.read("bench-points", ["optimizer.learning_rate={use: one_cycle, max_learning_rate: 1}"])
    )
    assert session.assembly.optimizer._learning_rate.get_config()["total_steps"] == 6


@pytest.mark.parametrize(
    ("changes", "evaluated"),
    [
        ([], 2),
        (["callbacks=[{use: early_stopping, patience: 5, restore_best_weights: true}]"], 3),
        (["optimizer={use: sgd, learning_rate: 0.05, use_ema: true}"], 3),
    ],
    ids=["nothing", "a callback", "an average"],
)
def test_what_the_last_validation_measured_is_measured_again_where_weights_may_change(
    monkeypatch, changes, evaluated
):
    asked = []
    evaluate = keras.Model.evaluate
    trainer = next(one for one in keras.Model.__mro__ if "evaluate" in vars(one))

    def noted(model, *arguments, **more):
        asked.append(model)
        return evaluate(model, *arguments, **more)

    monkeypatch.setattr(trainer, "evaluate", noted)
    done = _run("bench-points", "training.epochs=2", *changes)
    assert len(asked) == evaluated
    monkeypatch.setattr(trainer, "evaluate", evaluate)
    splits = open_session(done.recipe).prepared.splits
    split = splits["validation"]
    scores = hornbook.load(done).evaluate(split.inputs, split.labels, verbose=0, return_dict=True)
    assert done.metrics == pytest.approx({f"val_{name}": value for name, value in scores.items()}, rel=1e-5)
