import math

import pytest

from hornbook.catalog import catalog
from hornbook.recipes.difference import ABSENT, differences
from hornbook.recipes.freezing import plain_value, values
from hornbook.recipes.reading import read


def layer(use, **parameters):
    return {"use": f"layers/{use}", **parameters}


def compared(before, after):
    return [(one.path, one.before, one.after) for one in differences(before, after)]


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        (1, 1.0, True),
        (1, True, False),
        (0, False, False),
        (math.nan, math.nan, True),
        ([1, 2], [1, 2], True),
        ([1, 2], [2, 1], False),
        ([1, [True]], [1, [1]], False),
        (None, 0, False),
        ("1", 1, False),
    ],
)
def test_values_are_the_same_or_not(before, after, same):
    assert (compared({"seed": before}, {"seed": after}) == []) is same


def test_a_value_that_only_one_has():
    assert compared({"tracking": {"a": 1}}, {"tracking": {"b": 2}}) == [
        ("tracking.a", 1, ABSENT),
        ("tracking.b", ABSENT, 2),
    ]


def test_a_layer_more_in_the_middle_is_one_difference():
    before = [layer("dense", units=1), layer("relu"), layer("dense", units=2)]
    after = [layer("dense", units=1), layer("relu"), layer("dropout", rate=0.5), layer("dense", units=2)]
    assert compared({"layers": before}, {"layers": after}) == [
        ("layers.2", ABSENT, layer("dropout", rate=0.5))
    ]
    assert compared({"layers": after}, {"layers": before}) == [
        ("layers.2", layer("dropout", rate=0.5), ABSENT)
    ]


def test_layers_of_one_kind_are_held_against_each_other_in_order():
    before = [layer("dense", units=1), layer("dense", units=2)]
    after = [layer("dense", units=1), layer("dense", units=3)]
    assert compared({"layers": before}, {"layers": after}) == [("layers.1.units", 2, 3)]


def test_layers_of_one_name_are_held_against_each_other_whatever_they_are():
    before = [layer("flatten", name=None), layer("dense", name="head", units=1)]
    after = [layer("gru", name="head", units=1)]
    assert compared({"layers": before}, {"layers": after}) == [
        ("layers.0", before[0], ABSENT),
        ("layers.head.use", "layers/dense", "layers/gru"),
    ]


def test_a_component_replaced_differs_in_what_it_is_and_in_what_else_differs():
    before = {"loss": {"use": "losses/huber", "delta": 1.0, "name": "loss"}}
    after = {"loss": {"use": "losses/mse", "name": "loss"}}
    assert compared(before, after) == [
        ("loss.use", "losses/huber", "losses/mse"),
        ("loss.delta", 1.0, ABSENT),
    ]


def test_of_suppliers_only_another_version_counts():
    before = {"resolved": {"losses": "hornbook-losses 1.0", "layers": "hornbook-layers 1.0"}}
    after = {"resolved": {"losses": "hornbook-losses 1.1", "models": "hornbook-models 1.0"}}
    assert compared(before, after) == [("resolved.losses", "hornbook-losses 1.0", "hornbook-losses 1.1")]


def test_a_default_counts_as_what_was_written():
    def frozen(*overrides):
        recipe = read("digits", overrides, catalog())
        return {key: plain_value(value) for key, value in values(recipe).items()}

    assert compared(frozen(), frozen("optimizer.beta_1=0.9", "seed=7")) == []
    assert compared(frozen(), frozen("optimizer.beta_1=0.8")) == [("optimizer.beta_1", 0.9, 0.8)]
    assert compared(frozen(), frozen("~augment")) == [("augment.0", frozen()["augment"][0], ABSENT)]
