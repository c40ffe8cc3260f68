"""Going on with a run: what is refused, what is named, and that it comes out as if the run had never stopped."""

import contextlib
import json
import shutil
import signal

import keras
import numpy as np
import pytest

import hornbook
from hornbook.catalog import catalog
from hornbook.recipes.reading import read
from hornbook.runner.checkpoints.shelf import newest
from hornbook.runner.journals.alone import alone
from hornbook.runner.journals.folder import RunFolder
from hornbook.runner.resuming import resume
from hornbook.runner.run import Options, carry_out
from hornbook.runner.training import recorder

pytestmark = pytest.mark.usefixtures("bench")


def interrupted_at(recipe, runs, **place):
    """Carry a recipe out, and ask it to end as soon as it tells of a place that it has come to."""

    def listen(event):
        if place.items() <= event.items():
            signal.raise_signal(signal.SIGTERM)

    done = carry_out(recipe, catalog(), Options(runs, tracking=False, listener=listen))
    assert done.outcome == "interrupted", done.error
    return done


@pytest.fixture(scope="module")
def stopped(tmp_path_factory, bench):
    """The folder of a run that was interrupted after two of four epochs."""
    changes = ["training.checkpoint.every_n_epochs=1", "training.epochs=4"]
    recipe = hornbook.read("bench-points", changes)
    runs = tmp_path_factory.mktemp("stopped")
    with contextlib.chdir(runs):
        return interrupted_at(recipe, runs, event="epoch", epoch=2).folder


@pytest.fixture
def run(stopped, tmp_path):
    """A copy of it that may be spoilt."""
    return shutil.copytree(stopped.path, tmp_path / "runs" / stopped.id)


def resumed(run, **more):
    return hornbook.resume(run, tracking=False, **more)


def warned(run):
    """What going on with a run warns of."""
    lines = []
    options = Options(run.parent, tracking=False, warn=lines.append)
    assert resume(RunFolder(run), catalog(), options).outcome == "finished"
    return lines


def edit(file, **changes):
    """Change the first event of a journal, or an environment."""
    first, *rest = file.read_text("utf-8").splitlines() if file.suffix == ".jsonl" else [file.read_text()]
    file.write_text("\n".join([json.dumps(json.loads(first) | changes), *rest, ""]))


def refusal(run, **more):
    with pytest.raises(hornbook.HornbookError) as refused:
        resumed(run, **more)
    (problem,) = refused.value.problems
    return problem


def test_a_recipe_that_was_edited_is_refused(run):
    file = run / "recipe.yaml"
    file.write_text(file.read_text().replace("batch_size: 16", "batch_size: 15"))
    problem = refusal(run)
    assert problem.code == "HB527"
    assert "training.batch_size was 16 and is 15" in problem.message


def test_when_checkpoints_are_taken_may_change(run):
    file = run / "recipe.yaml"
    file.write_text(file.read_text().replace("every_n_epochs: 1", "every_n_epochs: 2"))
    assert resumed(run).outcome == "finished"


def test_objects_that_are_made_otherwise_are_refused(run):
    journal = run / "journal.jsonl"
    started = json.loads(journal.read_text().splitlines()[0])
    edit(journal, made={**started["made"], "model": "0" * 16})
    problem = refusal(run)
    assert (problem.code, "makes another model than" in problem.message) == ("HB521", True)


def test_what_it_ran_on_may_be_lost(run):
    (run / "environment.json").unlink()
    (told,) = warned(run)
    assert told.startswith("environment.json cannot be read")
    ended = json.loads((run / "journal.jsonl").read_text().splitlines()[-1])
    assert f"keras=={keras.version()}" in ended["requirements"]


