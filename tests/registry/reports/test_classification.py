"""Confusion matrices, and precision and recall, against scikit-learn."""

import json
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support

from hornbook.reports.classification import MOST_CLASSES, draw, page, per_class
from hornbook.reports.report import Told
from hornbook.reports.store import load, save
from hornbook.runner.figures import style
from hornbook.runner.journals.folder import RunFolder


def _kept(tmp_path, counts, names):
    folder = RunFolder(tmp_path / "run")
    total = int(np.sum(counts))
    data = {"counts": np.asarray(counts, "int32"), "names": list(names), "recipe": "made up"}
    save(folder, "confusion", {**data, "split": "validation", "shown": total, "total": total})
    return Told(folder)


def _figure(told):
    with style():
        made = draw(told)
        made.canvas.draw()
        return made


def _names(made):
    """The texts beside the matrix, and those below it."""
    texts = made.texts
    return [one for one in texts if one.get_ha() == "right"], [one for one in texts if one.get_va() == "top"]


def _texts(labels):
    return [label.get_text() for label in labels]


def test_counts_are_those_of_the_saved_model(digits, answered):
    split, outputs = answered(digits)
    kept = load(digits.folder, "confusion")
    expected = confusion_matrix(split.labels.argmax(-1), outputs.argmax(-1), labels=range(10))
    np.testing.assert_array_equal(kept["counts"], expected)
    assert (kept["split"], kept["shown"], kept["total"]) == ("validation", 359, 359)


def test_the_sign_of_one_output_is_a_class(breast_cancer, answered):
    split, outputs = answered(breast_cancer)
    kept = load(breast_cancer.folder, "confusion")
    expected = confusion_matrix(split.labels[:, 0] > 0, outputs[:, 0] > 0)
    np.testing.assert_array_equal(kept["counts"], expected)
    assert kept["names"] == ["malignant", "benign"]


@pytest.mark.parametrize(
    ("loss", "head"),
    [
        ("binary_crossentropy", "{use: dense, units: 1, activation: sigmoid}"),
        ("{use: binary_crossentropy, from_logits: true}", "{use: dense, units: 1}"),
        ("categorical_crossentropy", "{use: dense, units: 2, activation: softmax}"),
    ],
)
def test_two_classes_in_every_form(scene, gathered, loss, head):
    made = scene("breast-cancer", f"loss={loss}", f"model=[normalization, {head}]")
    _, split = made.split
    outputs = made.session.assembly.model.predict(split.inputs, verbose=0)
    threshold = 0.0 if "from_logits" in loss else 0.5
    said = outputs.argmax(-1) if outputs.shape[1] == 2 else outputs[:, 0] > threshold
    true = split.labels.argmax(-1) if split.labels.shape[1] == 2 else split.labels[:, 0]
    expected = confusion_matrix(true, said, labels=(0, 1))
    np.testing.assert_array_equal(gathered(made, "confusion")["counts"], expected)


@given(arrays("int64", (5, 5), elements=st.integers(0, 9)))
def test_precision_recall_and_f1_are_those_of_scikit_learn(counts):
    assume(counts.any())
    pairs = [(row, column) for row in range(5) for column in range(5) for _ in range(counts[row, column])]
    true, said = zip(*pairs, strict=True)
    expected = precision_recall_fscore_support(true, said, labels=range(5), zero_division=np.nan)[:3]
    np.testing.assert_allclose(per_class(counts), np.transpose(expected))


def test_the_picture_holds_shares_counts_and_names(tmp_path):
    made = _figure(_kept(tmp_path, [[3, 1], [0, 0]], ["cat", "dog"]))
    axes = made.axes[0]
    np.testing.assert_allclose(axes.images[0].get_array(), [[0.75, 0.25], [0, 0]])
    assert {text.get_text() for text in axes.texts} == {"3\n75%", "1\n25%"}
    rows, columns = _names(made)
    assert _texts(rows) == _texts(columns) == ["cat", "dog"]
    assert {"true class", "predicted class"} <= {*_texts(made.texts)}
    assert any("4 examples of the validation split, 75.0% right" in one.get_text() for one in made.texts)


