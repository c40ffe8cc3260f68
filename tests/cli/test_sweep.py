"""`sweep` and `sweeps`: what is refused, what is said, what is delivered, and going on after a kill."""

import json
import os
import signal
import subprocess
import time

import pytest

import hornbook as library
from hornbook.runner.journals.alone import alone
from hornbook.runner.journals.journal import read
from hornbook.sweeps.folder import all_sweeps
from hornbook.sweeps.record import sweep_record

RECIPE = """
recipe: 1
name: small
data: {use: digits, validation: 0.2}
model: [flatten, {use: dense, units: 8, activation: relu}, {use: dense, units: 10, activation: softmax}]
loss: sparse_categorical_crossentropy
metrics: [accuracy]
training: {epochs: 2, batch_size: 64}
tracking: {experiment: swept}
"""


@pytest.fixture(autouse=True)
def small(tmp_path):
    (tmp_path / "small.yaml").write_text(RECIPE)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "Missing argument 'RECIPE'"),
        (["small.yaml"], "nothing is varied [HB542]"),
        (["small.yaml", "-v", "seed"], "-v seed: error: 'seed' is nothing to vary [HB542]"),
        (["small.yaml", "-v", "seed=1,2", "--trials", "3"], "trials is said, which only a search has"),
        (
            ["small.yaml", "-v", "seed=1,2", "--optimize", "loss", "--random", "3"],
            "drawn at random or searched for",
        ),
        (["small.yaml", "--resume", "latest"], "takes no recipe"),
        (["--resume", "latest", "-v", "seed=1"], "takes no --vary"),
        (["--resume", "latest", "--minimize"], "takes no --maximize/--minimize"),
        (["--resume", "latest", "--search-seed", "0"], "takes no --search-seed"),
        (["--resume", "latest", "--set-file", "loss=small.yaml"], "takes no --set-file"),
        (["--resume", "latest"], "there is no sweep 'latest' in runs [HB541]"),
        (
            ["small.yaml", "-v", "optimizer=sgd,adm"],
            "there is no optimizer 'adm' (in the trial with optimizer=adm)",
        ),
        (["small.yaml", "-v", "seed=1,2", "--metric", "val_acc"], "did you mean 'val_accuracy'?"),
    ],
)
def test_what_is_wrong_is_said_before_anything_begins(invoke, tmp_path, arguments, words):
    done = invoke("sweep", *arguments)
    assert (done.code, done.out) == (2, "")
    assert words in done.err
    assert not (tmp_path / "runs").exists()


def test_there_are_no_sweeps_yet(invoke):
    assert "there are no sweeps in runs" in invoke("sweeps").err
    assert invoke("sweeps", "--json").json["sweeps"] == []
    assert "[HB541]" in invoke("sweeps", "nothing").err


def test_nothing_heavy_is_imported_to_check_and_to_show(command, tmp_path):
    (python, *_), environment = command
    script = (
        "import sys; from hornbook_cli.main import main\n"
        "try: main()\n"
        "finally: print(*sys.modules, sep='\\n', file=sys.stderr)\n"
    )
    for arguments in (["sweep", "small.yaml", "-v", "optimizer=adm"], ["sweeps"], ["sweep", "--help"]):
        done = subprocess.run(
            [python, "-c", script, *arguments], env=environment, capture_output=True, text=True, check=False
        )
        loaded = {line.partition(".")[0] for line in done.stderr.splitlines()}
        assert "hornbook_cli" in loaded
        assert not loaded & {
            "keras",
            "numpy",
            "tensorflow",
            "jax",
            "mlflow",
            "matplotlib",
            "optuna",
            "sklearn",
        }