def test_a_model_of_before_is_not_that_of_a_run_that_failed_since(tmp_path):
    ends = "callbacks=[{use: interrupting, epoch: 1}, {use: raising, epoch: 3}]"
    first = hornbook.run("bench-points", [ends, "training.epochs=4"], tracking=False)
    journal = first.folder.journal
    assert json.loads(journal.read_text().splitlines()[-1])["model"] == "artifacts/model.keras"
    assert resumed(first).outcome == "failed"
    ended = json.loads(journal.read_text().splitlines()[-1])
    assert (ended["outcome"], ended["model"], ended["signature"]) == ("failed", None, None)


def test_callbacks_that_hold_what_no_checkpoint_can_are_named(tmp_path):
    changes = ["callbacks=[{use: interrupting, epoch: 1}, holding]", "training.epochs=3"]
    first = hornbook.run("bench-points", changes, tracking=False)
    (told,) = warned(first.folder.path)
    assert told == "no checkpoint holds what the callback Holding (held) was at: with that it begins anew"


def test_they_are_named_before_the_training_begins(tmp_path):
    lines = []
    known = catalog()
    recipe = read("bench-points", ["callbacks=[holding]", "training.epochs=1"], known)
    carry_out(recipe, known, Options(tmp_path, tracking=False, warn=lines.append))
    assert lines == ["no checkpoint can hold what the callback Holding (held) is at: resumed, it begins anew"]


def test_a_run_that_a_callback_ended_is_over_until_more_is_asked_of_it(tmp_path):
    stops = "callbacks=[{use: early_stopping, monitor: loss, min_delta: 1e9, patience: 1}]"
    first = hornbook.run("bench-points", [stops, "training.epochs=5"], tracking=False)
    assert (first.outcome, len(first.history["loss"])) == ("finished", 2)
    before = first.folder.journal.read_bytes()
    problem = refusal(first.folder.path)
    assert (problem.code, problem.message) == (
        "HB522",
        f"a callback ended the run {first.id} after 2 of 5 epochs",
    )
    assert problem.hint.endswith(" --epochs 5`")
    assert first.folder.journal.read_bytes() == before
    assert len(resumed(first, epochs=5).history["loss"]) > 2


def test_another_backend_is_refused(run):
    edit(run / "journal.jsonl", backend="another")
    problem = refusal(run)
    assert problem.code == "HB523"
    assert problem.hint.endswith("--backend another`")


def test_a_run_that_goes_on_elsewhere_is_refused(run):
    with alone(run / "run.lock"):
        assert refusal(run).code == "HB526"
    assert resumed(run).outcome == "finished"


def test_a_run_that_never_began_is_refused(run):
    (run / "journal.jsonl").write_text("")
    assert refusal(run).code == "HB528"


def test_another_version_is_named_and_not_refused(run):
    then = json.loads((run / "environment.json").read_text())
    edit(run / "environment.json", distributions={**then["distributions"], "keras": "3.0.0"})
    (line,) = [line for line in warned(run) if line.startswith("keras: ")]
    assert line == f"keras: 3.0.0 then, {keras.version()} now"


def test_of_a_damaged_checkpoint_the_one_before_is_used_and_that_is_said(run):
    (older, newer) = sorted((run / "checkpoints").glob("*.npz"))
    newer.write_bytes(newer.read_bytes()[:-100])
    (line,) = warned(run)
    assert line == (
        f"the checkpoint {newer.name} cannot be read, and is {newer.name}.damaged now; "
        "going on from epoch 1, step 0"
    )
    assert older.name == "epoch-000001-step-00000000.npz"
    (event,) = [event for line in _lines(run) if (event := json.loads(line))["event"] == "resumed"]
    assert (event["epoch"], event["step"]) == (1, 0)


def test_a_torn_line_of_the_journal_is_dropped_and_that_is_said(run):
    with (run / "journal.jsonl").open("a") as journal:
        journal.write('{"event": "epo')
    (line,) = warned(run)
    assert "its last line is torn, and left out (14 bytes)" in line
    epochs = [event["epoch"] for line in _lines(run) if (event := json.loads(line))["event"] == "epoch"]
    assert epochs == [1, 2, 3, 4]


