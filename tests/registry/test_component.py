"""The contract: kinds, parameters' conventions, and the functions that declare."""

import importlib
import json

import pytest

from hornbook import Component, Parameter, declare
from hornbook.component import FACTS, KINDS, conventional_kind


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_type_that_is_there_and_a_function_that_declares(kind):
    module, _, attribute = KINDS[kind].type.partition(":")
    assert isinstance(getattr(importlib.import_module(module), attribute), type)
    component = getattr(declare, kind)("own", "acme.own:Own", aliases=["o"], tags=["t"], defaults={"a": 1})
    assert component == Component(
        kind=kind, name="own", target="acme.own:Own", aliases=("o",), tags=("t",), defaults={"a": 1}
    )
    assert getattr(declare, kind).__name__ == kind
    assert kind in getattr(declare, kind).__doc__


def test_declaring_leaves_the_rest_at_its_default():
    component = declare.loss("own", "acme.own:Own")
    assert (component.labels, component.aliases, component.provided, component.parameters) == (
        None,
        (),
        {},
        {},
    )


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("kernel_initializer", "initializer"),
        ("bias_regularizer", "regularizer"),
        ("depthwise_constraint", "constraint"),
        ("recurrent_activation", "activation"),
        ("activation", "activation"),
        ("learning_rate", "scheduler"),
        ("layer", "layer"),
        ("layers", "layer"),
        ("units", None),
        ("activations_of", None),
        ("initial_learning_rate", None),
        ("", None),
    ],
)
def test_some_names_of_parameters_tell_what_goes_there(name, kind):
    assert conventional_kind(name) == kind


def test_records_are_frozen():
    with pytest.raises(AttributeError):
        declare.loss("own", "acme.own:Own").name = "other"
    with pytest.raises(AttributeError):
        Parameter().kind = "loss"


def test_facts_are_named_by_what_they_tell_of():
    assert {name.partition(".")[0] for name in FACTS} == {"data", "loss", "training"}
    assert all(text == text.strip() and text for text in FACTS.values())
    assert json.loads(json.dumps(dict(FACTS))) == FACTS


def test_one_alias_need_not_be_in_a_list():
    from hornbook import declare

    assert declare.loss("mse", "keras.losses:MeanSquaredError", aliases="l2").aliases == ("l2",)
