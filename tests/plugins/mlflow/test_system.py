"""How busy the machine is: sampled beside a run that asks for it, and delivered once."""

import json
import time
from contextlib import chdir

import pytest
from mlflow import MlflowClient

from hornbook_mlflow.tracker import MlflowTracker

ASKED = {"experiment": "digits", "system_metrics": True}
CPU = "system/cpu_utilization_percentage"


@pytest.fixture(autouse=True)
def _often(monkeypatch):
    monkeypatch.setenv("MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL", "0.1")


def followed(written, wait=0.0):
    """A tracker follows a run from before its journal begins to its end, as the process beside it does."""
    journal = written.folder / "journal.jsonl"
    lines = journal.read_text().splitlines(keepends=True)
    journal.unlink()
    tracker, state, size = MlflowTracker(), {}, len(lines)
    with chdir(written.working_directory):
        tracker.prepare(written.folder, None)
        for number, event in enumerate(written.events):
            with journal.open("a") as file:
                file.write(lines[number])
            state = tracker.deliver(written.folder, [event], state, None)
            time.sleep(wait if number < size - 1 else 0)
    return state


def samples(written):
    return [
        json.loads(line) for line in (written.folder / "delivery" / "system.jsonl").read_text().splitlines()
    ]


def test_the_machine_is_sampled_while_the_run_is_on_and_every_sample_arrives_once(write, make):
    written = write(make.started(tracking=ASKED), *map(make.epoch, (1, 2, 3)), make.ended())
    (written.folder / "delivery").mkdir()
    state = followed(written, wait=0.3)
    taken = samples(written)
    assert len(taken) == state["samples"] > 3
    history = MlflowClient(written.uri).get_metric_history(state["run_id"], CPU)
    expected = [(number, one["time"], one["metrics"][CPU]) for number, one in enumerate(taken, 1)]
    assert sorted((one.step, one.timestamp, one.value) for one in history) == expected
    assert all(0 <= value <= 100 for _, _, value in expected)
    assert "system/system_memory_usage_percentage" in written.run().data.metrics

    written.deliver(state={})
    assert len(MlflowClient(written.uri).get_metric_history(state["run_id"], CPU)) == len(taken)


def test_a_run_that_does_not_ask_is_not_sampled(write, make):
    written = write()
    (written.folder / "delivery").mkdir()
    assert "samples" not in followed(written)
    assert not (written.folder / "delivery" / "system.jsonl").exists()


def test_a_delivery_from_elsewhere_samples_nothing(write, make):
    written = write(make.started(tracking=ASKED), make.epoch(1))
    (written.folder / "delivery").mkdir()
    written.deliver()
    assert not (written.folder / "delivery" / "system.jsonl").exists()
