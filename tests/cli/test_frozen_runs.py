import zipfile

import h5py
import numpy as np
import pytest


def weights(file):
    """Every weight of a saved model, by its path in the file."""
    found = {}

    def keep(name, item):
        if isinstance(item, h5py.Dataset):
            found[name] = np.asarray(item)

    with zipfile.ZipFile(file) as archive, archive.open("model.weights.h5") as stored:
        h5py.File(stored).visititems(keep)
    return found


@pytest.mark.slow
def test_a_recipe_and_its_frozen_form_train_the_same_weights_to_the_bit(hornbook, tmp_path):
    change = ("-s", "training.epochs=2", "-s", "~expect")
    frozen = hornbook("freeze", "digits", *change).out
    (tmp_path / "frozen.yaml").write_text(frozen)
    assert hornbook("freeze", "frozen.yaml").out == frozen
    done = [
        hornbook("run", *recipe, "--no-tracking", "--json").json
        for recipe in (("digits", *change), ("frozen.yaml",))
    ]
    assert [one["outcome"] for one in done] == ["finished", "finished"]
    written, again = (weights(one["model"]) for one in done)
    assert len(written) > 8
    assert written.keys() == again.keys()
    for name, values in written.items():
        assert values.tobytes() == again[name].tobytes(), name
    assert done[0]["metrics"] == done[1]["metrics"]
