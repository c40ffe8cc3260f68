"""The index: fresh whenever anything was installed or edited, and never a condition of anything."""

import json
import os
import time

import pytest

from hornbook.discovery import storage

COMMANDS = """
from hornbook import hookimpl

@hookimpl
def hornbook_commands():
    yield {"name": "tidy", "target": "tiny:tidy", "help": "Tidies."}
"""


@pytest.fixture
def tiny(site, look):
    """A plugin without components, the only one that is wanted: looking into it takes no Keras, so no time."""
    site.install("tiny", [("tiny", "tiny")], {"tiny.py": COMMANDS})

    def look_for(**environment):
        looked_into, found = look(**{"HORNBOOK_PLUGINS": "tiny,other", **environment})
        return looked_into, {name: found[name] for name in ("tiny", "other") if name in found}

    return look_for


@pytest.fixture
def index(site, monkeypatch):
    """The file of the index."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(site.path.parent / "cache"))
    return next(storage.places())


def _edit(site, name, text):
    """As an editor would, some time later."""
    file = site.path / name
    before = file.stat().st_mtime_ns
    while file.stat().st_mtime_ns == before:
        file.write_text(text)
        time.sleep(0.001)


def test_what_is_known_is_not_looked_into_again(tiny):
    looked_into, first = tiny()
    assert (looked_into, first["tiny"]["state"]) == (["tiny"], "ready")
    looked_into, second = tiny()
    assert (looked_into, second) == ([], first)


def test_only_what_was_installed_is_looked_into(site, tiny):
    tiny()
    site.install("other", [("other", "other")], {"other.py": ""})
    looked_into, found = tiny()
    assert looked_into == ["other"]
    assert {name: plugin["state"] for name, plugin in found.items()} == {"tiny": "ready", "other": "ready"}
    assert tiny()[0] == []


def test_what_was_removed_is_gone(site, tiny):
    tiny()
    site.uninstall("tiny")
    looked_into, found = tiny()
    assert (looked_into, found) == ([], {})


def test_a_new_version_is_looked_into(site, tiny):
    tiny()
    site.uninstall("tiny")
    site.install("tiny", [("tiny", "tiny")], {"tiny.py": "1 / 0"}, version="2.0")
    looked_into, found = tiny()
    assert looked_into == ["tiny"]
    assert (found["tiny"]["version"], found["tiny"]["state"]) == ("2.0", "broken")


def test_an_edited_plugin_shows_at_the_next_call(site, tiny):
    tiny()
    for text, state in (
        ("syntax error", "broken"),
        (COMMANDS, "ready"),
        ("raise SystemExit", "broken"),
        ("", "ready"),
    ):
        _edit(site, "tiny.py", text)
        looked_into, found = tiny()
        assert (looked_into, found["tiny"]["state"]) == (["tiny"], state)
        assert tiny()[0] == []


def test_an_edit_deep_within_a_plugins_package_shows(site, look):
    module = "from packed.deep.inner import hooks\n"
    files = {"packed/__init__.py": "", "packed/hornbook.py": module, "packed/deep/__init__.py": ""}
    site.install("packed", [("packed", "packed.hornbook")], {**files, "packed/deep/inner.py": "hooks = []\n"})
    assert look()[1]["packed"]["state"] == "ready"
    _edit(site, "packed/deep/inner.py", "hook = []\n")
    looked_into, found = look()
    assert looked_into == ["packed"]
    assert "cannot import name 'hooks'" in found["packed"]["cause"]
    _edit(site, "packed/deep/inner.py", "hooks = []\n")
    assert look()[1]["packed"]["state"] == "ready"


def test_a_plugin_that_hung_is_looked_into_once_it_was_edited(site, tiny):
    site.install("other", [("other", "other")], {"other.py": "while True: pass\n"})
    assert tiny(HORNBOOK_INSPECTION_SECONDS="1")[1]["other"]["state"] == "broken"
    assert tiny()[0] == []
    _edit(site, "other.py", "")
    looked_into, found = tiny()
    assert (looked_into, found["other"]["state"]) == (["other"], "ready")


def test_what_was_broken_for_want_of_something_is_looked_into_when_that_comes(site, tiny):
    site.install("other", [("other", "other")], {"other.py": "import wanted_by_other\n"})
    assert tiny()[1]["other"]["state"] == "broken"
    site.install("wanted", [], {"wanted_by_other.py": ""})
    looked_into, found = tiny()
    assert (looked_into, found["other"]["state"]) == (["other"], "ready")


@pytest.mark.parametrize(
    "damage",
    [
        lambda whole: b"",
        lambda whole: whole[: len(whole) // 2],
        lambda whole: whole[:-1],
        lambda whole: whole.replace(b"tidy", b"tied", 1),
        lambda whole: b"\0" * len(whole),
        lambda whole: b"null",
        lambda whole: b"[" * 100_000,
        lambda whole: json.dumps({"format": 1, "plugins": 7}).encode(),
        lambda whole: _sealed(b"{}"),
        lambda whole: _sealed(b'{"fingerprint": 1, "inspector": 2, "keras": 3, "entries": 4, "plugins": 5}'),
    ],
    ids=["empty", "half", "cut", "changed", "zeros", "null", "deep", "foreign", "sealed", "sealed nonsense"],
)
def test_a_damaged_index_is_made_anew(tiny, index, damage):
    _, first = tiny()
    index.write_bytes(damage(index.read_bytes()))
    looked_into, found = tiny()
    assert (looked_into, found) == (["tiny"], first)
    assert tiny()[0] == []


def _sealed(line):
    """With a heading that is right, so that only what it says is wrong."""
    return storage.heading(line) + b"\n" + line


def test_an_index_that_others_could_have_written_is_not_trusted(tiny, index):
    tiny()
    index.chmod(0o666)
    assert tiny()[0] == ["tiny"]


@pytest.mark.parametrize("place", ["a folder", "a pipe", "a dangling link"])
def test_something_else_in_the_place_of_the_index(tiny, index, place):
    _, first = tiny()
    index.unlink()
    if place == "a folder":
        index.mkdir()
    elif place == "a pipe":
        os.mkfifo(index)
    else:
        index.symlink_to(index.parent / "nowhere")
    assert tiny()[1] == first


def test_without_any_place_for_the_index_everything_works(tiny, tmp_path):
    """A cache directory and a folder for temporary files that are files: nothing can be written there."""
    (tmp_path / "a-file").write_text("")
    environment = {"XDG_CACHE_HOME": str(tmp_path / "a-file"), "HOME": str(tmp_path / "a-file")}
    for _ in range(2):
        _, found = tiny(**environment, TMPDIR=str(tmp_path / "a-file"))
        assert found["tiny"]["state"] == "ready"


def test_the_index_is_the_users_own(tiny, index):
    tiny()
    assert index.stat().st_mode & 0o077 == 0
    assert [file.name for file in index.parent.iterdir()] == [index.name]


def test_reading_imports_no_keras_no_backend_and_no_plugin(python):
    """With a warm index, and also where a recipe is read and checked."""
    script = """
        import json, sys
        import hornbook
        hornbook.components(), hornbook.plugins()
        assert len(hornbook.components("layer")) > 100
        kernel = {entry.name: entry for entry in hornbook.components("layer")}["dense"].component.parameters["units"]
        assert kernel.required
        recipe = hornbook.read("digits", ["training.epochs=2"])
        assert recipe.training.epochs == 2
        print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
    """
    loaded = set(json.loads(python(script)))
    heavy = {"keras", "numpy", "tensorflow", "jax", "torch", "mlflow", "sklearn", "pandas", "scipy"}
    assert loaded & heavy == set()
    assert {name for name in loaded if name.startswith("hornbook_")} == set()


def test_importing_hornbook_imports_next_to_nothing(python):
    script = "import sys, json, hornbook; print(json.dumps([name.partition('.')[0] for name in sys.modules]))"
    assert set(json.loads(python(script))) & {"keras", "numpy", "yaml", "packaging", "platformdirs"} == set()
