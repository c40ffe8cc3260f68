"""Keras' datasets: what is made of its arrays, and what is said when it cannot have them.

Keras checks what it downloads against a fixed hash, except for Fashion-MNIST: that one is loaded here from
small files in Keras' cache folder, through all of Keras' own code. Of the others, the conversion is tested on
arrays as Keras gives them, and the failure in a process that cannot reach the network.
"""

import gzip
import json
import os
import subprocess
import sys

import numpy as np
import pytest

import hornbook
from hornbook_datasets import downloads

NUMBERS = np.random.default_rng(0)
LOAD = """
import hornbook, json, sys
answers = {}
for name in sys.argv[1:]:
    try:
        data = hornbook.get("dataset", name)
        answers[name] = [[split.inputs.tolist(), split.labels.tolist()] for split in (data.train, data.test)]
    except hornbook.HornbookError as error:
        answers[name] = str(error)
print(json.dumps(answers))
"""


@pytest.fixture
def cached(tmp_path):
    """Load datasets in a process whose Keras has its cache in a folder of the test's, and no network."""
    nowhere = dict.fromkeys(["http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"], "http://127.0.0.1:9")
    environment = {**os.environ, **nowhere, "KERAS_HOME": str(tmp_path), "no_proxy": "", "NO_PROXY": ""}

    def load(*names):
        command = [sys.executable, "-c", LOAD, *names]
        answer = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
        return json.loads(answer.stdout)  # and nothing else is on standard output

    return load


def test_fashion_mnist_is_read_by_keras_from_its_cache(cached, tmp_path):
    folder = tmp_path / "datasets" / "fashion-mnist"
    folder.mkdir(parents=True)
    written = {}
    for split, count in (("train", 5), ("t10k", 2)):
        images, labels = (
            NUMBERS.integers(0, 256, (count, 28, 28), "uint8"),
            NUMBERS.integers(0, 10, count, "uint8"),
        )
        written[split] = images, labels
        (folder / f"{split}-images-idx3-ubyte.gz").write_bytes(gzip.compress(bytes(16) + images.tobytes()))
        (folder / f"{split}-labels-idx1-ubyte.gz").write_bytes(gzip.compress(bytes(8) + labels.tobytes()))
    splits = cached("fashion_mnist")["fashion_mnist"]
    for (inputs, numbers), (images, labels) in zip(splits, written.values(), strict=True):
        np.testing.assert_allclose(np.array(inputs)[..., 0], images / 255, rtol=1e-6)
        np.testing.assert_array_equal(numbers, labels)


def test_a_failed_download_says_what_to_put_where(cached, tmp_path):
    store = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
    toronto = "https://www.cs.toronto.edu/~kriz/"
    expected = {
        "mnist": ("mnist.npz", store),
        "fashion_mnist": ("train-images-idx3-ubyte.gz", store),
        "cifar10": ("cifar-10-python.tar.gz as cifar-10-batches-py-target_archive", toronto),
        "cifar100": ("cifar-100-python.tar.gz as cifar-100-python-target_archive", toronto),
        "imdb": ("imdb.npz", store),
        "reuters": ("reuters.npz", store),
        "california_housing": ("california_housing.npz", store),
    }
    answers = cached(*expected)
    for name, (file, origin) in expected.items():
        assert f"Keras could not download {name}" in answers[name]
        assert f"put {file}" in answers[name]
        assert f"from {origin} into {tmp_path / 'datasets'}" in answers[name]


def test_images_as_keras_gives_them():
    grey, colour = (
        NUMBERS.integers(0, 256, (3, 28, 28), "uint8"),
        NUMBERS.integers(0, 256, (3, 32, 32, 3), "uint8"),
    )
    labels = np.array([2, 0, 1], "uint8")
    data = downloads.images([(grey, labels), (grey[:1], labels[:1])], ("a", "b", "c"))
    np.testing.assert_allclose(data.train.inputs[..., 0], grey / 255, rtol=1e-6)
    assert (data.train.inputs.dtype, data.train.inputs.max() <= 1) == (np.float32, True)
    data = downloads.images([(colour, labels[:, None])] * 2, ("a", "b", "c"))
    np.testing.assert_array_equal(data.train.labels, labels.astype("int32"), strict=True)
    first = downloads.images([(colour.transpose(0, 3, 1, 2), labels[:, None])] * 2, ("a", "b", "c"))
    assert first.digest == data.digest


def test_texts_as_keras_gives_them():
    lists = np.array([[1, 4, 5, 6, 7], [1, 8]], dtype="object")
    data = downloads.texts([(lists, np.array([1, 0]))] * 2, ("negative", "positive"), num_words=10, length=4)
    expected = np.array([[4, 5, 6, 7], [0, 0, 1, 8]], "int32")
    np.testing.assert_array_equal(data.train.inputs, expected, strict=True)
    np.testing.assert_array_equal(data.test.labels, np.array([1, 0], "int32"), strict=True)
    assert (data.modality, data.value_range) == ("tokens", (0.0, 9.0))


def test_prices_as_keras_gives_them():
    features, dollars = NUMBERS.normal(size=(4, 8)), np.array([15_000.0, 250_000.0, 500_001.0, 90_000.0])
    data = downloads.prices([(features, dollars), (features, dollars)], unit=100_000.0)
    np.testing.assert_array_equal(data.train.inputs, features.astype("float32"), strict=True)
    np.testing.assert_allclose(data.train.labels[:, 0], dollars / 1e5, rtol=1e-6)
    assert data.train.labels.shape == (4, 1)


@pytest.mark.parametrize(
    ("name", "parameters"),
    [("imdb", {"num_words": 3}), ("reuters", {"length": 0}), ("california_housing", {"unit": 0.0})],
)
def test_parameters_are_checked_before_anything_is_fetched(name, parameters):
    with pytest.raises(hornbook.HornbookError, match=next(iter(parameters))):
        hornbook.get("dataset", name, **parameters)