def _lines(run):
    return (run / "journal.jsonl").read_text().splitlines()


RECIPES = {
    "average": """
augment: [cutmix, mixup]
model:
  - {use: conv2d, filters: 4, kernel_size: 3, activation: relu}
  - batch_normalization
  - flatten
  - {use: dropout, rate: 0.2}
  - {use: dense, units: "${data.classes}", activation: softmax}
loss: categorical_crossentropy
optimizer: {use: adam, learning_rate: 0.005, use_ema: true, ema_momentum: 0.9}
metrics: [accuracy]
callbacks: [swap_ema_weights, drawing]
""",
    "best": """
augment: [random_flip, {use: random_rotation, factor: 0.05}]
model: [flatten, {use: gaussian_noise, stddev: 0.1}, {use: dense, units: "${data.classes}", activation: softmax}]
loss: categorical_crossentropy
optimizer: {use: momentum, learning_rate: 0.3}
metrics: [accuracy]
callbacks:
  - {use: reduce_on_plateau, patience: 0, min_delta: 0.5}
  - {use: early_stopping, monitor: val_accuracy, patience: 9, restore_best_weights: true}
  - drawing
""",
}


@pytest.mark.parametrize("name", RECIPES)
def test_interrupted_within_an_epoch_and_gone_on_with_it_ends_with_the_same_bits(tmp_path, monkeypatch, name):
    file = tmp_path / f"{name}.yaml"
    file.write_text(
        "recipe: 1\nseed: 3\ndata: {use: digits, validation: 0.8}\n"
        "training: {epochs: 3, batch_size: 32, steps_per_execution: 1}" + RECIPES[name]
    )
    monkeypatch.setattr(recorder, "STEP_SECONDS", 0.0)

    recipe = read(file, (), catalog())
    whole = carry_out(recipe, catalog(), Options(tmp_path / "whole", tracking=False))
    assert whole.outcome == "finished", whole.error
    broken = interrupted_at(recipe, tmp_path / "broken", event="step", epoch=2, step=5)
    assert max(broken.folder.checkpoints.iterdir()).name == "epoch-000001-step-00000006.npz"
    done = resumed(broken.folder.path)
    assert done.history == whole.history
    assert done.metrics == whole.metrics
    for ours, theirs in zip(done.model.variables, whole.model.variables, strict=True):
        np.testing.assert_array_equal(*map(keras.ops.convert_to_numpy, (ours.value, theirs.value)))
    # The last checkpoint holds all else: the optimizer, generators, and what callbacks have drawn from them.
    one, other = (newest(run.folder.checkpoints, 3).checkpoint for run in (done, whole))
    assert json.dumps(one.state) == json.dumps(other.state)
    assert "drawn" in one.state["callbacks"][-1]
    assert one.arrays.keys() == other.arrays.keys()
    for key, array in one.arrays.items():
        np.testing.assert_array_equal(array, other.arrays[key], err_msg=key)


@pytest.mark.parametrize(
    ("rate", "told"),
    [
        ("{use: cosine_decay, initial_learning_rate: 0.01}", ["made for 2 epochs", "ends with, 0"]),
        ("{use: cosine_decay, initial_learning_rate: 0.01, decay_steps: 100}", []),
        ("0.01", []),
    ],
)
def test_more_epochs_than_the_schedule_was_made_for_are_told(rate, told, tmp_path):
    changes = [f"optimizer={{use: adam, learning_rate: {rate}}}", "training.epochs=2"]
    done = hornbook.run("bench-points", changes, runs_dir=tmp_path / "runs", tracking=False)
    lines = []
    options = Options(tmp_path / "runs", tracking=False, warn=lines.append)
    more = resume(done.folder, catalog(), options, epochs=3)
    assert len(more.history["loss"]) == 3
    assert [words in line for line in lines for words in told] == [True] * len(told)
    assert bool(lines) == bool(told)
