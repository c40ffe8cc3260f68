"""Names that several plugins offer: both sides are named, and no clash changes a meaning."""

from hornbook import declare
from hornbook.catalog import Catalog
from hornbook.clashes import clashes
from hornbook.discovery.plugin import EntryPoint, Plugin


def offering(name, *components, distribution=""):
    entry = EntryPoint(name, name, distribution or f"keras-{name}", "1.0")
    return Plugin(entry=entry, components=components)


def told(*plugins):
    return [(one.severity, one.message, one.hint) for one in clashes(Catalog(plugins))]


WING = declare.loss("wing", "keras.losses:Huber")


def test_names_of_one_plugin_each_clash_with_nothing():
    assert told(offering("acme", WING), offering("other", declare.metric("wing", "keras.metrics:AUC"))) == []


def test_two_third_parties_are_both_named():
    ((severity, message, hint),) = told(offering("acme", WING), offering("other", WING))
    assert severity == "warning"
    assert "acme/wing (keras-acme 1.0) and other/wing (keras-other 1.0)" in message
    assert hint == "write acme/wing or other/wing"


def test_an_official_name_stays_its_own():
    huber = declare.loss("huber", "keras.losses:Huber")
    ours = offering("losses", huber, distribution="hornbook-losses")
    ((severity, message, _),) = told(ours, offering("acme", huber))
    assert severity == "note"
    assert "losses/huber (hornbook-losses 1.0)" in message
    assert "acme/huber (keras-acme 1.0)" in message
    assert message.endswith("the bare name means losses/huber")


def test_an_alias_that_is_anothers_name():
    feather = declare.loss("feather", "keras.losses:Dice", aliases=["wing"])
    ((severity, message, hint),) = told(offering("acme", WING), offering("other", feather))
    assert severity == "warning"
    assert "other/feather (keras-other 1.0), which is also called 'wing'" in message
    assert hint == "write other/feather or acme/wing"


def test_a_plugin_that_is_set_aside_clashes_with_nothing():
    broken = Plugin(entry=EntryPoint("other", "other", "keras-other", "1.0"), state="broken")
    assert told(offering("acme", WING), broken) == []
