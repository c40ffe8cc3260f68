"""Which MLflow store a run goes to, how it is made, and what of its address is told."""

import os
from contextlib import chdir

import pytest
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

from hornbook_mlflow.store import store_uri, without_secrets
from hornbook_mlflow.tracker import MlflowTracker


def test_the_store_asked_for_comes_first_then_the_runs_own_then_the_environment_then_the_default(
    write, tmp_path, monkeypatch
):
    named, environment = (f"sqlite:///{tmp_path}/{name}.db" for name in ("named", "environment"))
    written = write()
    assert written.deliver()["uri"] == written.uri
    assert written.deliver(uri=named)["uri"] == named
    assert written.run(named).data.params == written.run().data.params
    monkeypatch.setenv("MLFLOW_TRACKING_URI", environment)
    assert written.deliver()["uri"] == named  # where the run was delivered before
    assert written.deliver(state={})["uri"] == environment
    assert written.run(environment).data.params == written.run().data.params


def test_a_run_goes_to_the_store_that_it_was_meant_for_wherever_the_rest_is_delivered(
    write, tmp_path, monkeypatch
):
    meant = f"sqlite:///{tmp_path}/meant.db"
    monkeypatch.setenv("MLFLOW_TRACKING_URI", meant)
    intended = {"uri": MlflowTracker().store(None)}
    monkeypatch.delenv("MLFLOW_TRACKING_URI")
    written = write()
    assert written.deliver(state=intended)["uri"] == meant
    assert written.run(meant).info.status == "FINISHED"
    assert not (written.working_directory / "mlflow.db").exists()


def test_the_environment_gives_the_password_of_a_store_that_was_remembered_without(monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "https://ada:hush@mlflow.example")
    assert MlflowTracker().store(None) == "https://mlflow.example"
    assert store_uri(None, "https://mlflow.example") == "https://ada:hush@mlflow.example"
    assert store_uri(None, "https://other.example") == "https://other.example"


@pytest.mark.parametrize(
    ("ambient", "meant", "named", "refused"),
    [
        ("https://mlflow.example", "https://evil.invalid", None, True),
        ("sqlite:///mlflow.db", "https://evil.invalid", None, True),
        ("", "https://evil.invalid", None, True),
        ("https://mlflow.example", "https://evil.invalid", "http://127.0.0.1:9", False),
        ("https://ada@evil.invalid/", "https://evil.invalid", None, False),
        ("https://mlflow.example", "http://127.0.0.1:9", None, False),
    ],
)
def test_a_folder_that_names_a_store_is_not_given_what_opens_another(
    write, monkeypatch, ambient, meant, named, refused
):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", ambient)
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", "hush")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    with pytest.raises(MlflowException) as told:
        write().deliver(state={"uri": meant}, uri=named)
    assert ("name the store with --tracking-uri" in str(told.value)) == refused
    assert "hush" not in str(told.value)


def test_what_is_left_of_a_run_brings_all_of_it_to_a_store_that_does_not_know_it(write, tmp_path):
    written = write()
    written.deliver(written.events[:2])
    elsewhere = f"sqlite:///{tmp_path}/elsewhere.db"
    written.deliver(written.events[2:], uri=elsewhere)
    run = written.run(elsewhere)
    assert run.info.status == "FINISHED"
    assert len(MlflowClient(elsewhere).get_metric_history(run.info.run_id, "loss/train")) == 3


def test_a_folder_with_special_characters_works(write):
    written = write(within="50% of a? #1 día")
    written.deliver()
    assert (written.working_directory / "mlflow.db").exists()
    uri = "sqlite:///" + str(written.working_directory / "mlflow.db").replace("%", "%25").replace("?", "%3F")
    assert written.state["uri"] == uri
    assert MlflowClient(uri).get_run(written.state["run_id"]).data.metrics["accuracy"] == 0.99


def test_a_server_that_is_away_is_an_error_and_no_setting_is_left_behind(write):
    written = write()
    with pytest.raises(MlflowException, match=r"127\.0\.0\.1"):
        written.deliver(uri="http://127.0.0.1:9")
    assert "MLFLOW_HTTP_REQUEST_MAX_RETRIES" not in os.environ


def test_preparing_makes_the_store_and_never_fails(write):
    written = write()
    with chdir(written.working_directory):
        MlflowTracker().prepare(written.folder, None)
    assert [found.name for found in MlflowClient(written.uri).search_experiments()] == ["Default"]
    MlflowTracker().prepare(written.folder, "nonsense://nowhere")


def test_a_damaged_template_is_made_anew(write, monkeypatch, tmp_path):
    cache = tmp_path / "cache" / "hornbook"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    first, second = write(within="first"), write(within="second")
    first.deliver()
    (template,) = cache.iterdir()
    template.write_bytes(b"SQLite format 3\0 but nothing else")
    second.deliver()
    assert second.run().info.status == "FINISHED"


def test_the_state_has_no_secrets():
    assert (
        without_secrets("https://ada:hush@mlflow.example:8080/x?token=hush")
        == "https://mlflow.example:8080/x"
    )
    assert without_secrets("https://hush@mlflow.example") == "https://mlflow.example"
    assert without_secrets("https://ada:hu/sh@mlflow.example/x") == "https://mlflow.example/x"
    assert without_secrets("https://mlflow.example:80/a@b") == "https://mlflow.example:80/a@b"
    database = "mysql+pymysql://ada:hu%40sh@db/runs?charset=utf8&ssl_key=hush&password=hush"
    assert without_secrets(database) == "mysql+pymysql://db/runs?charset=utf8"
    assert without_secrets("databricks://profile") == "databricks://profile"


def test_only_a_server_has_a_page():
    tracker = MlflowTracker()
    ids = {"experiment_id": "3", "run_id": "ab"}
    page = "https://mlflow.example/base/#/experiments/3/runs/ab?workflowType=machine_learning"
    assert tracker.url({"uri": "https://mlflow.example/base/", **ids}) == page
    assert tracker.url({"uri": "sqlite:////work/mlflow.db", **ids}) is None
    assert tracker.url({}) is None
