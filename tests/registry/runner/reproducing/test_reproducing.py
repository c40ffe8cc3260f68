"""A run carried out once more: what counts as the same, and what is said of the rest."""

import contextlib
import io
import json
import os
import shutil
import signal
import zipfile
from dataclasses import replace
from pathlib import Path

import h5py
import numpy as np
import pytest

import hornbook
from hornbook.catalog import catalog
from hornbook.runner.journals.folder import RunFolder, find
from hornbook.runner.journals.journal import read
from hornbook.runner.reproducing.originals import original
from hornbook.runner.reproducing.reproduction import compare
from hornbook.runner.run import Options, carry_out
from hornbook.runner.session import Result
from hornbook.runner.training.divergence import Divergence

RECIPE = """
recipe: 1
name: small
seed: 3
data: {use: npz, path: data.npz, validation: 0.25}
model:
  - {use: dense, units: 8, activation: tanh}
  - {use: dropout, rate: 0.2}
  - {use: dense, units: 2, activation: softmax}
loss: sparse_categorical_crossentropy
optimizer: {use: adam, learning_rate: {use: cosine_annealing, initial_learning_rate: 0.01}}
metrics: [accuracy]
training: {epochs: 3, batch_size: 8}
expect: {val_accuracy: {min: 0.0}}
"""


@pytest.fixture(autouse=True, scope="module")
def _without_reports():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HORNBOOK_REPORTS", "off")
        yield


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A folder with a recipe, its data, a finished run of it in `runs`, and in `again` its reproduction."""
    folder = tmp_path_factory.mktemp("original")
    (folder / "recipe.yaml").write_text(RECIPE)
    inputs = np.random.default_rng(0).normal(size=(48, 4)).astype("float32")
    np.savez(folder / "data.npz", x=inputs, y=(inputs[:, 0] > 0).astype("int64"))
    with contextlib.chdir(folder):
        assert hornbook.run("recipe.yaml", tracking=False).outcome == "finished"
    return folder


@pytest.fixture(scope="module")
def done(finished):
    """The reproduction of the finished run."""
    with contextlib.chdir(finished):
        return hornbook.reproduce(
            finished / "runs" / _only(finished / "runs"), runs_dir="again", tracking=False
        )


def _only(runs):
    (run,) = runs.iterdir()
    return run.name


@pytest.fixture
def copy(finished, tmp_path):
    """The finished run in a folder of runs that a test may change: its path."""
    shutil.copytree(finished / "runs", tmp_path / "runs")
    return tmp_path / "runs" / _only(tmp_path / "runs")


@pytest.fixture
def against(copy, done):
    """Compares the reproduction with the copy as it is now, as if that had been reproduced."""

    def compared(tolerance=1e-3, **changes):
        run = done.run
        result = Result(run.outcome, run.metrics, run.history)
        first = original(RunFolder(copy), catalog())
        return compare(first, run.folder, replace(result, **changes), catalog(), tolerance)

    return compared


def reproduced(run="latest", **options):
    return hornbook.reproduce(run, tracking=False, **options)


def changed(run, change):
    """Write a run's journal anew, each event as `change` gives it; those of which it gives none are gone."""
    journal = run / "journal.jsonl"
    events = [change(event) for event in read(journal)]
    journal.write_text("".join(json.dumps(one) + "\n" for one in events if one))


def test_the_same_bits_again(finished, done):
    run = finished / "runs" / _only(finished / "runs")
    assert done.verdict == "identical"
    comparison = done.comparison
    assert {(one.name, one.when, one.values) for one in comparison.metrics} == {
        *((name, "epochs", 3) for name in ("accuracy", "loss", "val_accuracy", "val_loss", "learning_rate")),
        *((name, "end", 1) for name in ("val_accuracy", "val_loss")),
    }
    assert comparison.weights.verdict == "identical" and comparison.weights.arrays >= 4
    assert (comparison.changes, comparison.remarks) == ((), ())

    new = done.run.folder
    assert new.id != run.name
    started, *_, ended = read(new.journal)
    assert started["reproduces"] == {"run_id": run.name}
    assert ended["reproduction"] == {"run_id": run.name, "verdict": "identical", "tolerance": 1e-3}
    assert (new.path / "recipe.yaml").read_text() == (run / "recipe.yaml").read_text()
    kept = json.loads((new.artifacts / "reproduction.json").read_text())
    assert (kept["reproduces"], kept["verdict"], len(kept["compared"])) == (run.name, "identical", 7)


