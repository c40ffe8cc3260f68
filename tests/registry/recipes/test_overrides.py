"""Overrides: what may be set, replaced and removed from the command line."""

import pytest

import hornbook
from hornbook.recipes.document import plain

BASE = """\
recipe: 1
data: {use: iris, validation: 0.2}
model:
  - {use: dense, name: hidden, units: 8, activation: relu}
  - {use: dense, units: 3, activation: softmax}
loss: {use: categorical_crossentropy, label_smoothing: 0.1}
optimizer: adam
metrics: [accuracy]
callbacks: [{use: early_stopping, patience: 3}]
training: {epochs: 1}
"""


@pytest.fixture
def read(write):
    return lambda *overrides: hornbook.read(write("base.yaml", BASE), overrides)


def test_a_value_is_set(read):
    assert read("training.epochs=3").training.epochs == 3


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1e-4", 1e-4),
        ("'1e-4'", "1e-4"),
        ("no", "no"),
        ("true", True),
        ("", None),
        ("[1, {a: b}]", [1, {"a": "b"}]),
    ],
)
def test_values_follow_the_rules_of_yaml(read, written, meant):
    assert read(f"tracking.tags.x={written}").tracking["tags"]["x"] == meant


def test_a_value_may_hold_an_equals_sign(read):
    assert read("description=a=b").description == "a=b"


def test_a_component_written_as_a_name_takes_parameters(read):
    optimizer = read("optimizer.learning_rate=0.5").optimizer
    assert (optimizer.entry.name, optimizer.parameters["learning_rate"]) == ("adam", 0.5)


@pytest.mark.parametrize("override", ["loss=mse", "loss={use: mse}", "loss.use=mse"])
def test_another_component_takes_no_parameters_along(read, override):
    loss = read(override).loss
    assert loss.entry.name == "mse"
    assert "label_smoothing" not in loss.parameters


def test_overrides_apply_in_their_order(read):
    optimizer = read("optimizer=sgd", "optimizer.momentum=0.5", "optimizer.momentum=0.9").optimizer
    assert (optimizer.entry.name, optimizer.parameters["momentum"]) == ("sgd", 0.9)


@pytest.mark.parametrize("step", ["hidden", "0"])
def test_an_element_is_reached_by_its_name_or_its_index(read, step):
    layers = read(f"model.layers.{step}.units=64").model.parameters["layers"]
    assert [layer.parameters["units"] for layer in layers] == [64, 3]


def test_an_element_can_be_replaced_or_removed(read):
    names = [layer.entry.name for layer in read("model.layers.0=flatten").model.parameters["layers"]]
    assert names == ["flatten", "dense"]
    assert len(read("~model.layers.0").model.parameters["layers"]) == 1


def test_a_short_form_is_written_out(read):
    recipe = read("model=[{use: dense, units: 3}]", "metrics=[accuracy, mse]")
    assert recipe.model.entry.name == "sequential"
    assert [metric.written for metric in recipe.metrics] == ["accuracy", "mse"]


def test_mappings_that_are_missing_on_the_way_are_made(read):
    assert read("expect.val_accuracy.min=0.9").expect[0].minimum == 0.9
    assert plain(read("tracking.tags.team=vision").document)["tracking"] == {"tags": {"team": "vision"}}


def test_what_is_removed_is_gone(read):
    assert read("~callbacks").callbacks == ()
    assert read("~loss.label_smoothing").loss.parameters["label_smoothing"] == 0.0


@pytest.mark.parametrize(
    ("override", "code"),
    [
        ("~nothing.here", "HB131"),
        ("~", "HB131"),
        ("epochs", "HB132"),
        ("=3", "HB132"),
        ("training..epochs=3", "HB132"),
        ("model.layers.tail.units=1", "HB133"),
        ("model.layers.2.units=1", "HB133"),
        ("model.layers.²=1", "HB133"),
        ("training.epochs.more=1", "HB133"),
        ("seed.more=1", "HB116"),
        ("training.epochs=[", "HB103"),
        ("name=\udcff", "HB102"),
        ("training.epochs=0", "HB118"),
        ("optimizer=adm", "HB201"),
        ("loss=${name}", "HB141"),
    ],
)
def test_an_override_that_cannot_be_applied_says_which_it_is(read, override, code):
    with pytest.raises(hornbook.HornbookError) as raised:
        read(override)
    problem = raised.value.problems[0]
    assert problem.code == code
    assert problem.place.source == f"-s {override}"
    assert raised.value.exit_code == 2


@pytest.mark.parametrize(
    ("override", "hint"),
    [
        ("model.layers.hiden.units=1", "did you mean 'hidden'?"),
        ("model.layers.7.units=1", "those here are named"),
        ("training.epochs.more=1", "a list's element is reached by its name or its index"),
    ],
)
def test_an_element_that_is_not_there_is_near_another(read, override, hint):
    with pytest.raises(hornbook.HornbookError) as raised:
        read(override)
    assert hint in raised.value.problems[0].hint


def test_all_overrides_that_cannot_be_applied_are_told(read):
    with pytest.raises(hornbook.HornbookError) as raised:
        read("~nothing", "epochs", "training.epochs=2")
    assert [problem.code for problem in raised.value.problems] == ["HB131", "HB132"]


@pytest.mark.parametrize("override", ["data=wine", "data={use: wine}", "data.use=wine"])
def test_other_data_is_split_as_the_run_says(read, override):
    recipe = read(override)
    assert recipe.data.entry.name == "wine"
    assert recipe.splitting.validation == 0.2
