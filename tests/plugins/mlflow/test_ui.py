"""`hornbook ui` as a process, MLflow's server behind it, and what a browser shows."""

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time

import pytest
from click.testing import CliRunner
from mlflow import MlflowClient

from hornbook.problem import HornbookError
from hornbook.sweeps.folder import create_sweep
from hornbook.whole_file import write_json
from hornbook_mlflow.server import Server, free_port
from hornbook_mlflow.tracker import MlflowTracker
from hornbook_mlflow.ui import ui

HOSTILE = r"""<b>bold</b> ![](https://tracker.example/i.png) 1. !"#$%&'()*+,-./:;<=>?@[\]^_`{|}~ &lt; ~~a~~ __b__ c\*"""
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")


@contextlib.contextmanager
def serving(written, *arguments):
    """`hornbook ui` in the working directory of a run; yields the process and the address it prints."""
    # Where the tests run in the background, SIGINT is ignored, and children inherit that.
    script = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); " + (
        "from hornbook_mlflow.ui import ui; ui(prog_name='hornbook ui')"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script, *arguments],
        cwd=written.working_directory,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process, process.stdout.readline().strip()
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)


def delivered(write, make, **changes):
    """A run as the core leaves it: delivered, with the tracker's state beside the journal."""
    from hornbook.runner.delivery.delivering import deliver
    from hornbook.runner.journals.folder import RunFolder

    epochs = map(make.epoch, range(1, 6))
    git = {"commit": "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567", "branch": "main", "clean": False}
    start = make.started(description=HOSTILE, git=git, epochs=5)
    written = write(start, *epochs, make.ended(after=5, **changes))
    measured = {"system/cpu_utilization_percentage": 50.0, "system/system_memory_usage_percentage": 20.0}
    samples = [{"time": start["time"] + 1000 * number, "metrics": measured} for number in (1, 2)]
    (written.folder / "delivery").mkdir()
    (written.folder / "delivery" / "system.jsonl").write_text(
        "".join(f"{json.dumps(one)}\n" for one in samples)
    )
    with contextlib.chdir(written.working_directory):
        assert deliver(RunFolder(written.folder), MlflowTracker()).error == ""
    return written


def listening(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def taken():
    """A port that something listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


@pytest.fixture
def page():
    """A page of a headless browser."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip("no Chromium is installed")
    from playwright.sync_api import sync_playwright

    quiet = [
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
    ]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found, args=["--no-sandbox", "--disable-gpu", *quiet]
        )
        yield browser.new_page(viewport={"width": 1600, "height": 1400})
        browser.close()


@pytest.mark.slow
def test_the_page_of_a_run_shows_what_a_reviewer_asks_for(write, make, page):
    written = delivered(write, make)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    with serving(written, "latest", "--port", str(free_port(5100))) as (_, address):
        from playwright.sync_api import expect

        page.goto(address)
        expect(page.get_by_role("heading", name="digits-a1b2")).to_be_visible(timeout=30_000)
        page.get_by_text("Show more").click()
        for text in (
            "Finished, as expected: val_accuracy 0.98 (at least 0.97) after 5 epochs in 12.3 s.",
            HOSTILE,
            "Data: digits (1,438 train, 359 validation); images of shape 8 × 8 × 1; 3 classes: zero, one, two.",  # noqa: RUF001
            "Made with keras 3.15.1, hornbook-losses 0.1.0, hornbook-optimizers 0.2.0 on tensorflow, seed 7, "
            "at git commit 0a1b2c3d4e5f, with changes that were not committed.",
            "hornbook reproduce 20261121-031500-digits-a1b2",
            "hornbook resume 20261121-031500-digits-a1b2 --epochs 10",
        ):
            expect(page.get_by_text(text)).to_be_visible()
        for text in ("test_accuracy", "accuracy/val", "digits (01234567)", "optimizers/adam"):
            expect(page.get_by_text(text, exact=True).first).to_be_visible()
        expect(page.get_by_text("Finished", exact=True)).to_be_visible()
        expect(page.get_by_text("hornbook-losses 0.1.0", exact=False).last).to_be_visible()
        expect(page.get_by_text("Model training", exact=True)).to_be_visible()

        page.get_by_role("tab", name="Model metrics").click()
        charts = page.locator("main")
        expect(charts).to_contain_text(re.compile(r"accuracy\s*\(2\)"), timeout=30_000)
        places = [page.get_by_role("heading", name=name).first.bounding_box() for name in ("train", "val")]
        assert places[0]["y"] == places[1]["y"], "training and validation stand side by side"
        for curve in ("accuracy/train", "accuracy/val"):
            expect(charts).to_contain_text(f"({curve})")

        page.get_by_role("tab", name="System metrics").click()
        for text in ("cpu_utilization_percentage", "system_memory_usage_percentage"):
            expect(page.get_by_text(text).first).to_be_visible(timeout=30_000)

        page.get_by_role("tab", name="Artifacts").click()
        page.get_by_text("recipe.yaml").click()
        expect(page.get_by_text("recipe: 1")).to_be_visible(timeout=30_000)
        assert asked
        assert not [url for url in asked if "tracker.example" in url]


