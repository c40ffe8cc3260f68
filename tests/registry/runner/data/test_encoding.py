"""Labels as data writes them -> labels as a loss reads them: every combination, and what is refused."""

import numpy as np
import pytest

from hornbook.dataset import Dataset, Split
from hornbook.problem import HornbookError
from hornbook.runner.data.encoding import encoded, label_form

WRITTEN = {
    "integer": np.array([0, 2, 1]),
    "one_hot": np.eye(3, dtype="float32")[[0, 2, 1]],
    "binary": np.array([0.0, 1.0, 1.0]),
    "signed": np.array([-1.0, 1.0, 1.0]),
    "real": np.array([0.5, -2.0, 7.0]),
}
TWO = {"integer": np.array([0, 1, 1]), "one_hot": np.eye(2, dtype="float64")[[0, 1, 1]]}


def _data(form, labels, classes):
    names = tuple(map(str, range(classes)))
    train = Split(np.zeros((len(labels), 2), "float32"), labels)
    return Dataset(train=train, task="any", modality="features", labels=form, class_names=names)


def _column(*numbers):
    return np.array(numbers, "float32")[:, None]


# How data writes labels, how many classes there are, what the loss wants -> what reaches it.
REACHES = [
    ("integer", 3, "integer", "integer", np.array([0, 2, 1], "int32")),
    ("integer", 3, "one_hot", "one_hot", np.eye(3, dtype="float32")[[0, 2, 1]]),
    ("integer", 3, None, "integer", np.array([0, 2, 1], "int32")),
    ("integer", 3, "real", "one_hot", np.eye(3, dtype="float32")[[0, 2, 1]]),
    ("integer", 2, "binary", "binary", _column(0, 1, 1)),
    ("integer", 2, "signed", "signed", _column(-1, 1, 1)),
    ("one_hot", 3, "one_hot", "one_hot", np.eye(3, dtype="float32")[[0, 2, 1]]),
    ("one_hot", 3, "integer", "integer", np.array([0, 2, 1], "int32")),
    ("one_hot", 3, None, "one_hot", np.eye(3, dtype="float32")[[0, 2, 1]]),
    ("one_hot", 3, "real", "one_hot", np.eye(3, dtype="float32")[[0, 2, 1]]),
    ("one_hot", 2, "binary", "binary", _column(0, 1, 1)),
    ("one_hot", 2, "signed", "signed", _column(-1, 1, 1)),
    ("binary", 2, "binary", "binary", _column(0, 1, 1)),
    ("binary", 2, "signed", "signed", _column(-1, 1, 1)),
    ("binary", 2, "integer", "integer", np.array([0, 1, 1], "int32")),
    ("binary", 2, "one_hot", "one_hot", np.eye(2, dtype="float32")[[0, 1, 1]]),
    ("binary", 2, "real", "real", _column(0, 1, 1)),
    ("binary", 2, None, "binary", _column(0, 1, 1)),
    ("signed", 2, "signed", "signed", _column(-1, 1, 1)),
    ("signed", 2, "binary", "binary", _column(0, 1, 1)),
    ("signed", 2, "integer", "integer", np.array([0, 1, 1], "int32")),
    ("signed", 2, "one_hot", "one_hot", np.eye(2, dtype="float32")[[0, 1, 1]]),
    ("signed", 2, "real", "real", _column(-1, 1, 1)),
    ("real", 0, "real", "real", _column(0.5, -2, 7)),
    ("real", 0, None, "real", _column(0.5, -2, 7)),
    ("real", 0, "none", "none", None),
    ("integer", 3, "input", "input", None),
]


@pytest.mark.parametrize(("written", "classes", "wanted", "form", "expected"), REACHES)
def test_labels_reach_the_loss_in_its_form(written, classes, wanted, form, expected):
    labels = TWO[written] if classes == 2 and written in TWO else WRITTEN[written]
    data = _data(written, labels, classes)
    assert label_form(data, wanted) == form
    found = encoded(labels, data, form)
    if expected is None:
        assert found is None
    else:
        assert found.dtype == expected.dtype
        np.testing.assert_array_equal(found, expected)


REFUSED = [
    ("integer", 3, "binary", "3 classes", "categorical_crossentropy"),
    ("integer", 3, "signed", "3 classes", "categorical_hinge"),
    ("one_hot", 3, "binary", "3 classes", "categorical_crossentropy"),
    ("one_hot", 3, "signed", "3 classes", "categorical_hinge"),
    ("real", 0, "integer", "are real", "regression"),
    ("real", 0, "one_hot", "are real", "regression"),
    ("real", 0, "binary", "are real", "categorical_crossentropy"),
    ("real", 0, "signed", "are real", "categorical_hinge"),
]


@pytest.mark.parametrize(("written", "classes", "wanted", "why", "better"), REFUSED)
def test_labels_that_do_not_go_with_the_loss_are_refused(written, classes, wanted, why, better):
    data = _data(written, WRITTEN[written], classes)
    with pytest.raises(HornbookError) as raised:
        encoded(WRITTEN[written], data, label_form(data, wanted))
    (problem,) = raised.value.problems
    assert (problem.code, problem.path) == ("HB401", "loss")
    assert why in problem.message
    assert better in problem.hint


@pytest.mark.parametrize("wanted", ["integer", "one_hot", "binary", "signed", "real"])
def test_data_without_labels_is_refused(wanted):
    data = Dataset(train=Split(np.zeros((3, 2))), task="any", modality="features", labels="none")
    with pytest.raises(HornbookError, match="no labels"):
        encoded(None, data, wanted)


@pytest.mark.parametrize("wanted", ["integer", "one_hot", "real"])
def test_class_numbers_may_stand_in_a_column(wanted):
    data = _data("integer", np.array([[0], [2], [1]]), 3)
    row = _data("integer", np.array([0, 2, 1]), 3)
    form = label_form(data, wanted)
    np.testing.assert_array_equal(
        encoded(data.train.labels, data, form), encoded(row.train.labels, row, form)
    )


@pytest.mark.parametrize("labels", [[0, 1, 3], [0, -1, 2]])
@pytest.mark.parametrize("wanted", ["integer", "one_hot"])
def test_a_number_of_no_class_is_refused(labels, wanted):
    data = _data("integer", np.array(labels), 3)
    with pytest.raises(
        HornbookError, match=f"a label {min(labels) if min(labels) < 0 else 3} among 3 classes"
    ):
        encoded(data.train.labels, data, wanted)


def test_real_labels_keep_their_width():
    wide = np.arange(6.0).reshape(3, 2)
    found = encoded(wide, _data("real", wide, 0), "real")
    assert found.dtype == "float32"
    np.testing.assert_array_equal(found, wide)
