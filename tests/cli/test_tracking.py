"""Tracking from the command line: what is delivered, what is owed, and what `sync` makes good."""

import pytest

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