def test_a_sweep_is_opened_as_a_run_is(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    sweep = create_sweep("digits", tmp_path / "runs")
    write_json(sweep.asked, {})
    state = {"uri": "http://127.0.0.1:5000", "experiment_id": "7", "run_id": "0a1b"}
    write_json(sweep.delivery("mlflow"), {"state": state, "delivered": 3})
    shown = CliRunner().invoke(ui, [sweep.id], catch_exceptions=False)
    assert shown.output.startswith("http://127.0.0.1:5000/#/experiments/7/runs/0a1b")


@pytest.mark.slow
def test_the_front_page_opens_for_model_training(write, make, page):
    written = delivered(write, make)
    with serving(written, "--port", str(free_port(5200)), "--no-open") as (_, address):
        from playwright.sync_api import expect

        page.goto(address)
        expect(page.get_by_role("link", name="digits")).to_be_visible(timeout=30_000)
        expect(page.get_by_text("Model registry")).to_be_visible()


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_cleanly_and_takes_the_server_with_it(write, make, number):
    written = delivered(write, make)
    port = free_port(5300)
    with serving(written, "--port", str(port)) as (process, address):
        assert address == f"http://127.0.0.1:{port}/#/experiments?workflowType=machine_learning"
        assert listening(port)
        process.send_signal(number)
        _, said = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "Traceback" not in said
    deadline = time.monotonic() + 10
    while listening(port) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not listening(port)


@pytest.mark.slow
def test_a_server_takes_deliveries_and_the_run_is_opened_on_it(write, make, monkeypatch):
    served, written = (
        delivered(write, make),
        write(make.started(), make.epoch(1), make.ended(after=1), within="away"),
    )
    with Server(served.uri, free_port(5400)) as server:
        server.wait_until_ready()
        state = written.deliver(written.events[:2], uri=server.address)
        state = written.deliver(written.events[1:], uri=server.address)
        assert written.deliver(state={}, uri=server.address) == state
        run = MlflowClient(server.address).get_run(state["run_id"])
        assert run.info.status == "FINISHED"
        assert (
            MlflowTracker().url(state).startswith(f"{server.address}/#/experiments/1/runs/{state['run_id']}?")
        )
        assert not (written.working_directory / "mlflow.db").exists()

        monkeypatch.chdir(served.working_directory)
        shown = CliRunner().invoke(ui, ["--tracking-uri", server.address], catch_exceptions=False)
        assert shown.output == f"{server.address}/#/experiments?workflowType=machine_learning\n"


def test_a_port_that_was_asked_for_and_is_taken_is_named_with_a_free_one(write, make, monkeypatch, taken):
    monkeypatch.chdir(delivered(write, make).working_directory)
    with pytest.raises(HornbookError, match=rf"Port {taken} is taken") as caught:
        CliRunner().invoke(ui, ["--port", str(taken)], catch_exceptions=False)
    proposed = int(re.search(r"--port (\d+)", str(caught.value))[1])
    assert proposed > taken
    assert not listening(proposed)


def test_where_nothing_was_tracked_it_says_so_and_makes_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(HornbookError, match="There is no store of runs at") as caught:
        CliRunner().invoke(ui, [], catch_exceptions=False)
    assert caught.value.exit_code == 2
    assert os.listdir(tmp_path) == []  # noqa: PTH208


def test_a_run_that_is_not_there_or_elsewhere_or_not_delivered_is_an_error(
    write, make, monkeypatch, tmp_path
):
    written = delivered(write, make)
    monkeypatch.chdir(written.working_directory)

    def error(*arguments):
        with pytest.raises(HornbookError) as caught:
            CliRunner().invoke(ui, arguments, catch_exceptions=False)
        return str(caught.value)

    assert "2019" in error("2019")
    assert f"but in {written.uri}" in error("latest", "--tracking-uri", f"sqlite:///{tmp_path}/other.db")
    shutil.rmtree(written.folder / "delivery")
    assert "hornbook sync" in error("latest")


@pytest.mark.slow
def test_a_server_that_cannot_start_says_why_without_a_traceback_or_a_password(tmp_path):
    store = "postgresql://ada:hush@127.0.0.1:1/runs"
    with Server(store, free_port(5500)) as server, pytest.raises(HornbookError) as caught:
        server.wait_until_ready()
    assert caught.value.exit_code == 1
    assert "MLflow's server did not start (exit code" in str(caught.value)
    assert "hush" not in str(caught.value)
