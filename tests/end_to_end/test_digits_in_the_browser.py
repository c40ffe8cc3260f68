"""From the prompt to the page: a shipped recipe and a sweep, run by the real command line, as a reviewer sees them.

`HORNBOOK_SCREENSHOTS=docs/images pytest -n 0 tests/end_to_end/test_digits_in_the_browser.py` writes the pictures of
the documentation.
"""

import json
import os
import re
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
ASKED = [
    "-s",
    "tracking.register=digits",
    "-s",
    "tracking.alias=candidate",
    "-s",
    "tracking.system_metrics=true",
]
SLOWLY = 60_000
"""Milliseconds that a page may take to show something."""


def json_of(folder, *arguments):
    """What a command says with `--json`, in its last line."""
    done = subprocess.run(
        [HORNBOOK, *arguments, "--json"],
        cwd=folder,
        env={**os.environ, "HORNBOOK_REPORTS": "on"},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def delivered(folder, result):
    """The result, once all of it is delivered: a busy machine may still owe some."""
    subprocess.run([HORNBOOK, "sync"], cwd=folder, capture_output=True, check=True)
    return result


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A working directory that is a git repository with a commit."""
    folder = tmp_path_factory.mktemp("digits")
    (folder / ".gitignore").write_text("runs/\nmlruns/\nmlflow.db*\n")
    person = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
    for arguments in (["init", "--quiet"], ["add", "."], [*person, "commit", "--quiet", "-m", "Begin"]):
        subprocess.run(["git", *arguments], cwd=folder, check=True)
    return folder


@pytest.fixture(scope="module")
def ran(folder):
    """`hornbook run digits`, its model registered; the folder and what the last line says."""
    return folder, delivered(folder, json_of(folder, "run", "digits", *ASKED))


@pytest.fixture(scope="module")
def swept(ran):
    """A small sweep in the same folder; what its last line says."""
    folder, _ = ran
    varied = ["-v", "optimizer=sgd,adam,rmsprop", "-v", "seed=1,2"]
    settings = ["-s", "training.epochs=20", "-s", "~expect", "-s", "tracking.experiment=optimizers"]
    return delivered(folder, json_of(folder, "sweep", "iris", *varied, *settings))


@pytest.fixture(scope="module")
def client(ran):
    """The run's store."""
    from mlflow import MlflowClient

    return MlflowClient(ran[1]["tracking"]["uri"])


@pytest.fixture(scope="module")
def address(ran):
    """The address that `hornbook ui` prints for the run, while it is served."""
    folder, result = ran
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    command = [HORNBOOK, "ui", result["run_id"], "--no-open", "--port", port]
    serving = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True)
    assert serving.stdout is not None
    yield serving.stdout.readline().strip()
    serving.send_signal(signal.SIGTERM)
    serving.wait(30)


