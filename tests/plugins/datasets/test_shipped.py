"""The datasets inside scikit-learn: the same numbers as scikit-learn's own loaders give, read without it."""

import subprocess
import sys

import numpy as np
import pytest
from sklearn import datasets as sklearn_datasets

import hornbook


@pytest.mark.parametrize("name", ["iris", "wine", "breast_cancer"])
def test_features_and_classes_are_scikit_learns(name):
    loaded = hornbook.get("dataset", name)
    expected = getattr(sklearn_datasets, f"load_{name}")()
    np.testing.assert_array_equal(loaded.train.inputs, expected.data.astype("float32"))
    np.testing.assert_array_equal(loaded.train.labels, expected.target)
    assert loaded.class_names == tuple(expected.target_names)
    assert (loaded.train.inputs.dtype, loaded.train.labels.dtype) == (np.float32, np.int32)


def test_digits_are_scikit_learns_scaled_to_one():
    loaded = hornbook.get("dataset", "digits")
    expected = sklearn_datasets.load_digits()
    np.testing.assert_array_equal(loaded.train.inputs[..., 0] * 16, expected.images)
    np.testing.assert_array_equal(loaded.train.labels, expected.target)
    assert (loaded.train.inputs.min(), loaded.train.inputs.max()) == loaded.value_range == (0.0, 1.0)


@pytest.mark.parametrize("scaled", [True, False])
def test_diabetes_is_scikit_learns(scaled):
    loaded = hornbook.get("dataset", "diabetes", scaled=scaled)
    features, progress = sklearn_datasets.load_diabetes(return_X_y=True, scaled=scaled)
    np.testing.assert_allclose(loaded.train.inputs, features, rtol=1e-5, atol=1e-7)
    np.testing.assert_array_equal(loaded.train.labels, progress[:, None])
    assert (loaded.train.inputs.dtype, loaded.train.labels.dtype) == (np.float32, np.float32)


def test_digest_tells_data_apart():
    assert hornbook.get("dataset", "iris").digest == hornbook.get("dataset", "iris").digest
    scaled, raw = (hornbook.get("dataset", "diabetes", scaled=scaled) for scaled in (True, False))
    assert scaled.digest != raw.digest


def test_scikit_learn_is_not_imported():
    python(
        "import sys; from hornbook_datasets.shipped import digits\n"
        "assert len(digits().train) == 1797 and 'sklearn' not in sys.modules"
    )


def test_an_installation_that_keeps_its_files_elsewhere(tmp_path):
    metadata = tmp_path / "scikit_learn-1.9.dist-info" / "METADATA"
    metadata.parent.mkdir()
    metadata.write_text("Metadata-Version: 2.1\nName: scikit-learn\nVersion: 1.9\n")
    python(
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        "from importlib.metadata import distribution; assert not distribution('scikit-learn').files\n"
        "from hornbook_datasets.shipped import digits; assert len(digits().train) == 1797"
    )


def python(program):
    subprocess.run([sys.executable, "-c", program], check=True)
