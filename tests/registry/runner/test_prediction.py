"""Prediction: outputs read as what they are, against formulas written out here."""

import numpy as np
import pytest

import hornbook
from hornbook.catalog import catalog
from hornbook.runner.examples import Source
from hornbook.runner.prediction import interpreted, predict

LOGITS = np.array([[0.0, 3.0, 1.0], [2.0, -1.0, 0.5]], "float32")


def softmax(logits):
    return np.exp(logits) / np.exp(logits).sum(-1, keepdims=True)


def test_logits_become_probabilities():
    classes, shares = interpreted(LOGITS, "integer", 3, from_logits=True)
    np.testing.assert_array_equal(classes, [1, 0])
    np.testing.assert_allclose(shares, softmax(LOGITS), rtol=1e-6)


def test_large_logits_do_not_overflow():
    _, shares = interpreted(np.array([[1e4, 0.0]], "float32"), "one_hot", 2, from_logits=True)
    np.testing.assert_array_equal(shares, [[1.0, 0.0]])


def test_probabilities_stay_as_they_are():
    _, shares = interpreted(softmax(LOGITS), "one_hot", 3, from_logits=False)
    np.testing.assert_array_equal(shares, softmax(LOGITS))


def test_scores_that_are_no_probabilities_are_not_called_so():
    classes, shares = interpreted(LOGITS, "one_hot", 3, from_logits=False)
    np.testing.assert_array_equal(classes, [1, 0])
    assert shares is None


@pytest.mark.parametrize("from_logits", [True, False])
def test_one_number_for_two_classes(from_logits):
    positive = np.array([[0.9], [0.2]])
    given = np.log(positive / (1 - positive)) if from_logits else positive
    classes, shares = interpreted(given, "binary", 2, from_logits)
    np.testing.assert_array_equal(classes, [1, 0])
    np.testing.assert_allclose(shares, [[0.1, 0.9], [0.8, 0.2]])


def test_a_margin_has_a_class_but_no_probability():
    classes, shares = interpreted(np.array([[-0.3], [4.0]]), "signed", 2, from_logits=False)
    np.testing.assert_array_equal(classes, [0, 1])
    assert shares is None


@pytest.mark.parametrize(("labels", "classes"), [("real", 0), ("input", 0), ("integer", 5)])
def test_numbers_stay_numbers(labels, classes):
    assert interpreted(LOGITS, labels, classes, from_logits=False) == (None, None)


@pytest.fixture(scope="module")
def diabetes(tmp_path_factory):
    runs = tmp_path_factory.mktemp("numbers")
    overrides = ["training.epochs=1", "~expect", "training.batch_size=64"]
    return hornbook.run("diabetes", overrides, runs_dir=runs, tracking=False)


def test_predictions_are_the_model_s_in_the_order_of_the_data(diabetes):
    done = predict(diabetes.folder, catalog(), Source("diabetes"))
    inputs = hornbook.get("dataset", "diabetes").train.inputs
    expected = np.asarray(hornbook.load(diabetes)(inputs))
    assert done.outputs.shape == (442, 1)
    np.testing.assert_allclose(done.outputs, expected, rtol=1e-4, atol=1e-4)
    assert (done.classes, done.probabilities, done.class_names) == (None, None, ())


def test_labels_are_not_needed(diabetes, tmp_path):
    inputs = hornbook.get("dataset", "diabetes").train.inputs[:3]
    np.savez(tmp_path / "bare.npz", inputs=inputs)
    done = predict(diabetes.folder, catalog(), Source("bare.npz", ["arrays={train: inputs}"]))
    assert done.outputs.shape == (3, 1)


def test_the_run_s_own_split_is_predicted_for(diabetes):
    done = predict(diabetes.folder, catalog(), Source())
    assert done.examples.name == "validation"
    assert len(done.outputs) == 88


PLUGIN = """
    from hornbook import declare, hookimpl

    @hookimpl
    def hornbook_components():
        yield declare.dataset("folder_of_rows", "rows.data:folder_of_rows")
"""
DATA = """
    import numpy as np
    from hornbook.dataset import Dataset, Split

    class NamedRows:
        names = ("a.png", "b.png", "c.png")
        shape, dtype = (3, 10), np.dtype("float32")
        def __len__(self):
            return 3
        def __getitem__(self, rows):
            return np.zeros((len(rows), 10), "float32")

    def folder_of_rows(unlabelled: bool = False):
        assert unlabelled, "labels are not wanted"
        return Dataset(train=Split(NamedRows()), task="none", modality="features", labels="none", digest="0")
"""


def test_rows_that_have_names_are_told_by_them(diabetes, site, monkeypatch):
    modules = {"rows/__init__.py": "", "rows/plugin.py": PLUGIN, "rows/data.py": DATA}
    site.install("rows", [("rows", "rows.plugin")], modules)
    monkeypatch.syspath_prepend(site.path)
    monkeypatch.setenv("PYTHONPATH", str(site.path))
    done = predict(diabetes.folder, catalog(), Source("folder_of_rows"))
    assert done.examples.row_names == ("a.png", "b.png", "c.png")