@pytest.mark.parametrize("classes", [2, 3, 10, 11, 40, 41, 200])
def test_no_names_overlap_however_many_classes_there_are(tmp_path, classes):
    names = [f"class number {number}" for number in range(classes)]
    made = _figure(_kept(tmp_path, np.eye(classes), names))
    rows, columns = _names(made)
    assert _texts(rows) == _texts(columns) == names
    for labels, side in ((columns, "x"), (rows, "y")):
        boxes = [label.get_window_extent() for label in labels]
        ends = sorted((getattr(box, f"{side}0"), getattr(box, f"{side}1")) for box in boxes)
        assert all(end <= begin + 1 for (_, end), (begin, _) in pairwise(ends))
    width, height = made.canvas.get_width_height()
    labels = {one.get_text(): one.get_window_extent() for one in made.texts if "class" in one.get_text()}
    beside, below = labels["true class"], labels["predicted class"]
    assert all(beside.x1 <= box.get_window_extent().x0 for box in rows)
    assert all(below.y1 <= box.get_window_extent().y0 for box in columns)
    for box in (one.get_window_extent() for one in made.texts):
        assert box.x0 >= 0 and box.y0 >= 0 and box.x1 <= width and box.y1 <= height


def test_each_name_stands_at_its_row_and_column(tmp_path):
    made = _figure(_kept(tmp_path, np.eye(3), ["a", "b", "c"]))
    for number, (beside, below) in enumerate(zip(*_names(made), strict=True)):
        x, y = made.axes[0].transData.transform((number, number))
        row, column = beside.get_window_extent(), below.get_window_extent()
        assert (row.y0 + row.y1) / 2 == pytest.approx(y, abs=2)
        assert (column.x0 + column.x1) / 2 == pytest.approx(x, abs=2)


def test_more_classes_than_a_picture_can_show_are_a_table(tmp_path):
    names = list(map(str, range(MOST_CLASSES + 1)))
    told = _kept(tmp_path, np.eye(len(names)), names)
    assert draw(told) is None
    assert page(told).count("\n| ") > MOST_CLASSES


HOSTILE = st.text(max_size=50) | st.sampled_from(
    ["$x^2$", "$\\frac{1}{", "<b>", "a|b", "[x](http://y)", "\x1b[31m", "猫", "\u202egnp", "x" * 500, ""]
)


@settings(max_examples=8, deadline=None)
@given(names=st.lists(HOSTILE, min_size=2, max_size=4))
def test_whatever_classes_are_called_they_are_drawn(tmp_path_factory, names):
    told = _kept(
        tmp_path_factory.mktemp("names"), np.eye(len(names)), [json.loads(json.dumps(n)) for n in names]
    )
    rows, columns = _names(_figure(told))
    assert len(rows) == len(columns) == len(names)
    assert all(len(text) <= 22 for text in _texts([*rows, *columns]))
    assert not any(label.get_parse_math() for label in [*rows, *columns])
    written = page(told)
    rows = [line for line in written.splitlines() if line.startswith("| ")]
    cells = [line.replace("\\\\", "").replace("\\|", "").count("|") for line in rows]
    assert cells[: len(names) + 2] == [6] * (len(names) + 2)


def test_the_table_names_the_worst_mistakes_and_means(tmp_path):
    lines = page(_kept(tmp_path, [[8, 2, 0], [5, 5, 0], [0, 0, 0]], "abc")).splitlines()
    assert "**65.0%** right, over 20 examples of the validation split." in lines
    assert "| a | 0.615 | 0.800 | 0.696 | 10 |" in lines
    assert "| c | — | — | — | 0 |" in lines
    assert "| *mean of the classes* | 0.665 | 0.650 | 0.642 | 20 |" in lines
    assert lines.index("| b | a | 5 | 50.0% |") + 1 == lines.index("| a | b | 2 | 20.0% |")


def test_what_is_no_classification_has_none(diabetes):
    assert load(diabetes.folder, "confusion") is None
    assert not (diabetes.folder.reports / "confusion_matrix.png").exists()
