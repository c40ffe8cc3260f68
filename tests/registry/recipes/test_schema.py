"""The schema as data. What editors make of it is in tests/editor."""

import json
import re

import pytest

from hornbook import declare
from hornbook.catalog import Catalog, catalog
from hornbook.component import KINDS, Parameter
from hornbook.discovery.plugin import EntryPoint, Plugin
from hornbook.recipes.schema import schema
from hornbook.recipes.shape import KEYS


@pytest.fixture(scope="module")
def whole():
    return schema(catalog())


def referred(value):
    """Every `$ref` within a value."""
    if isinstance(value, dict):
        for key, one in value.items():
            if key == "$ref":
                yield one
            else:
                yield from referred(one)
    elif isinstance(value, list):
        for one in value:
            yield from referred(one)


def parameter(whole, definition, name):
    said = whole["$defs"][definition]["properties"][name]
    while said.get("$ref", "").startswith(f"#/$defs/{name}."):  # shared with other components
        said = whole["$defs"][said["$ref"].removeprefix("#/$defs/")]
    return said


def test_it_is_json_and_every_reference_in_it_leads_somewhere(whole):
    text = json.dumps(whole, allow_nan=False)
    assert json.loads(text) == whole
    assert whole["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    for reference in referred(whole):
        assert reference.removeprefix("#/$defs/") in whole["$defs"]


def test_it_stays_small_enough_for_an_editor(whole):
    assert len(json.dumps(whole)) < 500_000


def test_it_has_every_key_of_a_recipe_with_a_description(whole):
    assert set(whole["properties"]) == set(KEYS)
    assert all(one["description"] for one in whole["properties"].values())


def test_it_has_every_component_and_every_parameter(whole):
    for entry in catalog().entries:
        definition = whole["$defs"][f"{entry.kind}:{entry.full_name.replace('/', ':')}"]
        missing = set(entry.component.parameters) - set(definition["properties"])
        assert not missing, entry.full_name


@pytest.mark.parametrize("kind", KINDS)
def test_every_name_is_accepted_and_no_other(whole, kind):
    alternatives = whole["$defs"][f"{kind}-name"]["anyOf"]
    offered = {one["const"] for one in alternatives if "const" in one}
    pattern = re.compile(next(one["pattern"] for one in alternatives if "pattern" in one))
    for name in catalog().names(kind):
        assert name in offered or pattern.search(name), name
    for name in ("nothing_of_the_kind", "losses/nothing", "losses/huber2", "x/losses/huber"):
        assert name not in offered
        assert not pattern.search(name)


def test_what_a_parameter_takes_is_said_as_far_as_it_is_sure(whole):
    assert parameter(whole, "layer:layers:dense", "kernel_initializer")["default"] == "glorot_uniform"
    assert (
        parameter(whole, "layer:layers:dense", "kernel_initializer")["$ref"]
        == "#/$defs/initializer-parameter"
    )
    smoothing = parameter(whole, "loss:losses:categorical_crossentropy", "label_smoothing")
    assert (smoothing["minimum"], smoothing["maximum"], smoothing["default"]) == (0, 1, 0.0)
    assert (
        parameter(whole, "scheduler:schedulers:one_cycle", "total_steps")["default"]
        == "${training.total_steps}"
    )
    assert whole["$defs"]["layer:layers:dense"]["required"] == ["units"]
    # What the run provides need not be there.
    assert whole["$defs"]["model:models:sequential"]["required"] == ["layers"]


def third_party(name, *components):
    return Plugin(entry=EntryPoint(name, f"keras_{name}", f"keras-{name}", "1.0"), components=components)


def test_a_bare_name_that_two_plugins_offer_is_not_offered():
    mine = declare.loss("focal", "keras_mine:Focal", summary="Mine.")
    yours = declare.loss("focal", "keras_yours:Focal", summary="Yours.")
    only = declare.loss(
        "only", "keras_yours:Only", parameters={"mode": Parameter("mode", choices=("a", "b"))}
    )
    made = schema(Catalog([third_party("mine", mine), third_party("yours", yours, only)]))
    alternatives = made["$defs"]["loss-name"]["anyOf"]
    offered = {one["const"]: one["description"] for one in alternatives if "const" in one}
    assert offered == {"mine/focal": "Mine.", "yours/focal": "Yours.", "only": ""}
    mode = made["$defs"]["loss:yours:only"]["properties"]["mode"]
    assert mode["anyOf"][0] == {"enum": ["a", "b", None]}


def test_a_component_that_takes_more_than_it_names_is_left_open():
    import dataclasses

    closed = declare.layer("closed", "keras_mine:Closed")
    opened = dataclasses.replace(declare.layer("opened", "keras_mine:Opened"), open_ended=True)
    made = schema(Catalog([third_party("mine", closed, opened)]))
    assert made["$defs"]["layer:mine:closed"]["additionalProperties"] is False
    assert "additionalProperties" not in made["$defs"]["layer:mine:opened"]


def test_a_default_for_which_json_has_no_word_is_left_out():
    endless = declare.layer(
        "endless", "keras_mine:Endless", parameters={"most": Parameter("most", float("inf"))}
    )
    made = schema(Catalog([third_party("mine", endless)]))
    assert "default" not in made["$defs"]["layer:mine:endless"]["properties"]["most"]
