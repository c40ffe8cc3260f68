"""`list`, `search`, `show` and `plugins`: for people and, in fixed shapes, for programs."""

import pytest

import hornbook as library

COMPONENT = {
    "kind",
    "name",
    "full_name",
    "plugin",
    "distribution",
    "version",
    "summary",
    "aliases",
    "target",
    "tags",
}
ACME = """
    from hornbook import Parameter, declare, hookimpl

    @hookimpl
    def hornbook_components():
        yield declare.loss(
            "sharp", "acme.losses:Sharp", summary="Red\\x1b[31m\\nalert\\u202e", reference="Roe 2020"
        )
        yield declare.loss("huber", "acme.losses:Sharp")
"""
LOSSES = """
    import keras

    class Sharp(keras.losses.Loss):
        def __init__(self, power=2.0, name="sharp"):
            super().__init__(name=name)
            self.power = power
"""


@pytest.fixture
def acme(site):
    modules = {"acme/__init__.py": "", "acme/plugin.py": ACME, "acme/losses.py": LOSSES}
    site.install("keras-acme", [("acme", "acme.plugin")], modules, requires=["keras"])


def test_list_groups_components_by_kind_in_aligned_columns(invoke):
    listed = invoke("list")
    assert listed.code == 0
    assert listed.err == ""
    headings = [line.split(" ")[0] for line in listed.out.splitlines() if line and line[0] != " "]
    assert headings[:3] == ["losses", "optimizers", "schedulers"]
    huber = next(line for line in listed.out.splitlines() if line.startswith("  huber "))
    adam = next(line for line in listed.out.splitlines() if line.startswith("  adam "))
    summaries = {entry.full_name: entry.component.summary for entry in library.components()}
    columns = {
        huber.index(summaries["losses/huber"]),
        adam.index(summaries["optimizers/adam"]),
    }
    assert len(columns) == 1


@pytest.mark.parametrize("word", ["scheduler", "schedulers"])
def test_list_takes_a_kind_in_the_singular_or_plural(invoke, word):
    listed = invoke("list", word, "--json").json["components"]
    assert [one["name"] for one in listed] == [one.name for one in library.components("scheduler")]


def test_list_json_has_the_documented_shape(invoke):
    printed = invoke("list", "--json").json
    assert set(printed) == {"schema_version", "components"}
    assert printed["schema_version"] == 1
    assert len(printed["components"]) == len(library.components())
    assert all(set(component) == COMPONENT for component in printed["components"])


def test_an_unknown_kind_is_a_mistake_in_usage(invoke):
    listed = invoke("list", "los")
    assert (listed.code, listed.out) == (2, "")
    assert "did you mean 'loss'?" in listed.err


def test_search_wants_every_word_and_ranks_names_first(invoke):
    found = invoke("search", "cosine", "restarts", "--json").json["components"]
    names = [one["name"] for one in found]
    assert names[0] == "cosine_decay_restarts"
    assert "cosine_annealing" in names  # by its tag
    assert "cosine_similarity" not in names


def test_search_that_finds_nothing_offers_the_nearest_name(invoke):
    found = invoke("search", "hubber")
    assert (found.code, found.out) == (0, "")
    assert "'huber'" in found.err


@pytest.mark.parametrize("name", ["huber", "losses/huber", "loss:huber", "loss:losses/huber"])
def test_show_understands_every_way_to_name_a_component(invoke, name):
    shown = invoke("show", name)
    assert shown.code == 0
    for expected in (
        "losses/huber",
        "hornbook_losses.full_config:Huber",
        "Huber 1964",
        "delta",
        "loss: {use: huber, delta: 1.0}",
    ):
        assert expected in shown.out


def test_show_json_has_the_documented_shape(invoke):
    printed = invoke("show", "one_cycle", "--json").json
    assert set(printed) == COMPONENT | {"schema_version", "parameters"}
    parameters = {one["name"]: one for one in printed["parameters"]}
    assert set(parameters["rise"]) == {"name", "default", "required", "description"}
    assert parameters["rise"]["default"] == 0.45
    assert parameters["max_learning_rate"]["required"] is True
    assert parameters["total_steps"]["required"] is False, "the run fills it in"


def test_show_gives_all_kinds_that_share_a_name(invoke):
    shown = invoke("show", "relu")
    assert "keras.layers:ReLU" in shown.out
    assert "keras.activations:relu" in shown.out
    assert "layer:relu or activation:relu" in shown.out
    objects = invoke("show", "relu", "--json").json["components"]
    assert [one["kind"] for one in objects] == ["layer", "activation"]


@pytest.mark.parametrize(
    ("name", "code", "words"),
    [
        ("hubber", 3, "did you mean 'huber'?"),
        ("loss:adam", 3, "no loss 'adam'"),
        ("acme/focal", 3, "no component 'acme/focal': no plugin 'acme' is installed"),
        ("lossy:huber", 2, "no kind 'lossy'"),
    ],
)
def test_show_says_what_is_wrong_with_a_name(invoke, name, code, words):
    shown = invoke("show", name)
    assert (shown.code, shown.out) == (code, "")
    assert words in shown.err


def test_plugins_json_has_the_documented_shape(invoke):
    printed = invoke("plugins", "--json").json
    assert set(printed) == {"schema_version", "plugins"}
    losses = next(one for one in printed["plugins"] if one["name"] == "losses")
    documented = {
        "name": "losses",
        "distribution": "hornbook-losses",
        "version": "0.1.0",
        "state": "ready",
        "cause": "",
        "components": len(library.components("loss")),
    }
    assert losses | documented == losses


def test_a_broken_plugin_is_listed_with_its_cause(hornbook, site):
    site.install("keras-bad", [("bad", "bad")], {"bad.py": "raise RuntimeError('out\\x1b[2J of paint')"})
    listed = hornbook("plugins")
    assert listed.code == 0
    assert "bad is broken (import): RuntimeError: out\\x1b[2J of paint" in listed.out


def test_a_third_party_component_goes_by_its_full_name_and_cannot_steer_the_terminal(hornbook, acme):
    listed = hornbook("list", "loss")
    assert "  acme/sharp " in listed.out
    assert "Red\\x1b[31m alert\\u202e" in listed.out
    assert "\x1b" not in listed.out
    assert hornbook("show", "huber").out.count("full name") == 1, "the official one is meant"
    assert "loss: {use: acme/huber, power: 2.0}" in hornbook("show", "acme/huber").out
    assert "\x1b" not in hornbook("show", "sharp").out


def test_output_that_nobody_reads_to_the_end_is_no_error(command):
    import subprocess

    prefix, environment = command
    process = subprocess.Popen(
        [*prefix, "list"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    process.stdout.close()
    errors = process.stderr.read()
    assert (process.wait(60), errors) == (0, "")
