"""`hornbook reproduce`: the verdict for people and programs, and its exit code."""

import json
import shutil

import pytest

from hornbook.runner.journals.folder import RunFolder
from hornbook.runner.journals.journal import Journal, read

RECIPE = """
recipe: 1
name: sharpened
data: {use: iris, validation: 0.2}
model: [{use: dense, units: 3, activation: softmax}]
loss: acme/sharp
training: {epochs: 2}
resolved: {acme: keras-acme 2.5, datasets: hornbook-datasets 0.1.0}
"""


@pytest.fixture
def copy(runs, run_of, tmp_path):
    """A finished run in a folder of runs that a test may change."""
    shutil.copytree(runs / run_of("iris"), tmp_path / "runs" / run_of("iris"))
    return RunFolder(tmp_path / "runs" / run_of("iris"))


def test_the_same_again_is_told_to_programs(invoke, copy):
    done = invoke("reproduce", copy.id[:20], "--no-tracking", "--json")
    assert done.code == 0, done.err
    told = done.json
    assert (told["reproduces"], told["verdict"], told["outcome"]) == (copy.id, "identical", "finished")
    assert told["run_id"] != copy.id and (told["run_dir"], told["tolerance"]) == (
        str(copy.path.parent / told["run_id"]),
        0.001,
    )
    assert {(one["name"], one["when"]) for one in told["compared"]} >= {
        ("val_accuracy", "epochs"),
        ("val_accuracy", "end"),
        ("test_loss", "end"),
    }
    assert {one["verdict"] for one in told["compared"]} == {told["weights"]["verdict"]} == {"identical"}
    assert isinstance(told["metrics"], dict) and told["remarks"] == []


def test_another_result_is_shown_metric_by_metric(invoke, copy):
    events = read(copy.journal)
    events[1]["metrics"]["loss"] *= 2
    events[0]["data"]["digest"] = "sha256:" + "0" * 64
    copy.journal.write_text("".join(json.dumps(event) + "\n" for event in events))
    environment = json.loads(copy.environment.read_text())
    environment["distributions"]["numpy"] = "1.99\x1b[31m"
    copy.environment.write_text(json.dumps(environment))
    done = invoke("reproduce", "latest", "--no-tracking")
    assert done.code == 1
    lines = done.out.splitlines()
    assert lines[0].startswith("different: ") and f"against {copy.id}" in lines[0]
    assert "the data is another now" in lines[1]
    loss = next(line.split() for line in lines if line.split()[:3] == ["loss", "2", "epochs"])
    assert loss[-6:] == ["50", "%", "in", "epoch", "1", "different"]
    assert any(line.split()[0] == "val_loss" and line.endswith("identical") for line in lines if line.strip())
    assert "the weights are identical, bit for bit" in done.out
    assert any(line.split()[:1] == ["numpy"] and "may change the result" in line for line in lines)
    assert "warning: the data is another now" in done.err and "warning: numpy: 1.99" in done.err
    assert "\x1b" not in done.out + done.err


def test_a_plugin_that_is_gone_is_named_with_what_to_install(invoke, tmp_path):
    folder = RunFolder(tmp_path / "runs" / "20260101-000000-sharpened-0000")
    folder.path.mkdir(parents=True)
    folder.recipe.write_text(RECIPE)
    journal = Journal(folder.journal)
    journal.write("started", run_id=folder.id, name="sharpened", backend="tensorflow")
    journal.write("epoch", epoch=1, metrics={"loss": 1.0})
    journal.close()
    done = invoke("reproduce", "latest")
    assert done.code == 3
    assert 'pip install "keras-acme==2.5"' in done.err
    assert [run.name for run in (tmp_path / "runs").iterdir()] == [folder.id]


def test_what_is_not_there_or_not_possible_is_refused(invoke, tmp_path):
    missing = invoke("reproduce", "20260101")
    assert (missing.code, "nor in a tracking store" in missing.err) == (2, True)
    assert "--tracking-uri" in missing.err
    assert invoke("reproduce", "latest").code == 2
    assert invoke("reproduce", "latest", "--tolerance", "-1").code == 2
    assert not (tmp_path / "runs").exists() and not (tmp_path / "mlflow.db").exists()


def test_a_server_that_is_away_is_named_without_its_password(invoke):
    done = invoke("reproduce", "a" * 32, "--tracking-uri", "http://ada:hush@127.0.0.1:9")
    assert done.code == 1
    assert "mlflow could not give it" in done.err
    assert "hush" not in done.out + done.err