def test_a_sweep_is_told_of_listed_and_delivered(hornbook, invoke, tmp_path):
    done = hornbook(
        "sweep", "small.yaml", "-v", "optimizer=sgd,adam", "-v", "seed=1,2", "--jobs", 2, "--backend", "jax"
    )
    assert done.code == 0, done.err
    (folder,) = all_sweeps(tmp_path / "runs")
    sweep = sweep_record(folder)
    best = sweep.best
    lines = done.out.splitlines()
    assert lines[0].startswith("finished: small, 4 trials in ")
    assert lines[2].split() == ["optimizer", "val_accuracy", "seeds", "best", "run"]
    assert lines[3].startswith("1  adam       0.") and lines[3].endswith(f"  2      {best.run_id}")
    assert lines[4].startswith("2  sgd        0.")
    assert f"hornbook evaluate {best.run_id}" in done.out
    ended = sorted(line for line in done.err.splitlines() if line.startswith("trial "))
    assert [line.split("  ")[0] for line in ended] == [f"trial {number}/4" for number in (1, 2, 3, 4)]
    assert all("val_accuracy 0." in line for line in ended)

    listed = invoke("sweeps")
    assert folder.id in listed.out and "finished" in listed.out and "optimizer, seed" in listed.out
    shown = invoke("sweeps", "latest")
    assert shown.out.splitlines()[2:5] == lines[2:5]
    data = invoke("sweeps", "latest", "--json").json
    assert (data["best"], data["planned"], len(data["trials"])) == (best.number, 4, 4)
    assert [group["values"] for group in data["groups"]] == [{"optimizer": "adam"}, {"optimizer": "sgd"}]
    for run in (folder.id, folder.path):
        assert f"{folder.id} is a sweep, not a run [HB502]" in invoke("resume", run).err
    runs = invoke("runs")
    assert "optimizer=adam, seed=2" in runs.out
    assert sorted(one["sweep"]["trial"] for one in invoke("runs", "--json").json["runs"]) == [1, 2, 3, 4]

    if "still owed" in done.out:  # on a machine with other things to do
        assert invoke("sync").code == 0

    from mlflow import MlflowClient

    client = MlflowClient(f"sqlite:///{tmp_path}/mlflow.db")
    experiment = client.get_experiment_by_name("swept").experiment_id
    stored = client.search_runs([experiment])
    (parent,) = [run for run in stored if "mlflow.parentRunId" not in run.data.tags]
    children = [run for run in stored if run is not parent]
    assert {run.data.tags["mlflow.parentRunId"] for run in children} == {parent.info.run_id}
    assert {run.data.tags["hornbook.run_id"] for run in children} == {one.run_id for one in sweep.trials}
    assert parent.data.metrics["val_accuracy"] == pytest.approx(best.value)
    assert {run.info.status for run in stored} == {"FINISHED"}


