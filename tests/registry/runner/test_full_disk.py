"""No room on the disk ends a run in good order: it says so, what was saved is whole, and it can be gone on with.

A limit on the size of files stands for a full disk: the system refuses a write all the same, and a test needs no right
to mount anything.
"""

import resource
from contextlib import contextmanager

import numpy as np
import pytest

import hornbook
from hornbook.runner.journals.journal import Journal, examine
from hornbook.runner.room import out_of_room

pytestmark = pytest.mark.usefixtures("bench")
RECIPE = """\
recipe: 1
name: growing
seed: 1
data: {use: points, validation: 0.25}
model: [{use: dense, units: 300, activation: tanh}, {use: dense, units: "${data.classes}", activation: softmax}]
loss: sparse_categorical_crossentropy
optimizer: {use: adam, learning_rate: 0.01}
training: {epochs: 3, batch_size: 15, checkpoint: {every_n_epochs: 1}}
"""


@contextmanager
def files_up_to(size):
    """Have the system refuse to let files grow beyond a size, in bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.fixture(scope="module")
def whole(tmp_path_factory, bench):
    """A run that had room, and the sizes of what it wrote."""
    folder = tmp_path_factory.mktemp("whole")
    recipe = folder / "growing.yaml"
    recipe.write_text(RECIPE)
    done = hornbook.run(recipe, runs_dir=folder, tracking=False)
    checkpoint = max(file.stat().st_size for file in done.folder.checkpoints.iterdir())
    return recipe, done, {"checkpoint": checkpoint, "model": done.folder.model.stat().st_size}


@pytest.mark.parametrize("what", ["checkpoint", "model"])
def test_a_run_without_room_ends_and_is_gone_on_with(whole, what):
    recipe, done, sizes = whole
    assert sizes["checkpoint"] < sizes["model"], "the model is the last to find no room"
    with files_up_to(sizes[what] - 500):
        ended = hornbook.run(recipe, tracking=False)
    assert ended.outcome == "failed"
    assert ended.error.startswith("no room is left on the disk")
    assert f"`hornbook resume {ended.id}`" in ended.error
    events = examine(ended.folder.journal)
    assert not events.rest and events.events[-1]["error"] == ended.error
    assert not ended.folder.traceback.exists(), "a full disk is no mistake of anybody's code"
    left = {file.name for file in ended.folder.path.rglob("*") if file.is_file()}
    assert not any(name.endswith((".part", "unfinished.keras")) for name in left)
    assert len(list(ended.folder.checkpoints.iterdir())) == (0 if what == "checkpoint" else 2)
    resumed = hornbook.resume(ended.folder.path, tracking=False)
    assert resumed.outcome == "finished"
    assert resumed.history == done.history and resumed.metrics == done.metrics
    for ours, theirs in zip(resumed.model.get_weights(), done.model.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_a_run_that_finds_no_room_to_begin_leaves_nothing_behind(whole, tmp_path):
    recipe, *_ = whole
    with files_up_to(300), pytest.raises(hornbook.HornbookError, match="no room is left") as refused:
        hornbook.run(recipe, tracking=False)
    assert refused.value.problems[0].code == "HB510"
    assert refused.value.exit_code == 1
    assert list((tmp_path / "runs").iterdir()) == []


def test_an_event_is_written_whole_or_not_at_all(tmp_path):
    file = tmp_path / "journal.jsonl"
    journal = Journal(file)
    journal.write("started", name="small")
    size = file.stat().st_size
    with files_up_to(size + 40), pytest.raises(OSError) as refused:
        journal.write("epoch", words="long " * 100)
    assert out_of_room(refused.value)
    assert file.stat().st_size == size
    journal.write("ended")
    journal.close()
    assert [event["event"] for event in examine(file).events] == ["started", "ended"]


def test_what_libraries_say_of_a_full_disk_is_understood():
    assert out_of_room(RuntimeError("Can't flush: errno = 28, error message = 'No space left on device'"))
    assert not out_of_room(RuntimeError("a layer is full of holes"))
