"""A sweep in MLflow: one run with the leaderboard, and those of its trials beneath it."""

import json
from contextlib import chdir
from pathlib import Path

import pytest
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

from hornbook_mlflow.tracker import MlflowTracker

SWEEP = "20261121-040000-digits-5eed"
BEGAN = 1795230900000
TRACKING = {"experiment": "digits", "tags": {"team": "vision"}}


class Sweep:
    """A sweep's folder with its journal, and those of its trials, in a working directory."""

    def __init__(self, working_directory: Path, make, values, outcome="finished", **changes):
        self.working_directory = working_directory
        self.uri = f"sqlite:///{working_directory}/mlflow.db"
        self.folder = working_directory / "runs" / "sweeps" / SWEEP
        (self.folder / "artifacts" / "reports" / "data").mkdir(parents=True)
        (self.folder / "recipe.yaml").write_text("recipe: 1\nname: digits\n")
        (self.folder / "sweep.json").write_text("{}\n")
        reports = self.folder / "artifacts" / "reports"
        (reports / "leaderboard.md").write_text("# Leaderboard\n")
        (reports / "data" / "points.json").write_text("[]\n")
        listed = [{"file": "leaderboard.md", "title": "Leaderboard", "kind": "markdown"}]
        (reports / "index.json").write_text(json.dumps(listed))
        self.trials = [
            self._trial(make, number, given, value) for number, (given, value) in enumerate(values, 1)
        ]
        self.events = list(self._events(values, outcome, changes))
        self._write(self.folder, self.events)
        self.state = {}

    def _trial(self, make, number, given, value):
        run_id = f"20261121-0400{number:02}-digits-{number:04}"
        folder = self.working_directory / "runs" / run_id
        (folder / "artifacts").mkdir(parents=True)
        (folder / "recipe.yaml").write_text("recipe: 1\n")
        (folder / "environment.json").write_text("{}\n")
        sweep = {"id": SWEEP, "folder": str(self.folder), "trial": number, "values": given}
        ended = make.ended(after=1, metrics={"val_accuracy": value})
        self._write(folder, [make.started(run_id=run_id, sweep=sweep), make.epoch(1), ended])
        return folder

    def _events(self, values, outcome, changes):
        yield {
            "event": "sweep_started",
            "time": BEGAN,
            "sweep_id": SWEEP,
            "name": "digits",
            "description": "Which optimizer.",
            "variables": {"optimizer": ["sgd", "adam"], "seed": [1, 2]},
            "method": "grid",
            "metric": "val_accuracy",
            "direction": "maximize",
            "trials": len(values),
            "tracking": TRACKING,
            **changes,
        }
        for number, (given, value) in enumerate(values, 1):
            about = {"trial": number, "run_id": self.trials[number - 1].name}
            at = BEGAN + 1000 * number
            yield {"event": "trial_started", "time": at, "values": given, **about}
            metrics = {"metrics": {"val_accuracy": value, "val_loss": 0.5}, "seconds": 2.0}
            yield {
                "event": "trial_ended",
                "time": at + 500,
                "outcome": "finished",
                "value": value,
                **about,
                **metrics,
            }
        if outcome:
            yield {
                "event": "sweep_ended",
                "time": BEGAN + 60_000,
                "outcome": outcome,
                "best": 1,
                "seconds": 75.0,
            }

    @staticmethod
    def _write(folder, events):
        (folder / "journal.jsonl").write_text("".join(json.dumps(event) + "\n" for event in events))

    def deliver(self, state=None):
        with chdir(self.working_directory):
            self.state = MlflowTracker().deliver(self.folder, self.events, state or self.state, None)
        return self.state

    def deliver_trial(self, number):
        folder = self.trials[number - 1]
        events = [json.loads(line) for line in (folder / "journal.jsonl").read_text().splitlines()]
        with chdir(self.working_directory):
            return MlflowTracker().deliver(folder, events, {}, None)

    def runs(self, condition=""):
        return MlflowClient(self.uri).search_runs(["1"], condition)

    def page(self):
        return MlflowClient(self.uri).get_run(self.state["run_id"])


VALUES = [
    ({"optimizer": "sgd", "seed": 1}, 0.90),
    ({"optimizer": "sgd", "seed": 2}, 0.92),
    ({"optimizer": "adam", "seed": 1}, 0.95),
    ({"optimizer": "adam", "seed": 2}, 0.97),
]


@pytest.fixture
def sweep(tmp_path, make):
    def _sweep(values=VALUES, **changes):
        return Sweep(tmp_path / "work", make, values, **changes)

    return _sweep


def test_trials_nest_under_the_sweep_and_are_named_by_what_they_were_given(sweep):
    swept = sweep()
    swept.deliver()
    for number in (1, 2, 3, 4):
        swept.deliver_trial(number)
    children = swept.runs(f"tags.`mlflow.parentRunId` = '{swept.state['run_id']}'")
    names = {child.info.run_name for child in children}
    assert len(swept.runs()) == 5
    assert names == {
        "1: sgd, seed=1",
        "2: sgd, seed=2",
        "3: adam, seed=1",
        "4: adam, seed=2",
    }
    (last,) = (child for child in children if child.info.run_name.startswith("4: "))
    note = last.data.tags["mlflow.note.content"].replace("\\", "")
    page = f"#/experiments/1/runs/{swept.state['run_id']}?workflowType=machine_learning"
    assert f"of the sweep [{SWEEP}]({page}): optimizer = adam, seed = 2." in note


