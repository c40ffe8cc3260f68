"""What is declared of a dataset without loading it, held against the dataset."""

import subprocess
import sys

import numpy as np
import pytest

import hornbook
from hornbook_datasets import downloads
from hornbook_datasets.fetching import SOURCES

FACTS = {entry.name: entry.component.facts for entry in hornbook.components("dataset")}
IMAGES = ["mnist", "fashion_mnist", "cifar10", "cifar100", "cifar100_coarse"]
TEXTS = ["imdb", "reuters"]


def known(data):
    """A dataset's facts as plain data, as a declaration has them."""
    facts = {
        "task": data.task,
        "modality": data.modality,
        "labels": data.labels,
        "shape": list(data.shape),
        "classes": data.classes,
        "class_names": list(data.class_names),
        "value_range": list(data.value_range) if data.value_range else None,
        "examples": len(data.train),
        "splits": list(data.splits),
        "outputs": data.train.labels.shape[-1] if data.task == "regression" else None,
    }
    return {name: fact for name, fact in facts.items() if fact}


@pytest.mark.parametrize("name", ["digits", "iris", "wine", "breast_cancer", "diabetes"])
def test_shipped_datasets_are_as_declared(name):
    assert FACTS[name] == known(hornbook.get("dataset", name))


@pytest.mark.parametrize("name", IMAGES)
def test_downloaded_images_are_as_declared(name):
    shape = FACTS[name]["shape"]
    pixels = np.zeros((2, *(shape if shape[-1] == 3 else shape[:-1])), "uint8")
    data = downloads.images([(pixels, np.zeros((2, 1), "uint8"))] * 2, tuple(FACTS[name]["class_names"]))
    assert {**FACTS[name], "examples": 2} == known(data)


@pytest.mark.parametrize("name", TEXTS)
def test_downloaded_texts_are_as_declared(name):
    lists = np.array([[1, 5], [1, 6, 7]], dtype="object")
    class_names = tuple(FACTS[name]["class_names"])
    data = known(downloads.texts([(lists, np.array([0, 1]))] * 2, class_names, 10, 3))
    assert {**FACTS[name], "examples": 2} == {fact: data[fact] for fact in FACTS[name]}


def test_downloaded_prices_are_as_declared():
    data = known(downloads.prices([(np.zeros((2, 8)), np.ones(2))] * 2, 1.0))
    assert {**FACTS["california_housing"], "examples": 2} == data


def test_class_names_are_kerass():
    from keras.datasets import reuters

    assert FACTS["reuters"]["class_names"] == list(reuters.get_label_names())


@pytest.mark.parametrize(("name", "classes"), [("cifar10", 10), ("cifar100", 100), ("cifar100_coarse", 20)])
def test_cifar_classes_are_in_the_order_of_the_alphabet(name, classes):
    names = FACTS[name]["class_names"]
    assert len(set(names)) == classes
    assert names == sorted(names)


def test_every_download_has_a_source():
    downloaded = {
        entry.name for entry in hornbook.components("dataset") if "download" in entry.component.tags
    }
    assert downloaded == set(SOURCES) | {"cifar100_coarse"}


def test_declaring_imports_nothing_heavy():
    program = (
        "import sys, hornbook_datasets.plugin\n"
        "assert not {'numpy', 'keras', 'sklearn', 'PIL', 'tensorflow', 'jax', 'torch'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
