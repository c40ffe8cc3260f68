"""Tracking from the command line: what is delivered, what is owed, and what `sync` makes good."""

import json
import subprocess
import time

import pytest

import hornbook as library

NOWHERE = "http://127.0.0.1:9"
QUICK = ["-s", "training.epochs=1", "-s", "~expect"]


@pytest.mark.slow
def test_a_tracked_run_says_where_it_is(hornbook, tmp_path):
    done = hornbook("run", "iris", *QUICK, "--require-tracking", "--json")
    assert done.code == 0
    assert done.json["tracking"]["uri"] == f"sqlite:///{tmp_path / 'mlflow.db'}"
    assert done.json["tracking"]["run_id"]
    synced = hornbook("sync")
    assert synced.code == 0
    assert "mlflow has all 3 events" in synced.out


@pytest.mark.slow
def test_a_server_that_is_away_costs_the_run_nothing(hornbook, tmp_path):
    done = hornbook("run", "iris", *QUICK, "--tracking-uri", NOWHERE)
    assert done.code == 0
    assert done.out.startswith("finished: iris")
    assert "3 events still owed to mlflow" in done.out
    run = next((tmp_path / "runs").iterdir()).name
    assert f"hornbook sync {run} --tracking-uri {NOWHERE}" in done.out
    assert "owed" in hornbook("runs").out
    refused = hornbook("sync", "latest", "--tracking-uri", NOWHERE)
    assert refused.code == 4
    assert "3 events still owed to mlflow" in refused.err
    assert hornbook("sync", "latest", "--tracking-uri", "sqlite:///mlflow.db").code == 0
    assert "owed" not in hornbook("runs").out


@pytest.mark.slow
@pytest.mark.parametrize(
    "uri", ["http://127.0.0.1:9/?token=hush", "http://ada:hu/sh@127.0.0.1:9", "http://hush@127.0.0.1:9"]
)
def test_what_opens_a_store_is_not_shown(hornbook, uri):
    done = hornbook("run", "iris", *QUICK, "--tracking-uri", uri)
    assert done.code == 0 and "still owed to mlflow" in done.out
    assert "--tracking-uri URI" in done.out
    assert "hush" not in done.out + done.err and "hu/sh" not in done.out + done.err


@pytest.mark.slow
def test_tracking_that_was_required_and_not_delivered_has_its_own_exit_code(hornbook, tmp_path):
    done = hornbook("run", "iris", *QUICK, "--require-tracking", "--quiet", MLFLOW_TRACKING_URI=NOWHERE)
    assert (done.code, done.out) == (4, "")
    assert "still owed to mlflow" in done.err
    # What is owed goes where the run was meant to go, although nothing says so any more.
    assert "127.0.0.1" in hornbook("sync").err
    assert not (tmp_path / "mlflow.db").exists()


@pytest.mark.slow
def test_a_run_that_was_begun_untracked_stays_so_until_tracking_is_asked_for(invoke, tmp_path):
    assert invoke("run", "iris", *QUICK, "--no-tracking").code == 0
    done = invoke("resume", "latest", "--epochs", 2)
    assert done.code == 0, done.err
    assert "tracking" not in done.out and not (tmp_path / "mlflow.db").exists()
    done = invoke("resume", "latest", "--epochs", 3, "--tracking-uri", f"sqlite:///{tmp_path}/late.db")
    assert "late.db" in done.out


@pytest.mark.slow
def test_a_tracked_run_that_is_killed_goes_on_in_the_same_run_and_no_metric_is_there_twice(
    command, hornbook, tmp_path
):
    prefix, environment = command
    begin = ["run", "digits-mlp", "-s", "training.epochs=500", "-s", "training.checkpoint.every_n_epochs=30"]
    store = f"sqlite:///{tmp_path}/mlflow.db"
    with subprocess.Popen(
        [*prefix, *begin, "-s", "~expect"], env=environment, stdout=-3, stderr=-3
    ) as process:
        while not delivered(tmp_path) and process.poll() is None:
            time.sleep(0.02)
        assert process.poll() is None, "it ended before it could be killed"
        process.kill()
    (run,) = library.runs()
    assert run.outcome == "running" and 0 < run.epochs < 500
    assert "running" in hornbook("runs").out
    done = hornbook("resume", "latest", "--require-tracking")
    assert done.code == 0, done.err
    assert done.out.startswith("finished: ")

    from mlflow import MlflowClient

    client = MlflowClient(store)
    (page,) = client.search_runs([one.experiment_id for one in client.search_experiments()])
    for metric in ("loss/train", "accuracy/val", "learning_rate", "speed/seconds"):
        history = client.get_metric_history(page.info.run_id, metric)
        assert [one.step for one in history] == list(range(1, 501)), metric
    (run,) = library.runs()
    recorded = [one.value for one in client.get_metric_history(page.info.run_id, "loss/train")]
    assert recorded == pytest.approx(run.history["loss"])
    assert page.info.status == "FINISHED"


def delivered(folder):
    """How many epochs of the only run MLflow has."""
    try:
        (known,) = (folder / "runs").glob("*/delivery/mlflow.json")
        return json.loads(known.read_text())["delivered"] > 3
    except (OSError, ValueError):
        return False