@pytest.fixture(scope="module")
def browser():
    """A headless browser."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip("no Chromium is installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=found, args=FLAGS)


@pytest.fixture
def page(browser, address):
    """The run's page, MLflow's assistant closed."""
    page = browser.new_page(viewport={"width": 1440, "height": 860})
    page.goto(address)
    page.get_by_role("button", name="Close").first.click(timeout=SLOWLY)
    yield page
    page.close()


def shoot(page, name, height=860):
    """Take a picture for the documentation, where one is asked for: small, as all who clone get it."""
    wanted = os.environ.get("HORNBOOK_SCREENSHOTS")
    if not wanted:
        return
    from PIL import Image

    file = Path(__file__).parents[2] / wanted / f"{name}.png"
    page.set_viewport_size({"width": 1440, "height": height})
    page.mouse.move(0, 0)
    page.wait_for_timeout(1500)  # charts are drawn bit by bit
    page.screenshot(path=file)
    with Image.open(file) as picture:
        picture.convert("RGB").save(file, optimize=True)


def shown(page, *texts):
    from playwright.sync_api import expect

    for text in texts:
        expect(page.get_by_text(text).first).to_be_visible(timeout=SLOWLY)


@pytest.mark.slow
def test_it_finishes_and_reaches_what_it_expects(ran):
    _, result = ran
    assert result["outcome"] == "finished"
    assert result["metrics"]["val_accuracy"] >= 0.97


@pytest.mark.slow
def test_the_store_has_parameters_metrics_tags_and_the_recipe(ran, client):
    folder, result = ran
    run = client.get_run(result["tracking"]["run_id"])
    assert run.data.params["optimizer"] == "optimizers/adam"
    assert run.data.params["optimizer.learning_rate.max_learning_rate"] == "0.01"
    assert run.data.metrics["val_accuracy"] == result["metrics"]["val_accuracy"]
    assert len(client.get_metric_history(run.info.run_id, "loss/val")) == 20
    assert run.data.tags["hornbook.plugin.losses"].startswith("hornbook-losses ")
    assert run.data.tags["team"] == "vision"
    head = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=folder, capture_output=True, text=True, check=True
    )
    assert run.data.tags["mlflow.source.git.commit"] == head.stdout.strip()
    assert run.data.tags["hornbook.git.clean"] == "true"
    assert "recipe.yaml" in [artifact.path for artifact in client.list_artifacts(run.info.run_id)]
    assert client.get_model_version_by_alias("digits", "candidate").run_id == run.info.run_id


@pytest.mark.slow
def test_the_logged_model_predicts_as_the_saved_one(ran, client, monkeypatch):
    import mlflow

    folder, result = ran
    run = client.get_run(result["tracking"]["run_id"])
    (logged,) = client.search_logged_models([run.info.experiment_id])
    monkeypatch.setenv("MLFLOW_TRACKING_URI", result["tracking"]["uri"])
    monkeypatch.chdir(folder)
    ours = hornbook.load(result["run_id"])
    theirs = mlflow.keras.load_model(logged.model_uri)
    images = hornbook.get("dataset", "digits").train.inputs[:32]
    np.testing.assert_array_equal(ours.predict(images, verbose=0), theirs.predict(images, verbose=0))
    served = mlflow.pyfunc.load_model("models:/digits@candidate")
    example = served.input_example
    assert example.shape[1:] == (8, 8, 1)
    np.testing.assert_allclose(served.predict(example), ours.predict(example, verbose=0), rtol=1e-5)


@pytest.mark.slow
def test_the_page_answers_a_reviewers_questions(page):
    shown(page, "Finished, as expected:", "A small CNN on the scikit-learn digits.")
    shoot(page, "run")
    page.get_by_text("Show more").click()
    shown(page, "datasets/digits (1,438 train, 359 validation)", "Made with keras", "at git commit")
    shown(
        page, "hornbook reproduce", "hornbook resume", "mlflow.keras.load_model", "hornbook run recipe.yaml"
    )
    shown(page, "optimizers/adam", "accuracy/val", "speed/examples_per_second", "hornbook.git.clean")
    shown(page, re.compile(r"^datasets/digits \("), "Registered models", "digits version 1")


@pytest.mark.slow
def test_a_report_is_a_click_away_and_the_artifacts_hold_all_of_it(page):
    page.get_by_text("Show more").click(timeout=SLOWLY)
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Confusion matrix").click()
    report = opened.value
    shown(report, "reports/confusion_matrix.png", "Model training")
    assert report.url.endswith("confusion_matrix.png?workflowType=machine_learning")
    for name in ("learning_curves.png", "most_wrong.png", "augmented.png", "learning_rate.png", "summary.md"):
        shown(report, name)
    shown(report, "environment.json", "recipe.yaml")
    picture = report.locator("img[src^='blob:'], img[src^='data:'], img[src*='artifact']").first
    picture.wait_for(timeout=SLOWLY)
    assert picture.evaluate("image => image.naturalWidth") > 300
    shoot(report, "artifacts")
    report.get_by_text("summary.md").click()
    shown(report, "conv2d")


@pytest.mark.slow
def test_training_and_validation_stand_side_by_side_in_the_charts(page):
    from playwright.sync_api import expect

    page.get_by_role("tab", name="Model metrics").click(timeout=SLOWLY)
    charts = page.locator("main")
    expect(charts).to_contain_text(re.compile(r"accuracy\s*\(2\)"), timeout=SLOWLY)
    expect(charts).to_contain_text(re.compile(r"loss\s*\(2\)"))
    places = [page.get_by_role("heading", name=name).first.bounding_box() for name in ("train", "val")]
    assert places[0]["y"] == places[1]["y"]
    shoot(page, "charts", 1000)


@pytest.mark.slow
def test_a_sweep_is_one_page_with_its_leaderboard_and_its_trials_beneath_it(page, address, swept, client):
    from playwright.sync_api import expect

    run = client.get_run(swept["tracking"]["run_id"])
    root, experiment = address.partition("#")[0], run.info.experiment_id
    layout = "?workflowType=machine_learning"
    page.goto(f"{root}#/experiments/{experiment}/runs/{run.info.run_id}{layout}")
    shown(page, "Best:", "Child runs")
    page.get_by_text("Show more").click()
    shown(page, "± over seeds", "4: adam, seed=2", "Compare:")
    shoot(page, "sweep", 760)
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="the best 6 trials").click()
    shown(opened.value, "Comparing 6 Runs from 1 Experiment", "Model training")

    page.goto(f"{root}#/experiments/{experiment}/runs{layout}&compareRunsMode=CHART")
    row = page.get_by_role("row").filter(has_text=run.info.run_name)
    row.get_by_role("button").first.click(timeout=SLOWLY)
    for number in range(1, 7):
        expect(page.get_by_role("row").filter(has_text=f"{number}: ").first).to_be_visible(timeout=SLOWLY)
    charts = page.locator("main")
    expect(charts).to_contain_text(re.compile(r"accuracy\s*\(2\)"), timeout=SLOWLY)
    shoot(page, "comparison", 1000)
