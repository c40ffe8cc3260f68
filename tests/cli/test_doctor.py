"""`hornbook doctor`: what is wrong with an installation, and what to type."""

import resource
import subprocess

import pytest

LIGHT = """
from hornbook import hookimpl

@hookimpl
def hornbook_commands():
    yield {"name": "tidy", "target": "tiny:tidy", "help": "Tidies."}
"""


@pytest.fixture
def doctor(hornbook):
    """What the doctor says of a part: its facts, and its findings as (severity, message, remedy)."""

    def look(part, code=0, *arguments, **environment):
        result = hornbook("doctor", "--json", *arguments, **environment)
        assert result.code == code, result.out + result.err
        assert result.json["ok"] == (code == 0)
        found = next(one for one in result.json["parts"] if one["name"] == part)
        return found["facts"], [tuple(one.values()) for one in found["findings"]]

    return look


def test_nothing_is_wrong_with_this_installation(hornbook):
    result = hornbook("doctor", PYTHONDONTWRITEBYTECODE="")
    assert result.code == 0, result.out
    assert "error" not in result.out


def test_a_plugin_that_is_broken(doctor, site):
    site.install("acme", [("acme", "acme")], {"acme.py": "import acme_core"}, requires=["acme-core>=2"])
    facts, ((severity, message, remedy), *_) = doctor("plugins", 3)
    assert "1 broken" in facts
    assert severity == "error"
    assert "acme (acme 1.0) is broken at import: ModuleNotFoundError: No module named 'acme_core'" in message
    assert remedy == 'pip install "acme-core>=2"'


@pytest.mark.parametrize(
    ("entry", "requires", "remedy"),
    [
        ("acme", ["hornbook-registry>=99"], "pip install --upgrade acme hornbook-registry"),
        ("losses", [], "pip uninstall acme"),
    ],
)
def test_a_plugin_that_is_set_aside(doctor, site, entry, requires, remedy):
    site.install("acme", [(entry, "acme")], {"acme.py": LIGHT}, requires=requires)
    _, ((severity, _, told), *_) = doctor("plugins", 3)
    assert severity == "error"
    assert told.startswith(remedy)


def test_a_plugin_that_is_slow_to_import(doctor, site):
    slow = f"import time\ntime.sleep(0.2)\nimport sqlite3, numpy\n{LIGHT}"
    site.install("acme", [("acme", "acme")], {"acme.py": slow})
    _, ((severity, message, _), *_) = doctor("plugins")
    assert severity == "warning"
    assert "importing acme of the plugin acme (acme 1.0) takes" in message
    assert "brings in numpy" in message


def test_names_that_clash(doctor, site):
    source = LIGHT.replace("hornbook_commands", "hornbook_components").partition("    yield")[0]
    source += "    yield declare.loss('huber', 'keras.losses:Huber')\n"
    site.install(
        "acme", [("acme", "acme")], {"acme.py": source.replace("hookimpl\n", "declare, hookimpl\n", 1)}
    )
    _, found = doctor("plugins")
    assert [one[0] for one in found] == ["note"]
    assert "losses/huber" in found[0][1]
    assert "acme/huber" in found[0][1]


@pytest.mark.parametrize(
    ("backend", "message"), [("torch", "torch, which is not installed"), ("abacus", "'abacus'")]
)
def test_a_backend_that_is_not_there(doctor, backend, message):
    # Where torch is installed, something else has to be missing.
    if backend == "torch" and _installed("torch"):
        backend, message = "numpy", "'numpy'"
    _, ((severity, told, remedy),) = doctor("backends", 3, KERAS_BACKEND=backend)
    assert severity == "error"
    assert "KERAS_BACKEND says" in told
    assert message in told
    assert "export KERAS_BACKEND=" in remedy


def _installed(module):
    from importlib.util import find_spec

    return find_spec(module) is not None


def test_versions_that_do_not_go_together(doctor, site):
    site.install(
        "acme", [("acme", "acme")], {"acme.py": LIGHT}, requires=["click>=99", 'nowhere; extra == "x"']
    )
    _, ((severity, message, remedy),) = doctor("versions", 3)
    assert severity == "error"
    assert message.startswith("acme requires click>=99, and 8.")
    assert remedy == 'pip install "click>=99"'


