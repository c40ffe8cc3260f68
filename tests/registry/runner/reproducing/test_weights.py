"""The weights of two saved models, compared without Keras; a saved model may be anybody's."""

import io
import zipfile

import h5py
import numpy as np
import pytest

from hornbook.runner.reproducing.weights import compare

ARRAYS = {"layers/dense/vars/0": np.eye(3, dtype="float32"), "layers/dense/vars/1": np.zeros(3, "float32")}


def saved(file, arrays=None, also=lambda stored: None):
    """A file as Keras saves models, as far as its weights go."""
    held = io.BytesIO()
    with h5py.File(held, "w") as stored:
        for name, value in (ARRAYS if arrays is None else arrays).items():
            stored[name] = value
        also(stored)
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("config.json", "{}")
        archive.writestr("model.weights.h5", held.getvalue())
    return file


def agreement(tmp_path, arrays, also=lambda stored: None, tolerance=1e-3):
    return compare(saved(tmp_path / "a.keras"), saved(tmp_path / "b.keras", arrays, also), tolerance)


def test_the_same_bits_are_identical(tmp_path):
    found = agreement(tmp_path, ARRAYS)
    assert (found.verdict, found.arrays, found.differing, found.largest) == ("identical", 2, 0, 0.0)


def test_one_bit_is_a_difference(tmp_path):
    near = {**ARRAYS, "layers/dense/vars/0": np.nextafter(ARRAYS["layers/dense/vars/0"], np.float32(9))}
    found = agreement(tmp_path, near)
    assert (found.verdict, found.differing) == ("within tolerance", 1)
    assert 0 < found.largest < 1e-6
    assert agreement(tmp_path, near, tolerance=0.0).verdict == "different"
    minus = {**ARRAYS, "layers/dense/vars/1": -ARRAYS["layers/dense/vars/1"]}
    assert agreement(tmp_path, minus).verdict == "within tolerance"  # 0 and -0 are the same number


@pytest.mark.parametrize(
    "other",
    [
        {**ARRAYS, "layers/dense/vars/1": np.full(3, np.nan, "float32")},
        {**ARRAYS, "layers/dense/vars/1": np.zeros(4, "float32")},
        {**ARRAYS, "layers/dense/vars/1": np.zeros(3, "float64")},
        {"layers/dense/vars/0": ARRAYS["layers/dense/vars/0"]},
        {**ARRAYS, "layers/more/vars/0": np.zeros(1, "float32")},
    ],
    ids=["nan", "shape", "type", "missing", "more"],
)
def test_another_model_is_different(tmp_path, other):
    found = agreement(tmp_path, other)
    assert (found.verdict, found.differing, found.largest) == ("different", 1, float("inf"))


def test_what_the_optimizer_remembers_is_left_aside(tmp_path):
    assert agreement(tmp_path, {**ARRAYS, "optimizer/vars/0": np.ones(3)}).verdict == "identical"


def test_nothing_outside_the_file_is_read(tmp_path):
    (tmp_path / "secret").write_bytes(bytes(12))
    secret = str(tmp_path / "secret")

    def outside(stored):
        stored.create_dataset("layers/far/vars/0", (3,), "float32", external=[(secret, 0, 12)])

    with pytest.raises(ValueError, match="other files"):
        agreement(tmp_path, ARRAYS, outside)

    def linked(stored):
        stored["layers/far"] = h5py.ExternalLink(secret, "/")

    assert agreement(tmp_path, ARRAYS, linked).verdict == "identical"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 torn"])
def test_what_is_no_model_is_said_to_be_none(tmp_path, content):
    (tmp_path / "b.keras").write_bytes(content)
    with pytest.raises(ValueError, match="not a saved Keras model"):
        compare(saved(tmp_path / "a.keras"), tmp_path / "b.keras", 1e-3)