def test_the_page_of_the_sweep_answers_first_and_has_the_leaderboard(sweep):
    swept = sweep()
    swept.deliver()
    for number in (1, 2, 3, 4):
        swept.deliver_trial(number)
    swept.deliver()
    run = swept.page()
    assert (run.info.run_name, run.info.status) == ("digits-sweep-5eed", "FINISHED")
    assert run.data.metrics == {"val_accuracy": 0.97, "val_loss": 0.5}
    assert run.data.params["varied.optimizer"] == '["sgd", "adam"]'
    assert run.data.params["method"] == "grid"
    assert run.data.tags["team"] == "vision"
    note = run.data.tags["mlflow.note.content"].replace("\\", "")
    first, *rest = note.split("\n")
    assert first.startswith(
        "**Best:** val_accuracy 0.96 ± 0.014 over 2 seeds with optimizer = adam ([trial 4]("
    )
    assert first.endswith("; 4 of 4 trials in 1 min 15 s.")
    rows = [line.replace("&emsp;", "").split(" | ")[:4] for line in rest if line.startswith("| ")]
    assert rows[1:] == [["| 1", "adam", "0.96", "0.014"], ["| 2", "sgd", "0.91", "0.014"]]
    assert "**Compare:** [the best 4 trials](#/compare-runs?runs=" in note
    assert "[Leaderboard](#/experiments/1/runs/" in note
    files = MlflowClient(swept.uri).list_artifacts(run.info.run_id, "reports")
    assert [file.path for file in files] == ["reports/leaderboard.md"]


def test_delivering_again_leaves_one_sweep_and_the_same_page(sweep):
    swept = sweep()
    first = swept.deliver()
    before = swept.page().data
    assert swept.deliver(state={"uri": swept.uri}) == first
    assert len(swept.runs()) == 1
    assert (swept.page().data.tags, swept.page().data.metrics) == (before.tags, before.metrics)
    assert len(MlflowClient(swept.uri).get_metric_history(first["run_id"], "val_accuracy")) == 1


def test_a_trial_waits_for_its_sweep_unless_that_is_nowhere_any_more(sweep):
    swept = sweep()
    with pytest.raises(MlflowException, match="is to be delivered before its trials"):
        swept.deliver_trial(1)
    swept.deliver()
    swept.deliver_trial(1)
    (swept.folder / "journal.jsonl").unlink()
    swept.deliver_trial(2)
    assert len(swept.runs(f"tags.`mlflow.parentRunId` = '{swept.state['run_id']}'")) == 2

    MlflowClient(swept.uri).delete_run(swept.state["run_id"])
    swept.deliver_trial(3)
    (alone,) = swept.runs(f"tags.`hornbook.run_id` = '{swept.trials[2].name}'")
    assert "mlflow.parentRunId" not in alone.data.tags


def test_a_trial_may_be_in_another_experiment_than_its_sweep(sweep):
    swept = sweep()
    journal = swept.trials[1] / "journal.jsonl"
    journal.write_text(journal.read_text().replace('"experiment": "digits"', '"experiment": "other"'))
    swept.deliver()
    delivered = swept.deliver_trial(2)
    trial = MlflowClient(swept.uri).get_run(delivered["run_id"])
    assert trial.info.experiment_id != swept.page().info.experiment_id
    assert trial.data.tags["mlflow.parentRunId"] == swept.state["run_id"]


def test_a_trial_does_not_wait_for_a_sweep_that_is_wholly_delivered_elsewhere(sweep):
    swept = sweep()
    known = {"state": {"uri": "sqlite:///old.db"}, "delivered": len(swept.events), "error": "", "url": None}
    (swept.folder / "delivery").mkdir()
    (swept.folder / "delivery" / "mlflow.json").write_text(json.dumps(known))
    delivered = swept.deliver_trial(1)
    assert "mlflow.parentRunId" not in MlflowClient(swept.uri).get_run(delivered["run_id"]).data.tags


def test_an_interrupted_sweep_says_how_to_go_on(sweep):
    swept = sweep(values=VALUES[:2], outcome="interrupted")
    swept.deliver()
    run = swept.page()
    assert run.info.status == "KILLED"
    note = run.data.tags["mlflow.note.content"].replace("\\", "")
    assert note.startswith("**Interrupted.** **Best so far:** val_accuracy 0.91")
    assert note.endswith(f"hornbook sweep --resume {SWEEP}\n```")


def test_hostile_values_do_nothing(sweep):
    evil = "](javascript:x) | <b>![](https://tracker.example/i.png)\n\n# x\u202e"
    swept = sweep(values=[({evil: evil}, 0.5)], variables={evil: [evil]}, name=evil, description=evil)
    swept.deliver()
    swept.deliver_trial(1)
    swept.deliver()
    for run in swept.runs():
        prose = run.data.tags["mlflow.note.content"].split("```")[0]
        assert "<" not in prose
        assert "\u202e" not in prose
        assert "](javascript" not in prose
        assert "![" not in prose
        assert not [line for line in prose.split("\n") if line.startswith("#")]
