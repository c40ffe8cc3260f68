"""A sweep, carried out: what it leaves, and that a trial is what the recipe's run alone would be."""

import json
import os
import signal

import numpy as np
import pytest

import hornbook
from hornbook.catalog import catalog
from hornbook.reports import contents
from hornbook.runner.delivery.forwarding import Forwarder
from hornbook.runner.journals.journal import read
from hornbook.sweeps.planning import Search, plan
from hornbook.sweeps.ranking import ranked
from hornbook.sweeps.record import sweep_record
from hornbook.sweeps.space import read_variables
from hornbook.sweeps.sweep import SweepOptions, carry_out, resume

from .conftest import RECIPE

OPTIMIZERS = [
    "adam",
    {"use": "sgd", "learning_rate": 1e30, "weight_decay": 1e30},
]  # so that none comes through


@pytest.fixture(scope="module")
def stirred():
    """How many trials had begun each time that the process beside `swept` was told to draw."""
    return []


@pytest.fixture(scope="module")
def swept(tmp_path_factory, stirred):
    """A sweep over optimizers, one of which makes the loss infinite, and over seeds."""
    folder = tmp_path_factory.mktemp("swept")
    (folder / "small.yaml").write_text(RECIPE)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("HORNBOOK_REPORTS", "on")
        variables = {"optimizer": OPTIMIZERS, "seed": [1, 2]}
        stir = Forwarder.stir

        def noted(forwarder):
            stirred.append(len([*(folder / "runs").glob("*-small-*")]))
            stir(forwarder)

        patch.setattr(Forwarder, "stir", noted)
        return hornbook.sweep("small.yaml", variables, tracking=False)


def test_what_draws_is_told_of_each_trial_before_the_next_begins(swept, stirred):
    assert stirred == [1, 2, 3, 4]


def test_every_trial_is_tried_whatever_became_of_those_before(swept):
    assert swept.outcome == "finished"
    assert [trial.number for trial in swept.trials] == [1, 2, 3, 4]
    assert [trial.values["seed"] for trial in swept.trials] == [1, 2, 1, 2]
    assert [trial.outcome for trial in swept.trials] == ["finished", "finished", "diverged", "diverged"]
    assert all(trial.value is None and "loss" in trial.error for trial in swept.trials[2:])


def test_the_best_is_of_the_best_group(swept):
    (group,) = ranked(swept)
    values = [trial.value for trial in swept.trials[:2]]
    assert group.mean == pytest.approx(sum(values) / 2)
    assert group.spread == pytest.approx(abs(values[0] - values[1]) / 2**0.5)
    assert swept.best.value == max(values)
    assert swept.best.metrics["val_accuracy"] == swept.best.value