def test_killed_and_interrupted_it_goes_on_without_repeating_a_trial(command, tmp_path, invoke, monkeypatch):
    prefix, environment = command
    environment = {**environment, "KERAS_BACKEND": "jax"}
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    runs = tmp_path / "runs"

    def journals():
        return [read(one.folder.journal) for one in library.runs(runs)]

    def stopped(arguments, number, ready):
        """Begin a command, and send it a signal once the journals are as they are waited for."""
        with subprocess.Popen([*prefix, *arguments], env=environment, stdout=-3, stderr=-3) as process:
            while not ready() and process.poll() is None:
                time.sleep(0.02)
            assert process.poll() is None, "it ended before it could be stopped"
            os.kill(process.pid, number)
            return process.wait(60)

    def epochs(journal):
        return [event["epoch"] for event in journal if event["event"] == "epoch"]

    begin = ["sweep", "small.yaml", "-v", "training.epochs=2,60,3", "--no-tracking"]
    stopped(begin, signal.SIGKILL, lambda: len(found := journals()) == 2 and len(epochs(found[1])) > 3)
    (folder,) = all_sweeps(runs)
    first = (sweep_record(folder).trials[0].folder.journal).read_bytes()
    before = len(epochs(journals()[1]))

    again = ["sweep", "--resume", folder.id[:20]]
    code = stopped(again, signal.SIGINT, lambda: len(epochs(journals()[1])) > before + 3)
    assert code == 130
    interrupted = sweep_record(folder)
    assert interrupted.outcome == "interrupted"
    assert [trial.outcome for trial in interrupted.trials] == ["finished", "interrupted"]
    assert list((interrupted.trials[1].folder.checkpoints).glob("*.npz"))

    delivered = invoke("sync", folder.id, "--tracking-uri", "sqlite:///late.db")
    assert delivered.out.count("mlflow has all") == 3, delivered.err

    with alone(folder.path / "lock"):
        busy = invoke("sweep", "--resume", "latest")
    assert (busy.code, "another process is carrying out the sweep" in busy.err) == (1, True)

    done = invoke("sweep", "--resume", "latest", "--tracking-uri", "sqlite:///late.db", "--json")
    assert done.code == 0, done.err
    assert [trial["outcome"] for trial in done.json["trials"]] == ["finished"] * 3
    assert [trial["run_id"] for trial in done.json["trials"]] == [one.id for one in library.runs(runs)]
    assert [epochs(journal) for journal in journals()] == [list(range(1, last + 1)) for last in (2, 60, 3)]
    assert (sweep_record(folder).trials[0].folder.journal).read_bytes() == first
    kinds = [event["event"] for event in read(folder.journal)]
    assert kinds.count("sweep_started") == 1 and kinds.count("sweep_resumed") == 2
    refused = invoke("sweep", "--resume", "latest")
    assert (refused.code, "all 3 trials of the sweep" in refused.err) == (2, True)

    from mlflow import MlflowClient

    client = MlflowClient("sqlite:///late.db")
    stored = client.search_runs([client.get_experiment_by_name("swept").experiment_id])
    steps = {
        run.data.tags["hornbook.trial"]: [
            one.step for one in client.get_metric_history(run.info.run_id, "loss/train")
        ]
        for run in stored
        if "hornbook.trial" in run.data.tags
    }
    assert {trial: sorted(each) for trial, each in steps.items()} == {
        str(number): list(range(1, last + 1)) for number, last in enumerate((2, 60, 3), 1)
    }
    assert {run.info.status for run in stored} == {"FINISHED"}


def test_a_journal_that_lies_does_not_steer_the_terminal(invoke, tmp_path):
    folder = tmp_path / "runs" / "sweeps" / "20261121-000000-evil-0000"
    folder.mkdir(parents=True)
    (folder / "sweep.json").write_text("{}")
    started = {
        "event": "sweep_started",
        "time": 0,
        "name": "\x1b[31mred",
        "variables": {"a\x1b[2J": ["\x1b]0;x\x07"]},
        "method": "grid",
        "metric": "\x1b[1mloss",
        "direction": "minimize",
        "trials": 1,
    }
    events = [
        started,
        {
            "event": "trial_started",
            "time": 0,
            "trial": 1,
            "run_id": "../../x",
            "values": {"a\x1b[2J": "\x1b["},
        },
        {
            "event": "trial_ended",
            "time": 0,
            "trial": 1,
            "run_id": "../../x",
            "outcome": "finished",
            "value": 0.5,
            "metrics": {},
            "seconds": 1.0,
            "error": None,
        },
    ]
    events += [
        {"event": "trial_ended", "trial": "one"},
        {"event": "sweep_ended", "outcome": 1, "seconds": []},
    ]
    (folder / "journal.jsonl").write_text("".join(json.dumps(event) + "\n" for event in events))
    for arguments in (["sweeps"], ["sweeps", "latest"]):
        shown = invoke(*arguments)
        assert shown.code == 0
        assert "\x1b" not in shown.out
        assert r"a\x1b[2J" in shown.out  # written out; click would have taken a real one away
    refused = invoke("sweep", "--resume", "latest")
    assert refused.code == 2
    assert "sweep.json is damaged" in refused.err