@pytest.mark.parametrize(
    ("share", "tolerance", "verdict"),
    [(1 + 1e-5, 1e-3, "within tolerance"), (1 + 1e-5, 1e-6, "different"), (2.0, 1e-3, "different")],
)
def test_other_values_are_measured(copy, against, share, tolerance, verdict):
    def nudged(event):
        if event.get("epoch") != 2:
            return event
        return {**event, "metrics": {**event["metrics"], "loss": event["metrics"]["loss"] * share}}

    changed(copy, nudged)
    found = against(tolerance)
    assert found.verdict == verdict
    (loss,) = [one for one in found.metrics if one.verdict != "identical"]
    assert (loss.name, loss.first, loss.largest) == ("loss", 2, pytest.approx(1 - 1 / share))


def test_other_weights_are_not_identical_whatever_the_metrics_are(copy, against):
    model = copy / "artifacts" / "model.keras"
    with zipfile.ZipFile(model) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    held = io.BytesIO(parts["model.weights.h5"])
    with h5py.File(held, "r+") as stored:
        kernel = stored["layers/dense/vars/0"]
        kernel[0, 0] += 1.0
    with zipfile.ZipFile(model, "w") as archive:
        for name, content in {**parts, "model.weights.h5": held.getvalue()}.items():
            archive.writestr(name, content)
    found = against()
    assert (found.verdict, found.weights.verdict, found.weights.differing) == (
        "within tolerance",
        "different",
        1,
    )
    model.write_bytes(b"no model")
    found = against()
    assert (found.verdict, found.weights) == ("identical", None)
    assert "is not a saved Keras model" in found.remarks[0]


def test_other_data_is_named_and_cannot_give_the_same(copy, against):
    def other(event):
        return event if event["event"] != "started" else {**event, "data": {"digest": "sha256:" + "0" * 64}}

    changed(copy, other)
    found = against(tolerance=1e9)
    assert found.verdict == "different"
    assert found.remarks[0].startswith("the data is another now (sha256:")


def test_what_is_another_now_is_named(copy, against):
    environment = copy / "environment.json"
    told = json.loads(environment.read_text())
    told["distributions"]["keras"] = "3.14.9"
    environment.write_text(json.dumps(told))
    found = against()
    (keras,) = found.changes
    assert (keras.what, keras.then, keras.matters, found.verdict) == ("keras", "3.14.9", True, "identical")
    environment.write_text("{")
    assert "what the original ran on is not known" in against().remarks


@pytest.mark.parametrize("outcome", ["failed", "interrupted", "diverged"])
def test_a_run_that_did_not_come_so_far_is_different(against, outcome):
    found = against(outcome=outcome)
    assert (found.verdict, found.weights) == ("different", None)
    assert outcome in found.remarks[0]


@pytest.mark.slow
def test_another_seed_is_another_run(copy):
    recipe = copy / "recipe.yaml"
    recipe.write_text(recipe.read_text().replace("seed: 3", "seed: 4"))
    done = reproduced(copy)
    assert (done.verdict, done.comparison.weights.verdict) == ("different", "different")


@pytest.mark.slow
@pytest.mark.parametrize("epochs", [4, 6])
def test_a_run_that_was_given_more_epochs_is_taken_through_each_of_its_ends(finished, tmp_path, epochs):
    stops = ["callbacks=[{use: early_stopping, monitor: loss, patience: 1, min_delta: 9.0}]"]
    hornbook.run(finished / "recipe.yaml", [*stops, "training.epochs=4"], tracking=False)
    first = hornbook.runs()[-1]
    assert first.epochs < 4, "it was to stop early"
    hornbook.resume("latest", epochs=epochs, tracking=False)
    whole = hornbook.runs()[-1]
    assert whole.epochs > first.epochs
    done = reproduced()
    assert done.verdict == "identical"
    assert [event["event"] for event in read(done.run.folder.journal) if event["event"] != "epoch"] == [
        *("started", "ended", "resumed", "ended")
    ]


def test_what_a_trial_was_compared_by_is_measured_once_more(finished, tmp_path):
    recipe = hornbook.read(finished / "recipe.yaml", ["training.epochs=1"])
    first = carry_out(recipe, catalog(), Options(Path("runs"), tracking=False, wanted="loss"))
    assert "loss" in first.metrics and "val_loss" in first.metrics
    done = reproduced()
    assert (done.verdict, done.run.metrics["loss"]) == ("identical", first.metrics["loss"])


