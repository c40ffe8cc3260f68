"""What the journal of a sweep tells, also one that somebody else wrote."""

import json
from dataclasses import replace

import pytest

from hornbook.sweeps.folder import SweepFolder
from hornbook.sweeps.leaderboard import as_data
from hornbook.sweeps.ranking import ranked
from hornbook.sweeps.record import sweep_record

STARTED = {
    "event": "sweep_started",
    "time": 1,
    "name": "broad",
    "method": "grid",
    "metric": "accuracy",
    "direction": "maximize",
    "trials": 6,
    "variables": {"optimizer": ["sgd", "adam"], "seed": [1, 2, 3]},
}


@pytest.fixture
def told(tmp_path):
    """Gives the record of a sweep whose journal has these events behind its first."""
    folder = SweepFolder(tmp_path / "runs" / "sweeps" / "20261121-031400-broad-5eed")
    folder.path.mkdir(parents=True)

    def of(*events):
        lines = [json.dumps({"time": 2, **event}) + "\n" for event in (STARTED, *events)]
        folder.journal.write_text("".join(lines))
        return sweep_record(folder)

    return of


def trial(number, optimizer, seed, value, outcome="finished", run_id="a-run"):
    values = {"optimizer": optimizer, "seed": seed}
    begun = {"event": "trial_started", "trial": number, "run_id": run_id, "values": values}
    end = {"event": "trial_ended", "trial": number, "run_id": run_id, "outcome": outcome, "value": value}
    return [begun, {**end, "metrics": {}, "seconds": 1.0}]


@pytest.mark.parametrize("run_id", ["..", ".", "../../x", "/etc", "a/b", "", None, "nul\u0000"])
def test_no_run_id_leads_out_of_the_folder_of_runs(told, run_id):
    (one,) = told(*trial(1, "sgd", 1, 0.5, run_id=run_id)).trials
    assert one.folder is None and one.value == 0.5


def test_odd_lines_are_left_out(told):
    sweep = told(
        {"event": "x", "trials": "abc"},
        {"event": "sweep_resumed", "trials": "many"},
        {"event": "sweep_ended", "outcome": "finished", "seconds": "inf"},
        {"event": "sweep_ended", "outcome": "finished", "seconds": 2.5},
    )
    assert (sweep.planned, sweep.seconds, sweep.outcome) == (6, 2.5, "finished")


def test_the_last_word_on_how_many_trials_there_are_counts(told):
    assert told().planned == 6
    assert told({"event": "sweep_resumed", "trials": 4}).planned == 4
    assert told(*({"event": "sweep_resumed", "trials": trials} for trials in (9, 7))).planned == 7


@pytest.mark.parametrize(
    "missing", [[*trial(3, "sgd", 3, None, "diverged")], [*trial(3, "sgd", 3, None, "interrupted")], []]
)
def test_with_a_seed_missing_the_better_mean_is_no_better(told, missing):
    lucky = [*trial(1, "sgd", 1, 0.99), *trial(2, "sgd", 2, 0.99), *missing]
    sound = [event for seed in (1, 2, 3) for event in trial(3 + seed, "adam", seed, 0.9)]
    first, second = ranked(told(*lucky, *sound))
    assert (first.values, first.whole, first.mean) == ({"optimizer": "adam"}, True, pytest.approx(0.9))
    assert (second.values, second.whole, len(second.trials)) == ({"optimizer": "sgd"}, False, 2)
    assert told(*lucky, *sound).best.number == 4


@pytest.mark.parametrize("outcome", ["pruned", "failed", "diverged"])
def test_what_was_tried_again_and_pruned_is_still_the_best(told, outcome):
    """A search proposes the same values twice where there are few."""
    same = [*trial(1, "sgd", 1, 0.98), *trial(2, "sgd", 1, None, outcome)]
    sweep = replace(told(*same, *trial(3, "adam", 1, 0.93)), method="search")
    assert sweep.best.number == 1
    first, second = ranked(sweep)
    assert (first.whole, second.whole, first.spread) == (True, True, None)


def test_the_leaderboard_for_programs_is_json(told):
    (begun, end) = trial(1, "sgd", 1, 0.5)
    sweep = told(begun, {**end, "metrics": {"accuracy": 0.5, "loss": "nan"}})
    (one,) = json.loads(json.dumps(as_data(sweep), allow_nan=False))["trials"]
    assert one["metrics"] == {"accuracy": 0.5, "loss": None}
