"""A loss that is not finite any more ends a run, which names the step, the examples and the last good checkpoint."""

from pathlib import Path

import keras
import numpy as np
import pytest

import hornbook
from hornbook.dataset import Split
from hornbook.runner.data.feeding import Portion
from hornbook.runner.journals.journal import read
from hornbook.runner.training import replay
from hornbook.runner.training.divergence import Diverged, located

RECIPE = """\
recipe: 1
name: rising
data: {use: npz, path: data.npz}
model: [{use: dense, units: 8, activation: relu}, {use: dense, units: 1}]
loss: mse
optimizer: {use: sgd, learning_rate: 0.01}
training: {epochs: 3, batch_size: 8}
"""
RISING = "optimizer.learning_rate={use: piecewise_constant_decay, boundaries: [%d], values: [0.01, 1.0e+25]}"
BLOCKS = [1, 4] if keras.backend.backend() != "torch" else [1]


@pytest.fixture(autouse=True)
def data():
    """64 examples, eight steps an epoch."""
    generator = np.random.default_rng(0)
    inputs = generator.normal(size=(64, 3)).astype("float32")
    np.savez("data.npz", x=inputs, y=inputs.sum(1))
    Path("rising.yaml").write_text(RECIPE)
    return inputs


def carried_out(*overrides):
    return hornbook.run("rising.yaml", overrides, tracking=False)


def told(run):
    """What the end of the journal tells of it."""
    return read(run.folder.journal)[-1]["diverged"]


def order(epoch, batch=8):
    """The rows of the steps of an epoch."""
    return np.random.default_rng([0, epoch]).permutation(64).reshape(-1, batch).tolist()


@pytest.mark.parametrize("steps", BLOCKS)
def test_the_batch_of_an_example_beyond_measure_is_named(data, steps):
    data[37, 1] = 1e30
    np.savez("data.npz", x=data, y=data[:, 0])
    done = carried_out(f"training.steps_per_execution={steps}")
    step, rows = next((n + 1, rows) for n, rows in enumerate(order(0)) if 37 in rows)
    assert done.outcome == "diverged"
    found = told(done)
    assert found.pop("loss") in ("inf", "nan")
    assert found == {
        "epoch": 1,
        "step": step,
        "first_step": step,
        "examples": rows,
        "not_finite": [],
        "checkpoint": None,
    }
    assert f"after step {step} of epoch 1" in done.error
    assert "the last good checkpoint: none" in done.error


def test_examples_that_are_not_finite_in_themselves_are_named(data):
    data[[5, 37], 1] = np.nan, np.inf
    whole = Portion(Split(data, np.ones(64, "float32")), 64)
    found = located(Diverged(1, 1, 1, float("nan")), whole, None)
    assert found.not_finite == (5, 37)
    assert "not finite in themselves: rows 5, 37" in str(found)


@pytest.mark.parametrize("steps", BLOCKS)
def test_the_step_is_found_within_a_block_and_the_last_good_checkpoint_named(steps):
    every = ["training.checkpoint={every_n_steps: 4, max_to_keep: 9}"]
    done = carried_out(RISING % 12, f"training.steps_per_execution={steps}", *every)
    found = told(done)
    # The fourteenth step is the first that is taken at the great rate, and the next one sees what came of it.
    assert (found["epoch"], found["step"], found["first_step"]) == (2, 7, 7)
    assert found["examples"] == order(1)[6]
    assert found["not_finite"] == []
    assert found["checkpoint"] == "checkpoints/epoch-000001-step-00000004.npz"
    assert (done.folder.path / found["checkpoint"]).is_file()
    for file in done.folder.checkpoints.iterdir():
        with np.load(file) as stored:
            weights = [stored[name] for name in stored.files if name.startswith("model/")]
            assert weights and all(np.isfinite(one).all() for one in weights)
    assert len(done.history["loss"]) == 1, "an epoch that was broken off is none"


def test_where_the_step_is_not_found_in_time_the_block_is_told(monkeypatch):
    monkeypatch.setattr(replay, "SECONDS", -1.0)
    if keras.backend.backend() == "torch":
        pytest.skip("PyTorch runs no blocks of steps")
    done = carried_out(RISING % 12, "training.steps_per_execution=4")
    found = told(done)
    assert (found["epoch"], found["first_step"], found["step"]) == (2, 5, 8)
    assert found["examples"] == []
    assert "a step from 5 to 8 of epoch 2" in done.error


def test_weights_that_are_spoilt_by_the_last_step_never_replace_good_ones(data):
    np.savez("data.npz", x=data, y=1000 * data.sum(1))
    done = carried_out(RISING % 22, "optimizer.learning_rate.values=[1.0e-6, 3.0e+38]")
    found = told(done)
    assert done.outcome == "diverged"
    assert (found["epoch"], found["step"]) == (3, 8)
    assert found["checkpoint"] in (
        "checkpoints/epoch-000001-step-00000000.npz",
        "checkpoints/epoch-000002-step-00000000.npz",
    )
    assert "the weights were not finite after step 8 of epoch 3" in done.error
    assert not done.folder.model.exists()


def test_going_on_with_it_is_refused_with_a_command_that_may_help():
    carried_out("optimizer.learning_rate=1.0e+30")
    with pytest.raises(hornbook.HornbookError, match="diverged, and would again") as refused:
        hornbook.resume("latest", tracking=False)
    (problem,) = refused.value.problems
    assert problem.code == "HB525"
    assert "-s optimizer.learning_rate=1e+29 -s optimizer.clipnorm=1" in problem.hint