@pytest.mark.slow
def test_of_an_interrupted_run_what_there_is_is_reproduced(finished, tmp_path):
    def interrupt(event):
        if event["event"] == "epoch" and event["epoch"] == 2:
            os.kill(os.getpid(), signal.SIGINT)

    recipe = hornbook.read(finished / "recipe.yaml", ["training.epochs=5"])
    run = carry_out(recipe, catalog(), Options(Path("runs"), tracking=False, listener=interrupt))
    assert run.outcome == "interrupted"
    done = reproduced(run)
    assert (done.verdict, done.run.outcome) == ("identical", "finished")
    assert {one.values for one in done.comparison.metrics} == {2}
    assert done.comparison.weights is None
    assert "what there is of it, 2 epochs, is reproduced" in done.comparison.remarks[0]
    assert hornbook.runs()[-1].details["epochs"] == 5  # the schedule was made for the whole


def test_of_a_killed_run_what_there_is_is_reproduced(copy, against):
    changed(copy, lambda event: None if event["event"] == "ended" or event.get("epoch") == 3 else event)
    with (copy / "journal.jsonl").open("a") as journal:
        journal.write('{"event": "epo')
    assert original(RunFolder(copy), catalog()).lengths == (2,)
    history = {name: values[:2] for name, values in hornbook.runs()[0].history.items()}
    found = against(history=history)
    assert (found.verdict, found.weights) == ("identical", None)
    assert "has not ended" in found.remarks[0]
    assert "its last line is torn" in found.remarks[1]


@pytest.mark.slow
def test_a_run_that_diverged_diverges_again(finished):
    changes = ["optimizer={use: sgd, learning_rate: 1e30}", "loss=mse", "model.layers.2.activation=linear"]
    changes += ["metrics=[]", "~expect"]
    run = hornbook.run(finished / "recipe.yaml", [*changes, "data.task=regression"], tracking=False)
    assert run.outcome == "diverged"
    done = reproduced(run)
    assert (done.verdict, done.run.outcome) == ("identical", "diverged")

    def earlier(event):
        return {**event, "diverged": {"epoch": 1, "step": 0}} if event["event"] == "ended" else event

    changed(run.folder.path, earlier)
    found = compare(original(run.folder, catalog()), done.run.folder, _result(done.run), catalog(), 1e-3)
    assert found.verdict == "different"
    assert found.remarks[0].startswith(
        "the original diverged after step 0 of epoch 1, and this run after step"
    )


def _result(run):
    last = read(run.folder.journal)[-1]["diverged"]
    where = Divergence(last["epoch"], last["step"], last["first_step"], float("nan"), (), (), None)
    return Result(run.outcome, run.metrics, run.history, divergence=where)


@pytest.mark.slow
def test_a_failed_run_keeps_where_it_failed_and_what_came_before(finished):
    def fail(event):
        if event["event"] == "epoch" and event["epoch"] == 2:
            raise RuntimeError("the listener fell over")

    recipe = hornbook.read(finished / "recipe.yaml")
    run = carry_out(recipe, catalog(), Options(Path("runs"), tracking=False, listener=fail))
    assert run.outcome == "failed"
    text = (run.folder.artifacts / "traceback.txt").read_text()
    assert "in fail" in text and text.rstrip().endswith("RuntimeError: the listener fell over")
    assert reproduced(run).verdict == "identical"
    resumed = hornbook.resume(run, tracking=False)
    assert resumed.outcome == "finished"
    assert not (run.folder.artifacts / "traceback.txt").exists()


def test_what_cannot_be_reproduced_is_refused(copy):
    changed(copy, lambda event: event if event["event"] == "started" else None)
    with pytest.raises(hornbook.HornbookError, match="nothing to reproduce") as refused:
        reproduced(copy)
    assert refused.value.problems[0].code == "HB531"
    (copy / "recipe.yaml").unlink()
    with pytest.raises(hornbook.HornbookError, match=r"the recipe of the run .* is missing"):
        reproduced(copy)
    assert len(list(copy.parent.iterdir())) == 1


@pytest.mark.parametrize(
    "line",
    [
        "5",
        "[]",
        "null",
        '{"event": "epoch"}',
        '{"event": "epoch", "epoch": "x", "metrics": {}}',
        '{"event": "epoch", "epoch": 9, "metrics": {"loss": {}}}',
        '{"event": "ended", "outcome": [], "metrics": {}}',
        '{"event": "resumed", "epochs": -1}',
        '{"event": "started", "time": 1e99}',
        "[" * 100_000,
    ],
)
def test_a_journal_that_makes_no_sense_is_survived(copy, line):
    with (copy / "journal.jsonl").open("a") as journal:
        journal.write(line + "\n")
    found = hornbook.runs()[0]
    assert (found.outcome, found.epochs) == ("finished", 3)
    assert found.damage
    assert find("latest").id == found.id


def test_the_store_is_asked_only_where_nothing_is_here(copy):
    with pytest.raises(hornbook.HornbookError, match=r"no run 'nothing' in .*, nor in a tracking store"):
        reproduced("nothing")
    assert not Path("mlflow.db").exists()
