"""A run that is killed or interrupted and resumed ends with the bits of one that never stopped."""

import json
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

import hornbook

RECIPE = """
recipe: 1
name: stubborn
seed: 3
data: {use: digits, validation: 0.2}
augment: [{use: random_rotation, factor: 0.05}, cutmix, mixup]
model:
  - {use: conv2d, filters: 8, kernel_size: 3, activation: relu}
  - batch_normalization
  - max_pooling2d
  - flatten
  - {use: dropout, rate: 0.3}
  - {use: dense, units: "${data.classes}", activation: softmax}
loss: categorical_crossentropy
optimizer: {use: adam, learning_rate: {use: one_cycle, max_learning_rate: 0.01}}
metrics: [accuracy]
training: {epochs: 6, batch_size: 32, steps_per_execution: 4}
"""
RUN = "import hornbook; hornbook.run('recipe.yaml', runs_dir='{}', tracking=False)"
RESUME = "import hornbook; hornbook.resume('latest', runs_dir='{}', tracking=False)"


@pytest.fixture
def working(tmp_path, monkeypatch):
    """A working directory with the recipe in it."""
    (tmp_path / "recipe.yaml").write_text(RECIPE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def started(script):
    return subprocess.Popen([sys.executable, "-c", script], stderr=subprocess.DEVNULL)


def epochs(runs):
    journals = list(runs.glob("*/journal.jsonl"))
    lines = journals[0].read_text().splitlines(keepends=True) if journals else []
    return [one for line in lines if line.endswith("\n") and (one := json.loads(line))["event"] == "epoch"]


def stopped_after(process, runs, count, number):
    """Send a signal once so many epochs are in the journal, and wait for the end."""
    while len(epochs(runs)) < count and process.poll() is None:
        time.sleep(0.01)
    assert process.poll() is None, "it ended before it could be stopped"
    process.send_signal(number)
    process.wait(60)


def test_killed_and_interrupted_it_ends_with_the_same_bits(working):
    whole = hornbook.run("recipe.yaml", runs_dir="whole", tracking=False)
    runs = working / "broken"
    stopped_after(started(RUN.format("broken")), runs, 1, signal.SIGKILL)
    stopped_after(started(RESUME.format("broken")), runs, 3, signal.SIGINT)
    assert hornbook.runs("broken")[0].outcome == "interrupted"
    resumed = hornbook.resume("latest", runs_dir="broken", tracking=False)
    assert resumed.outcome == whole.outcome == "finished"
    assert resumed.metrics == whole.metrics
    assert resumed.history == whole.history
    for ours, theirs in zip(resumed.model.get_weights(), whole.model.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    assert [one["epoch"] for one in epochs(runs)] == [1, 2, 3, 4, 5, 6]


def test_a_finished_run_is_given_more_epochs_and_keeps_its_schedule(working):
    hornbook.run("recipe.yaml", ["training.epochs=2"], runs_dir="runs", tracking=False)
    more = hornbook.resume("latest", epochs=3, runs_dir="runs", tracking=False)
    assert len(more.history["loss"]) == 3
    # One-cycle was made for two epochs: beyond them it holds its last value.
    assert more.history["learning_rate"][2] == more.history["learning_rate"][1]


def test_nothing_is_left_to_do_for_a_finished_run(working):
    hornbook.run("recipe.yaml", ["training.epochs=1"], runs_dir="runs", tracking=False)
    with pytest.raises(hornbook.HornbookError, match="gone through all of its 1 epochs"):
        hornbook.resume("latest", runs_dir="runs", tracking=False)


def test_what_early_stopping_had_seen_is_not_forgotten(working):
    changes = [
        "callbacks=[{use: early_stopping, monitor: val_loss, patience: 2, restore_best_weights: true}]",
        "optimizer.learning_rate=0.3",
        "training.epochs=12",
    ]
    whole = hornbook.run("recipe.yaml", changes, runs_dir="whole", tracking=False)
    assert len(whole.history["loss"]) < 12, "it was to stop early"
    script = f"import hornbook; hornbook.run('recipe.yaml', {changes!r}, runs_dir='broken', tracking=False)"
    stopped_after(started(script), working / "broken", 2, signal.SIGINT)
    resumed = hornbook.resume("latest", runs_dir="broken", tracking=False)
    assert resumed.history == whole.history
    for ours, theirs in zip(resumed.model.get_weights(), whole.model.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_other_data_is_refused(working):
    np.savez(working / "data.npz", x=np.eye(40, 4, dtype="float32"), y=np.arange(40) % 2)
    (working / "small.yaml").write_text(
        "recipe: 1\ndata: {use: npz, path: data.npz}\nmodel: mlp\nloss: sparse_categorical_crossentropy\n"
        "training: {epochs: 1}\n"
    )
    hornbook.run("small.yaml", runs_dir="runs", tracking=False)
    np.savez(working / "data.npz", x=np.ones((40, 4), "float32"), y=np.arange(40) % 2)
    with pytest.raises(hornbook.HornbookError, match="digest"):
        hornbook.resume("latest", epochs=2, runs_dir="runs", tracking=False)
