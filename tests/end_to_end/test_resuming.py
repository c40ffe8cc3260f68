"""Going on with runs that are over, and with what has changed. Kills: `tests/durability`."""

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


@pytest.fixture
def working(tmp_path, monkeypatch):
    """A working directory with the recipe in it."""
    (tmp_path / "recipe.yaml").write_text(RECIPE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


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
