"""Plugins of third parties, as they may be: each in its state, with stage and cause; the others keep working."""

import json
import os
import shutil
import subprocess
import sys

import pytest

import hornbook

DECLARES = """
from hornbook import declare, hookimpl

@hookimpl
def hornbook_components():
    yield declare.loss({name!r}, {target!r}{more})
"""


def _declares(name="own_loss", target="keras.losses:MeanSquaredError", more=""):
    return DECLARES.format(name=name, target=target, more=more)


HOOK = "from hornbook import declare, hookimpl\n\n@hookimpl\ndef hornbook_components():\n"

# Distribution -> its plugin's module, and what is found: state, stage, part of the cause.
ZOO = {
    "zoo-good": (_declares("good_loss", "zoo_good:loss") + "\ndef loss():\n    ...\n", "ready", "", ""),
    "zoo-empty": ("", "ready", "", ""),
    "zoo-chatty": ("import sys, os\nprint('x' * 100_000)\nos.write(2, b'y' * 100_000)\n", "ready", "", ""),
    "zoo-argument": ("import sys\nassert len(sys.argv) < 9\nsys.stdin.read()\n", "ready", "", ""),
    "zoo-syntax": ("def hornbook_components(:\n", "broken", "import", "SyntaxError"),
    "zoo-import": (
        "import zoo_nothing_like_it\n",
        "broken",
        "import",
        "No module named 'zoo_nothing_like_it'",
    ),
    "zoo-raise": ("raise RuntimeError('no\\nlicense')\n", "broken", "import", "RuntimeError: no license"),
    "zoo-exit": ("raise SystemExit(3)\n", "broken", "import", "SystemExit: 3"),
    "zoo-interrupt": ("raise KeyboardInterrupt\n", "broken", "import", "KeyboardInterrupt"),
    "zoo-gone": ("import os\nos._exit(5)\n", "broken", "import", "ended the process"),
    "zoo-killed": (
        "import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)\n",
        "broken",
        "import",
        "SIGSEGV",
    ),
    "zoo-deep": ("def f(): f()\nf()\n", "broken", "import", "RecursionError"),
    "zoo-hook": (HOOK + "    raise ValueError('hook')\n", "broken", "hooks", "ValueError: hook"),
    "zoo-halfway": (
        HOOK + "    yield declare.loss('a', 'keras:A')\n    1 / 0\n",
        "broken",
        "hooks",
        "ZeroDivision",
    ),
    "zoo-misspelt": (
        HOOK.replace("hornbook_components", "hornbook_component") + "    return []\n",
        "broken",
        "hooks",
        "did you mean 'hornbook_components'?",
    ),
    "zoo-arguments": (
        HOOK.replace("components()", "components(registry)") + "    return []\n",
        "broken",
        "hooks",
        "registry",
    ),
    "zoo-endless": (
        HOOK + "    while True:\n        yield declare.loss('a', 'keras:A')\n",
        "broken",
        "hooks",
        "more than 10,000",
    ),
    "zoo-number": (HOOK + "    return 7\n", "broken", "hooks", "TypeError"),
    "zoo-strings": (
        HOOK + "    return ['mse']\n",
        "broken",
        "declaration",
        "yields str where a Component is due",
    ),
    "zoo-name": (_declares(name="OwnLoss"), "broken", "declaration", "'OwnLoss' is not snake_case"),
    "zoo-alias": (_declares(more=", aliases=['Own']"), "broken", "declaration", "'Own' is not snake_case"),
    "zoo-form": (
        _declares(target="keras.losses.MeanSquaredError"),
        "broken",
        "declaration",
        "not of the form",
    ),
    "zoo-foreign": (_declares(target="numpy.linalg:norm"), "broken", "declaration", "lies in 'numpy'"),
    "zoo-core": (_declares(target="hornbook.api:get"), "broken", "declaration", "lies in 'hornbook'"),
    "zoo-labels": (_declares(more=", labels='words'"), "broken", "declaration", "no label form 'words'"),
    "zoo-fact": (
        _declares(more=", provided={'delta': 'data.clases'}"),
        "broken",
        "declaration",
        "'data.clases'",
    ),
    "zoo-object": (
        _declares(more=", defaults={'delta': object()}"),
        "broken",
        "declaration",
        "not plain data",
    ),
    "zoo-facts": (
        _declares(more=", facts={'shape': {8, 8}}"),
        "broken",
        "declaration",
        "facts are not plain data",
    ),
    "zoo-kind": (
        "from hornbook import Component, hookimpl\n\n@hookimpl\ndef hornbook_components():\n"
        "    yield Component(kind='los', name='a', target='keras:A')\n",
        "broken",
        "declaration",
        "no kind 'los'",
    ),
    "zoo-twice": (
        HOOK
        + "    yield declare.loss('a', 'keras:A')\n    yield declare.loss('b', 'keras:B', aliases=['a'])\n",
        "broken",
        "declaration",
        "'a' names both 'keras:A' and 'keras:B'",
    ),
    "zoo-missing": (_declares(target="keras.losses:MeanSquareError"), "broken", "target", "MeanSquareError"),
    "zoo-nowhere": (_declares(target="zoo_nowhere.inner:Loss"), "broken", "target", "zoo_nowhere.inner"),
    "zoo-noncallable": (_declares(target="keras:__version__"), "broken", "target", "not callable"),
    "zoo-type": (_declares(target="keras.layers:Dense"), "broken", "target", "no keras.losses.Loss"),
    "zoo-preset": (
        _declares(target="keras.losses:Huber", more=", defaults={'dleta': 2.0}"),
        "broken",
        "target",
        "presets 'dleta', which keras.losses:Huber does not take",
    ),
    "zoo-provide": (
        _declares(target="keras.losses:Huber", more=", provided={'dleta': 'data.classes'}"),
        "broken",
        "target",
        "provides 'dleta'",
    ),
    "zoo-command": (
        "from hornbook import hookimpl\n\n@hookimpl\ndef hornbook_commands():\n    yield {'name': 'x'}\n",
        "broken",
        "declaration",
        "TypeError",
    ),
    "zoo-recipe": (
        "from pathlib import Path\nfrom hornbook import hookimpl\n\n@hookimpl\ndef hornbook_recipes():\n"
        "    yield Path('/nowhere/to/be/found.yaml')\n",
        "broken",
        "declaration",
        "which is not there",
    ),
}