def test_versions_that_a_dependency_does_not_go_with_are_a_warning(doctor, site):
    site.install("core", [], {"core.py": ""}, requires=["click<1"])
    site.install("acme", [("acme", "acme")], {"acme.py": LIGHT}, requires=["core"])
    _, ((severity, message, _),) = doctor("versions")
    assert severity == "warning"
    assert message.startswith("core requires click<1")


@pytest.mark.parametrize(
    ("uri", "message"),
    [
        ("mlruns", "is a folder"),
        ("file:///tmp/mlruns", "is a folder"),
        ("sqlite:///not-a-database.db/mlflow.db", "cannot be made there"),
        ("sqlite:///not-a-database.db", "is no SQLite database"),
        ("http://", "names no server"),
        ("gopher://somewhere", "is no tracking store"),
    ],
)
def test_a_tracking_store_that_will_not_do(doctor, tmp_path, uri, message):
    (tmp_path / "not-a-database.db").write_text("something else altogether")
    _, ((severity, told, remedy),) = doctor("tracking", 3, MLFLOW_TRACKING_URI=uri)
    assert severity == "error"
    assert message in told
    assert "MLFLOW_TRACKING_URI" in remedy


@pytest.mark.parametrize(
    "uri", ["sqlite:///new.db", "https://user:secret@tracking.example:5000", "postgresql://db/x"]
)
def test_a_tracking_store_that_will_do(doctor, uri):
    facts, found = doctor("tracking", MLFLOW_TRACKING_URI=uri)
    assert found == []
    assert "secret" not in facts


def test_an_index_that_cannot_be_kept(command, tmp_path):
    def no_room():
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))

    arguments, environment = command
    (tmp_path / "empty").mkdir()
    elsewhere = {
        "XDG_CACHE_HOME": str(tmp_path / "none"),
        "TMPDIR": str(tmp_path / "empty"),
        "HORNBOOK_PLUGINS": "",
    }
    done = subprocess.run(
        [*arguments, "doctor"],
        env=environment | elsewhere,
        preexec_fn=no_room,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3
    assert f"error: there is no index: it cannot be kept in {tmp_path / 'none'}" in done.stdout
    assert "export XDG_CACHE_HOME=" in done.stdout


def test_an_index_that_is_kept_elsewhere(doctor, tmp_path):
    (tmp_path / "file").write_text("")
    (tmp_path / "temporary").mkdir()
    facts, ((severity, _, _),) = doctor(
        "index",
        XDG_CACHE_HOME=str(tmp_path / "file"),
        TMPDIR=str(tmp_path / "temporary"),
        HORNBOOK_PLUGINS="",
    )
    assert severity == "warning"
    assert str(tmp_path / "temporary") in facts


def test_bytecode_that_is_missing_and_never_written(doctor, tmp_path):
    _, found = doctor("bytecode", PYTHONPYCACHEPREFIX=str(tmp_path), PYTHONDONTWRITEBYTECODE="1")
    assert {one[0] for one in found} == {"warning"}
    assert any(one[2].startswith("python -m compileall -q ") and one[2].endswith("/keras") for one in found)


def test_refresh_looks_again(hornbook, site):
    """What only the world outside can mend, such as a plugin that asks for something at import."""
    source = f"import os\nassert os.environ.get('LICENCE')\n{LIGHT}"
    site.install("acme", [("acme", "acme")], {"acme.py": source})
    wanted = {"HORNBOOK_PLUGINS": "acme"}
    assert hornbook("doctor", **wanted).code == 3
    assert hornbook("doctor", LICENCE="yes", **wanted).code == 3
    assert hornbook("doctor", "--refresh", LICENCE="yes", **wanted).code == 0
    assert hornbook("doctor", **wanted).code == 0


def test_escapes_are_shown_inert(hornbook, site):
    site.install("acme", [("acme", "acme")], {"acme.py": "raise ValueError('\\x1b[31mred')"})
    assert "\x1b" not in hornbook("doctor").out


def test_it_imports_nothing_heavy(command):
    (python, *_), environment = command
    script = (
        "import sys\nfrom hornbook_cli.main import main\n"
        "try:\n    main()\nfinally:\n    print(*sys.modules, sep='\\n', file=sys.stderr)"
    )
    done = subprocess.run(
        [python, "-c", script, "doctor"], env=environment, capture_output=True, text=True, check=False
    )
    loaded = {line.partition(".")[0] for line in done.stderr.splitlines()}
    assert "hornbook_cli" in loaded
    assert not loaded & {"keras", "numpy", "tensorflow", "jax", "torch", "mlflow", "hornbook_losses"}