@pytest.mark.parametrize("trial", [0, 1])
def test_a_trial_has_the_weights_of_the_same_run_alone(swept, trial, small):
    trial = swept.trials[trial]
    overrides = [f"seed={trial.values['seed']}", "optimizer=adam"]
    alone = hornbook.run(small, overrides, tracking=False)
    of_trial = hornbook.load(trial.folder.path)
    for ours, theirs in zip(of_trial.get_weights(), alone.model.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    assert trial.metrics == alone.metrics
    assert [one.name for one in of_trial.layers] == ["dense", "dropout", "head"]  # as in a process of its own


def test_a_trial_is_a_run_that_knows_its_sweep(swept):
    runs = hornbook.runs(swept.folder.runs)
    assert [run.id for run in runs] == [trial.run_id for trial in swept.trials]
    for run, trial in zip(runs, swept.trials, strict=True):
        sweep = run.details["sweep"]
        assert sweep == {
            "id": swept.id,
            "folder": str(swept.folder.path),
            "trial": trial.number,
            "values": dict(trial.values),
            "metric": "val_accuracy",
        }
        assert run.details["source"].endswith("small.yaml")
        curves = [one for one in contents(run.folder) if one.file == "learning_curves.png"]
        assert len(curves) == (trial.outcome == "finished")


def test_the_journal_says_what_was_asked_and_what_came_of_it(swept):
    first, *trials, last = read(swept.folder.journal)
    assert (first["event"], last["event"]) == ("sweep_started", "sweep_ended")
    assert first["variables"] == {"optimizer": OPTIMIZERS, "seed": [1, 2]}
    assert (first["method"], first["metric"], first["direction"]) == ("grid", "val_accuracy", "maximize")
    assert (first["trials"], first["sweep_id"], last["best"]) == (4, swept.id, swept.best.number)
    assert [event["event"] for event in trials] == ["trial_started", "trial_ended"] * 4


def test_the_reports_compare_the_trials(swept):
    listed = {entry.file: entry.kind for entry in contents(swept.folder)}
    assert listed == {
        "leaderboard.md": "markdown",
        "leaderboard.json": "json",
        "learning_curves.png": "image",
    }
    assert (swept.folder.reports / "learning_curves.png").read_bytes().startswith(b"\x89PNG")
    board = json.loads((swept.folder.reports / "leaderboard.json").read_text())
    assert board["best"] == swept.best.number
    assert board["seconds"] == pytest.approx(swept.seconds) and swept.seconds > 0
    assert [group["trials"] for group in board["groups"]] == [[t.number for t in ranked(swept)[0].trials]]
    text = (swept.folder.reports / "leaderboard.md").read_text()
    assert "4 of 4 trials, 2 diverged." in text
    assert f"| 1 | adam | {ranked(swept)[0].mean:.4g} |" in text


def test_reading_the_folder_gives_the_same_sweep(swept):
    again = sweep_record(swept.folder)
    assert (again.trials, again.outcome, again.best) == (swept.trials, swept.outcome, swept.best)


def test_what_a_trial_does_differently_is_not_laid_to_its_own_recipe(swept):
    page = (swept.trials[1].folder.reports / "difference.md").read_text()
    assert "| seed | 5 | 2 |  |" in page


def test_another_backend_is_refused_before_anything_is_written(swept):
    before = swept.folder.journal.read_bytes()
    with pytest.raises(hornbook.HornbookError, match="and Keras is to run on another now") as refused:
        resume(swept.folder, catalog(), SweepOptions(backend="another", tracking=False))
    (problem,) = refused.value.problems
    assert problem.code == "HB523" and " --backend " in problem.hint
    assert swept.folder.journal.read_bytes() == before


def test_nothing_is_left_to_do(swept):
    with pytest.raises(hornbook.HornbookError, match="all 4 trials of the sweep"):
        hornbook.resume_sweep(swept, tracking=False)


def test_a_worker_that_is_killed_takes_one_trial_with_it(small, on_jax, workers):
    killed = []

    def listen(event):
        if event["event"] == "epoch" and not killed:
            killed.extend(workers())
            os.kill(killed[0], signal.SIGKILL)

    planned = plan(
        small, ["training.epochs=15"], read_variables(["seed=1,2"]), Search(metric="loss"), catalog()
    )
    sweep = carry_out(planned, SweepOptions(tracking=False, listener=listen, jobs=1))
    assert [trial.outcome for trial in sweep.trials] == ["failed", "finished"]
    assert "SIGKILL" in sweep.trials[0].error
    assert sweep.outcome == "finished"
    assert workers() == []

    lost, done = (trial.folder.journal.read_bytes() for trial in sweep.trials)
    again = hornbook.resume_sweep(sweep)
    assert [trial.outcome for trial in again.trials] == ["finished", "finished"]
    assert [trial.run_id for trial in again.trials] == [trial.run_id for trial in sweep.trials]
    assert again.trials[0].folder.journal.read_bytes().startswith(lost.rpartition(b"\n")[0])
    assert again.trials[1].folder.journal.read_bytes() == done
    # What is compared is of the training split, which no recipe's expectation asks to be scored.
    assert [trial.value for trial in again.trials] == [trial.metrics["loss"] for trial in again.trials]
    assert not any((trial.folder.path / "delivery").exists() for trial in again.trials)


def test_a_worker_that_has_had_its_share_is_relieved(small, on_jax, workers, monkeypatch):
    monkeypatch.setattr("hornbook.sweeps.crew.MOST_TRIALS", 2)
    at_work = []

    def listen(event):
        if event["event"] == "epoch" and event["epoch"] == 1:
            at_work.append(workers())

    planned = plan(small, [], read_variables(["seed=1..5"]), Search(), catalog())
    sweep = carry_out(planned, SweepOptions(tracking=False, listener=listen, jobs=1))
    assert [trial.outcome for trial in sweep.trials] == ["finished"] * 5
    (one,), (same,), (another,), (still,), (third,) = at_work
    assert one == same and another == still and len({one, another, third}) == 3
    assert workers() == []


@pytest.mark.usefixtures("bench")
def test_after_a_trial_that_failed_another_process_takes_over(on_jax):
    callbacks = [[{"use": "raising", "epoch": 1}], []]
    sweep = hornbook.sweep("bench-points", {"callbacks": callbacks, "seed": [1, 2]}, tracking=False)
    assert [trial.outcome for trial in sweep.trials] == ["failed", "failed", "finished", "finished"]
    assert sorted(file.name for file in (sweep.folder.path / "workers").iterdir()) == [
        "1.txt",
        "2.txt",
        "3.txt",
    ]


def test_where_keras_cannot_be_imported_the_sweep_does_not_go_on(small, monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "a_backend_that_nobody_has")
    with pytest.raises(
        hornbook.HornbookError, match=r"could not start: .*a_backend_that_nobody_has"
    ) as raised:
        hornbook.sweep(small, {"seed": [1, 2]}, tracking=False)
    assert raised.value.problems[0].code == "HB547"
