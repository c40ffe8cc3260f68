"""What a run runs on, as it is written down."""

import json
import os
import subprocess
from importlib.metadata import version

import hornbook
from hornbook.catalog import catalog
from hornbook.runner.surroundings import environment, revision


def test_every_distribution_in_play_is_there():
    described = environment.describe(hornbook.read("digits"), environment.trackers(catalog()))
    found = described["distributions"]
    for name in (
        "keras",
        "numpy",
        "hornbook-registry",
        "hornbook-losses",
        "hornbook-datasets",
        "scikit-learn",
    ):
        assert found[name] == version(name)
    assert found["scipy"] == version("scipy")  # which scikit-learn requires
    assert found["mlflow"] == version("mlflow")
    assert {"click", "hornbook-cli"} <= found.keys()
    assert not {"pytest", "ruff"} & found.keys()
    assert environment.describe(hornbook.read("digits"))["distributions"].get("mlflow") is None
    assert json.loads(json.dumps(described)) == described


def test_what_computes_also_where_a_tracker_requires_it_is_no_bystander():
    found = environment.bystanders(hornbook.read("digits"), "tensorflow", catalog())
    assert {"hornbook-cli", "hornbook-mlflow", "mlflow"} <= found
    assert not {"numpy", "keras", "hornbook-registry"} & found


def test_devices_and_settings_are_named(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    monkeypatch.setenv("SECRET_TOKEN", "hush")
    described = environment.describe(hornbook.read("iris"))
    assert described["devices"]["names"] and isinstance(described["devices"]["gpus"], list)
    assert 1 <= described["devices"]["cpu_count"] <= os.cpu_count()
    assert described["settings"]["floatx"] == "float32"
    assert described["settings"]["OMP_NUM_THREADS"] == "3"
    assert "hush" not in json.dumps(described)


def test_the_commit_is_in_the_environment_and_the_journal(tmp_path, monkeypatch):
    (tmp_path / "code.py").write_text("1\n")
    who = {
        f"GIT_{one}_{what}": "t@example.org" for one in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    for arguments in (["init", "-q", "-b", "trunk"], ["add", "code.py"], ["commit", "-q", "-m", "first"]):
        subprocess.run(["git", *arguments], env={**os.environ, **who}, check=True)
    monkeypatch.setattr(revision, "PATIENCE", 60)
    done = hornbook.run("iris", ["training.epochs=1", "~expect"], tracking=False)
    told = json.loads(done.folder.environment.read_text())
    assert told["git"] == hornbook.runs()[0].details["git"]
    assert (len(told["git"]["commit"]), told["git"]["branch"], told["git"]["clean"]) == (40, "trunk", True)
    pinned = json.loads(done.folder.journal.read_text().splitlines()[-1])["requirements"]
    names = {one.partition("==")[0] for one in pinned}
    assert {"keras", "hornbook-layers"} <= names and not {"mlflow", "scipy", "hornbook-cli"} & names
