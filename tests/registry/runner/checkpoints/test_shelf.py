"""Checkpoints as files: whole or not there, the newest kept, damaged ones set aside."""

import keras
import ml_dtypes
import numpy as np
import pytest

from hornbook.runner.checkpoints.checkpoint import Checkpoint
from hornbook.runner.checkpoints.shelf import newest, newest_name, write


def checkpoint(epoch, step=0, **arrays):
    return Checkpoint(epoch, step, arrays or {"model/0": np.full(3, epoch + step / 100)}, {"callbacks": []})


def names(folder):
    return sorted(file.name for file in folder.iterdir())


def test_a_checkpoint_comes_back_as_it_was(tmp_path):
    arrays = {
        "model/0": np.arange(6, dtype="float32").reshape(2, 3),
        "model/1": np.arange(4).astype(ml_dtypes.bfloat16),
        "callbacks/0/best": np.float64(np.inf) * np.ones(()),
    }
    state = {"callbacks": [{"wait": {"value": 2}}], "randomness": {"python": [3, [1, 2], None]}}
    write(Checkpoint(4, 7, arrays, state, stopped=True), tmp_path, 2)
    found = newest(tmp_path, 4).checkpoint
    assert (found.epoch, found.step, found.stopped, found.state) == (4, 7, True, state)
    assert found.arrays.keys() == arrays.keys()
    for name, array in arrays.items():
        assert found.arrays[name].dtype == array.dtype
        np.testing.assert_array_equal(found.arrays[name], array)


def test_the_newest_few_are_kept(tmp_path):
    for epoch in range(12):
        write(checkpoint(epoch, 10 * epoch), tmp_path, 3)
    assert [name[6:12] for name in names(tmp_path)] == ["000009", "000010", "000011"]
    assert newest_name(tmp_path) == "epoch-000011-step-00000110.npz"


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty", "foreign", "locked", "of a later format"])
def test_a_damaged_one_is_set_aside_and_the_one_before_is_used(tmp_path, damage):
    write(checkpoint(1), tmp_path, 2)
    file = write(checkpoint(2), tmp_path, 2)
    content = bytearray(file.read_bytes())
    if damage == "flipped":
        content[len(content) // 4] ^= 0xFF
    directory = content.index(b"PK\x01\x02")  # of a zip file; what it says of the first entry
    if damage == "locked":
        content[directory + 8] |= 1
    if damage == "of a later format":
        content[directory + 6] = 99
    changed = {
        "cut": content[:-200],
        "flipped": content,
        "locked": content,
        "of a later format": content,
        "empty": b"",
        "foreign": b"PK" + bytes(200),
    }[damage]
    file.write_bytes(changed)
    found = newest(tmp_path, 9)
    assert found.checkpoint.epoch == 1
    assert found.damaged == (file.name,)
    assert names(tmp_path) == ["epoch-000001-step-00000000.npz", f"{file.name}.damaged"]
    write(checkpoint(1, 5), tmp_path, 1)
    assert newest(tmp_path, 9).checkpoint.step == 5, "what was set aside does not count as the newest"


def test_one_of_epochs_that_the_journal_has_lost_is_not_used(tmp_path):
    write(checkpoint(1), tmp_path, 2)
    write(checkpoint(2), tmp_path, 2)
    assert newest(tmp_path, 1).checkpoint.epoch == 1
    write(checkpoint(1, 4), tmp_path, 1)
    assert newest(tmp_path, 1).checkpoint.step == 4


def test_there_may_be_none(tmp_path):
    assert newest(tmp_path / "missing", 3).checkpoint is None
    assert newest_name(tmp_path / "missing") is None


def test_one_that_cannot_be_written_leaves_the_others_as_they_were(tmp_path):
    write(checkpoint(1), tmp_path, 1)
    unwritable = Checkpoint(2, 0, {"model/0": np.zeros(2)}, {"callbacks": [keras]})
    with pytest.raises(TypeError):
        write(unwritable, tmp_path, 1)
    assert names(tmp_path) == ["epoch-000001-step-00000000.npz"]
