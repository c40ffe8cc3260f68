"""From the prompt to the page: the shipped recipe, run by the real command line, as a reviewer sees it."""

import json
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import hornbook

HORNBOOK = Path(sys.executable).with_name("hornbook")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """`hornbook run digits --json` in a folder of its own; the folder and what the last line says."""
    folder = tmp_path_factory.mktemp("digits")
    done = subprocess.run(
        [HORNBOOK, "run", "digits", "--json"], cwd=folder, capture_output=True, text=True, check=True
    )
    return folder, json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def client(ran):
    """The run's store."""
    from mlflow import MlflowClient

    return MlflowClient(ran[1]["tracking"]["uri"])


@pytest.mark.slow
def test_it_finishes_and_reaches_what_it_expects(ran):
    _, result = ran
    assert result["outcome"] == "finished"
    assert result["metrics"]["val_accuracy"] >= 0.97


@pytest.mark.slow
def test_the_store_has_parameters_metrics_tags_and_the_recipe(ran, client):
    _, result = ran
    run = client.get_run(result["tracking"]["run_id"])
    assert run.data.params["optimizer"] == "optimizers/adam"
    assert run.data.params["optimizer.learning_rate.max_learning_rate"] == "0.01"
    assert run.data.metrics["val_accuracy"] == result["metrics"]["val_accuracy"]
    assert len(client.get_metric_history(run.info.run_id, "loss/val")) == 20
    assert run.data.tags["hornbook.plugin.losses"].startswith("hornbook-losses ")
    assert run.data.tags["team"] == "vision"
    assert "recipe.yaml" in [artifact.path for artifact in client.list_artifacts(run.info.run_id)]


@pytest.mark.slow
def test_the_logged_model_predicts_as_the_saved_one(ran, client, monkeypatch):
    import mlflow

    folder, result = ran
    run = client.get_run(result["tracking"]["run_id"])
    (logged,) = client.search_logged_models([run.info.experiment_id])
    mlflow.set_tracking_uri(result["tracking"]["uri"])
    monkeypatch.chdir(folder)
    ours = hornbook.load("latest")
    theirs = mlflow.keras.load_model(logged.model_uri)
    images = hornbook.get("dataset", "digits").train.inputs[:32]
    np.testing.assert_array_equal(ours.predict(images, verbose=0), theirs.predict(images, verbose=0))


@pytest.mark.slow
def test_the_page_shows_the_run(ran):
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        pytest.skip("no Chromium is installed")
    from playwright.sync_api import expect, sync_playwright

    folder, result = ran
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    command = [HORNBOOK, "ui", result["run_id"], "--no-open", "--port", port]
    serving = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True)
    try:
        assert serving.stdout is not None
        address = serving.stdout.readline().strip()
        with sync_playwright() as playwright:
            page = playwright.chromium.launch(executable_path=browser, args=FLAGS).new_page()
            page.goto(address)
            expect(page.get_by_text("Finished, as expected:").first).to_be_visible(timeout=60_000)
            for text in ("A small CNN on the scikit-learn digits.", "optimizers/adam", "accuracy/val"):
                expect(page.get_by_text(text).first).to_be_visible()
            page.get_by_role("tab", name="Artifacts").click()
            expect(page.get_by_text("recipe.yaml").first).to_be_visible(timeout=30_000)
    finally:
        serving.send_signal(signal.SIGTERM)
        serving.wait(30)
