"""`--plugins`, `--no-plugins`, and the one line on plugins that cannot be used."""

import pytest

LIGHT = """
from hornbook import hookimpl

@hookimpl
def hornbook_commands():
    yield {"name": "tidy", "target": "tiny:tidy", "help": "Tidies."}
"""


@pytest.fixture
def broken(site):
    site.install("keras-acme", [("acme", "keras_acme")], {"keras_acme.py": "raise ImportError('no luck')"})


def test_only_the_plugins_that_are_named(hornbook):
    components = hornbook("--plugins", "losses, metrics", "list", "--json").json["components"]
    assert {one["plugin"] for one in components} == {"losses", "metrics"}


def test_no_plugins(hornbook):
    assert hornbook("--no-plugins", "list", "--json").json["components"] == []
    states = {one["state"] for one in hornbook("--no-plugins", "plugins", "--json").json["plugins"]}
    assert states == {"disabled"}


def test_a_plugin_that_is_left_out_is_not_imported(hornbook, site, tmp_path):
    source = f"open({str(tmp_path / 'imported')!r}, 'w')\n{LIGHT}"
    site.install("keras-acme", [("acme", "keras_acme")], {"keras_acme.py": source})
    hornbook("--plugins", "losses", "list")
    assert not (tmp_path / "imported").exists()
    hornbook("list")
    assert (tmp_path / "imported").exists()


@pytest.mark.parametrize("words", [["list"], ["check", "digits"]])
def test_one_that_is_asked_for_and_not_installed(hornbook, words):
    result = hornbook("--plugins", "looses", *words)
    assert result.code == 3
    assert "no plugin 'looses' is installed" in result.err
    assert "did you mean 'losses'?" in result.err


def test_one_that_is_asked_for_and_broken(hornbook, broken):
    result = hornbook("--plugins", "acme", "list")
    assert result.code == 3
    assert result.out == ""
    assert "the plugin 'acme' (keras-acme 1.0) is broken: ImportError: no luck" in result.err
    assert "pip install --upgrade keras-acme" in result.err
    assert hornbook("--plugins", "acme", "plugins").code == 0  # which is there to tell of it


def test_one_that_nobody_asked_for_is_one_line(hornbook, broken):
    for command in (
        ["list"],
        ["search", "huber"],
        ["show", "huber"],
        ["check", "digits"],
        ["freeze", "digits"],
    ):
        result = hornbook(*command)
        assert result.code == 0
        (line,) = result.err.splitlines()
        assert line.startswith("warning: the plugin acme (keras-acme 1.0) is broken: ImportError: no luck")
        assert "`hornbook doctor`" in line


@pytest.mark.parametrize("words", [["list", "--json"], ["plugins"], ["doctor"], ["--help"], ["runs"]])
def test_where_it_is_not_told(hornbook, broken, words):
    assert "keras-acme" not in hornbook(*words).err


def test_many_are_one_line_too(hornbook, site):
    for number in range(7):
        site.install(f"acme-{number}", [(f"acme{number}", "nowhere")], {})
    (line,) = hornbook("list").err.splitlines()
    assert line.startswith("warning: 7 plugins cannot be used: acme0, acme1, acme2, acme3, acme4 and 2 more;")


def test_a_bad_setting_is_told(hornbook, tmp_path):
    (tmp_path / "pyproject.toml").write_text('[tool.hornbook]\nplugins = "losses"\n')
    result = hornbook("list")
    assert result.code == 2
    assert "pyproject.toml" in result.err
