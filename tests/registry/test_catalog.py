"""Names -> components: installing a plugin never changes what a name means."""

import pytest

from hornbook import declare
from hornbook.catalog import Catalog, Entry
from hornbook.discovery.plugin import EntryPoint, Plugin
from hornbook.problem import Problem


def _plugin(name, *components, state="ready", cause=""):
    distribution = f"hornbook-{name}" if name in ("losses", "layers", "metrics") else f"keras-{name}"
    entry = EntryPoint(name, f"{name}.plugin", distribution, "1.5")
    return Plugin(entry=entry, state=state, cause=cause, components=components)


def _loss(name, **details):
    return declare.loss(name, "keras:Loss", **details)


HUBER, FOCAL = _loss("huber", aliases=["smooth_l1"]), _loss("focal")
OFFICIAL = _plugin("losses", HUBER)


def _found(catalog, name, kind="loss"):
    found = catalog.find(kind, name)
    return (found.code, found.message, found.hint) if isinstance(found, Problem) else found.full_name


@pytest.mark.parametrize("name", ["huber", "losses/huber", "loss:huber", "loss:losses/huber", "smooth_l1"])
def test_a_component_goes_by_its_names_bare_and_full(name):
    assert _found(Catalog([OFFICIAL]), name) == "losses/huber"


def test_an_official_component_comes_before_any_other_in_whatever_order():
    acme = _plugin("acme", _loss("huber"))
    for plugins in ([OFFICIAL, acme], [acme, OFFICIAL]):
        catalog = Catalog(plugins)
        assert _found(catalog, "huber") == "losses/huber"
        assert _found(catalog, "acme/huber") == "acme/huber"
        assert [entry.full_name for entry in catalog.of("loss")] == ["acme/huber", "losses/huber"]


def test_an_alias_that_another_has_for_its_name_changes_nothing():
    acme = _plugin("acme", _loss("own", aliases=["huber", "focal"]))
    other = _plugin("other", FOCAL)
    assert _found(Catalog([OFFICIAL, acme]), "huber") == "losses/huber"
    assert _found(Catalog([acme]), "huber") == "acme/own"
    assert _found(Catalog([acme, other]), "focal")[0] == "HB202"


def test_a_third_partys_component_goes_by_its_bare_name_until_a_second_offers_it():
    acme, other = _plugin("acme", FOCAL), _plugin("other", FOCAL)
    assert _found(Catalog([OFFICIAL, acme]), "focal") == "acme/focal"
    code, message, hint = _found(Catalog([OFFICIAL, acme, other]), "focal")
    assert code == "HB202"
    assert "acme/focal (keras-acme 1.5) and other/focal (keras-other 1.5)" in message
    assert "acme/focal or other/focal" in hint
    assert _found(Catalog([acme, other]), "other/focal") == "other/focal"


def test_a_component_that_names_itself_twice_is_still_one():
    assert _found(Catalog([_plugin("acme", _loss("own", aliases=["own"]))]), "own") == "acme/own"


def test_kinds_have_names_of_their_own():
    catalog = Catalog([_plugin("acme", _loss("same"), declare.metric("same", "keras:Metric"))])
    assert _found(catalog, "same") == _found(catalog, "same", "metric") == "acme/same"
    assert catalog.find("metric", "same").kind == "metric"


@pytest.mark.parametrize(
    ("name", "kind", "code", "words"),
    [
        ("hubber", "loss", "HB201", "did you mean 'huber'?"),
        ("Huber", "loss", "HB201", "did you mean 'huber'?"),
        ("smoothl1", "loss", "HB201", "did you mean 'smooth_l1'?"),
        ("nothing-alike", "loss", "HB201", "hornbook list loss"),
        ("huber", "metric", "HB201", "'huber' is a loss"),
        ("losses/hubber", "loss", "HB201", "did you mean 'losses/huber'?"),
        ("loses/huber", "loss", "HB203", "did you mean 'losses'?"),
        ("acme/huber", "loss", "HB203", "install the distribution"),
        ("metric:huber", "loss", "HB201", "hornbook list loss"),
        ("", "loss", "HB201", "hornbook list loss"),
        ("/", "loss", "HB203", "install the distribution"),
    ],
)
def test_a_name_that_is_none_is_told_with_the_remedy(name, kind, code, words):
    found = _found(Catalog([OFFICIAL]), name, kind)
    assert found[0] == code
    assert words in found[2]


@pytest.mark.parametrize("state", ["broken", "incompatible", "disabled", "conflicting"])
def test_what_a_plugin_that_is_not_ready_offers_is_not_there(state):
    catalog = Catalog([OFFICIAL, _plugin("acme", FOCAL, state=state, cause="it is made of cheese")])
    assert [entry.full_name for entry in catalog.entries] == ["losses/huber"]
    code, message, _ = _found(catalog, "acme/focal")
    assert code == "HB204"
    assert f"is {state}: it is made of cheese" in message and "keras-acme 1.5" in message
    # Who did not ask for the plugin hears of it only where it might be what is missing.
    assert _found(catalog, "huber") == "losses/huber"
    assert ("acme" in _found(catalog, "focal")[2]) is (state != "disabled")


def test_entries_come_by_kind_then_name():
    components = (declare.layer("b", "keras:B"), declare.loss("z", "keras:Z"), declare.layer("a", "keras:A"))
    entries = Catalog([_plugin("acme", *components)]).entries
    assert [(entry.kind, entry.name) for entry in entries] == [("loss", "z"), ("layer", "a"), ("layer", "b")]
    assert entries[0] == Entry(components[1], "acme", "keras-acme", "1.5")