def _module(distribution):
    return distribution.replace("-", "_")


@pytest.fixture(scope="module")
def zoo(tmp_path_factory, make_site, cache):
    """All of them installed, and what a fresh process finds; they are looked into together, once."""
    hornbook.plugins()
    folder = tmp_path_factory.mktemp("zoo")
    shutil.copytree(cache, folder / "cache")
    site = make_site(folder / "site")
    for distribution, (module, *_) in ZOO.items():
        point = (distribution, _module(distribution))
        requires = ["hornbook-registry>=0.1"]
        site.install(distribution, [point], {f"{_module(distribution)}.py": module}, requires=requires)
    one = _declares("shared_loss")
    # Names that two claim, that are reserved, and that no index of packages would take.
    site.install("twins-a", [("twins", "twins_a")], {"twins_a.py": one})
    site.install("twins-b", [("twins", "twins_b")], {"twins_b.py": one}, version="2.0")
    site.install("better-losses", [("losses", "better_losses")], {"better_losses.py": one})
    site.install("shouting", [("SHOUTING", "shouting")], {"shouting.py": one})
    site.install("attribute", [("attribute", "attribute:plugin")], {"attribute.py": one})
    # What their metadata says of the registry.
    future = ["hornbook-registry>=99", "keras"]
    site.install(
        "from-the-future", [("future", "from_the_future")], {"from_the_future.py": "1 / 0"}, requires=future
    )
    extra = ["hornbook-registry>=99; extra == 'next'"]
    site.install("by-extra", [("by_extra", "by_extra")], {"by_extra.py": one}, requires=extra)
    site.install(
        "bad-requirement", [("bad_requirement", "bad_req")], {"bad_req.py": one}, requires=["keras (>="]
    )
    site.install(
        "nameless", [("nameless", "nameless")], {"nameless.py": one}, metadata="Metadata-Version: 2.4\n"
    )
    # Two more that offer one name; and one that offers what an official plugin offers.
    site.install(
        "offers-a",
        [("offers_a", "offers_a")],
        {"offers_a.py": _declares("offered", more=", aliases=['off']")},
    )
    site.install("offers-b", [("offers_b", "offers_b")], {"offers_b.py": _declares("offered")})
    site.install("offers-huber", [("offers_huber", "offers_huber")], {"offers_huber.py": _declares("huber")})
    path = os.pathsep.join((str(site.path), os.environ.get("PYTHONPATH", "")))
    done = subprocess.run(
        [sys.executable, "-c", LOOK],
        env={**os.environ, "PYTHONPATH": path, "XDG_CACHE_HOME": str(folder / "cache")},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


LOOK = """
import json
import hornbook

def found(kind, name):
    try:
        made = hornbook.get(kind, name)
    except hornbook.HornbookError as error:
        (problem,) = error.problems
        return [problem.code, problem.message, problem.hint, error.exit_code]
    return type(made).__module__ + ":" + type(made).__name__

print(json.dumps({
    "plugins": [
        [one.distribution, one.name, one.version, one.state, one.stage, one.cause, len(one.components)]
        for one in hornbook.plugins()
    ],
    "found": {
        name: found("loss", name)
        for name in (
            "huber", "offers_huber/huber", "offered", "off", "offers_b/offered", "shared_loss",
            "twins/shared_loss", "zoo-syntax/own_loss", "zoo-good/good_loss", "by_extra/shared_loss",
        )
    },
    "components": [one.full_name for one in hornbook.components("loss")],
}))
"""


def _plugin(zoo, distribution):
    (found,) = (plugin for plugin in zoo["plugins"] if plugin[0] == distribution)
    return found


@pytest.mark.parametrize("distribution", ZOO)
def test_a_plugin_is_in_its_state(zoo, distribution):
    _, state, stage, cause = ZOO[distribution]
    _, name, version, *found, components = _plugin(zoo, distribution)
    assert (name, version, *found[:2]) == (distribution, "1.0", state, stage)
    assert cause in found[2]
    assert "\n" not in found[2]
    assert (found[2] == "") is (state == "ready")
    assert components == (1 if distribution == "zoo-good" else 0)


def test_the_official_plugins_are_ready_whatever_else_is_installed(zoo):
    official = [plugin for plugin in zoo["plugins"] if plugin[0].startswith("hornbook-")]
    assert len(official) == 10
    assert {plugin[3] for plugin in official} == {"ready"}


@pytest.mark.parametrize(
    ("distribution", "state", "cause"),
    [
        ("twins-a", "conflicting", "also claimed by twins-b 2.0"),
        ("twins-b", "conflicting", "also claimed by twins-a 1.0"),
        ("better-losses", "conflicting", "reserved for hornbook-losses"),
        ("shouting", "broken", "'SHOUTING'"),
        ("attribute", "broken", "'attribute:plugin'"),
        ("from-the-future", "incompatible", "it requires hornbook-registry>=99"),
        ("by-extra", "ready", ""),
        ("bad-requirement", "broken", "keras (>="),
        ("nameless", "broken", "metadata"),
    ],
)
def test_names_and_requirements_are_decided_from_metadata(zoo, distribution, state, cause):
    found = _plugin(zoo, distribution)
    assert found[3] == state
    assert cause in found[5]


def test_a_bare_name_means_the_official_component(zoo):
    assert zoo["found"]["huber"] == "hornbook_losses.full_config:Huber"
    assert zoo["found"]["offers_huber/huber"] == "keras.src.losses.losses:MeanSquaredError"


def test_a_name_that_two_offer_is_an_error_that_names_both(zoo):
    code, message, hint, exit_code = zoo["found"]["offered"]
    assert code == "HB202"
    assert "offers_a/offered (offers-a 1.0)" in message and "offers_b/offered (offers-b 1.0)" in message
    assert "offers_a/offered or offers_b/offered" in hint
    assert exit_code == 3
    assert {"offers_a/offered", "offers_b/offered"} <= set(zoo["components"])


def test_names_that_only_one_offers_work_bare_and_full(zoo):
    expected = "keras.src.losses.losses:MeanSquaredError"
    for name in ("off", "offers_b/offered", "shared_loss", "by_extra/shared_loss"):
        assert zoo["found"][name] == expected


def test_a_plugin_that_is_set_aside_contributes_nothing_and_says_why(zoo):
    code, message, _, exit_code = zoo["found"]["twins/shared_loss"]
    assert (code, exit_code) == ("HB204", 3)
    assert "is conflicting" in message
    code, message, _, _ = zoo["found"]["zoo-syntax/own_loss"]
    assert code == "HB204"
    assert "zoo-syntax 1.0" in message and "SyntaxError" in message


def test_a_target_that_yields_nothing_is_told(zoo):
    code, _, hint, exit_code = zoo["found"]["zoo-good/good_loss"]
    assert (code, exit_code) == ("HB302", 3)
    assert "zoo-good 1.0" in hint


def test_a_plugin_that_hangs_is_broken_and_the_others_are_not(site, look):
    """None of these declares components, so Keras is not waited for."""
    site.install("sleepy", [("sleepy", "sleepy")], {"sleepy.py": "import time\ntime.sleep(600)\n"})
    site.install("busy", [("busy", "busy")], {"busy.py": "while True:\n    pass\n"})
    hook = HOOK.replace("components", "commands") + "    import time\n    time.sleep(600)\n"
    site.install("hooked", [("hooked", "hooked")], {"hooked.py": hook})
    site.install("awake", [("awake", "awake")], {"awake.py": ""})
    _, found = look(HORNBOOK_INSPECTION_SECONDS="1.5")
    assert {name: found[name]["state"] for name in ("sleepy", "busy", "hooked", "awake")} == {
        "sleepy": "broken",
        "busy": "broken",
        "hooked": "broken",
        "awake": "ready",
    }
    assert "1.5 seconds" in found["sleepy"]["cause"]
    assert (found["sleepy"]["stage"], found["hooked"]["stage"]) == ("import", "hooks")


def test_a_plugin_that_eats_memory_is_broken(site, look):
    site.install(
        "hungry", [("hungry", "hungry")], {"hungry.py": "held = [bytearray(10**7) for _ in range(10**5)]\n"}
    )
    _, found = look(HORNBOOK_INSPECTION_MEGABYTES="300")
    assert found["hungry"]["state"] == "broken"
    assert "megabytes" in found["hungry"]["cause"]


@pytest.mark.parametrize(
    ("environment", "disabled"),
    [({"HORNBOOK_DISABLE": "tiny"}, {"tiny"}), ({"HORNBOOK_PLUGINS": "tiny"}, {"other"}), ({}, set())],
)
def test_plugins_that_are_not_wanted_are_not_imported(site, look, tmp_path, environment, disabled):
    for name in ("tiny", "other"):
        trace = f"from pathlib import Path\nPath({str(tmp_path / name)!r}).write_text('imported')\n"
        site.install(name, [(name, name)], {f"{name}.py": trace})
    _, found = look(**environment)
    for name in ("tiny", "other"):
        assert found[name]["state"] == ("disabled" if name in disabled else "ready")
        assert (tmp_path / name).exists() is (name not in disabled)
