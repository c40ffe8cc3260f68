"""Tables from CSV files."""

import csv
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hornbook

PETS = "weight,height,pet\n4.1,25,cat\n20.5,60,dog\n3.9,24,cat\n"


def load(folder, text, **parameters):
    path = Path(folder, "table.csv")
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return hornbook.get("dataset", "csv", path=str(path), **parameters)


def test_a_table_with_classes(tmp_path):
    data = load(tmp_path, PETS, target="pet")
    expected = np.array([[4.1, 25], [20.5, 60], [3.9, 24]], "float32")
    np.testing.assert_array_equal(data.train.inputs, expected)
    np.testing.assert_array_equal(data.train.labels, np.array([0, 1, 0], "int32"), strict=True)
    assert (data.task, data.labels, data.class_names) == ("classification", "integer", ("cat", "dog"))
    assert (data.modality, data.shape) == ("features", (2,))


def test_a_table_with_numbers_to_predict(tmp_path):
    data = load(tmp_path, PETS, target="weight", ignore=["pet"])
    np.testing.assert_array_equal(data.train.labels, np.array([[4.1], [20.5], [3.9]], "float32"), strict=True)
    np.testing.assert_array_equal(data.train.inputs, np.array([[25], [60], [24]], "float32"), strict=True)
    assert (data.task, data.labels, data.class_names) == ("regression", "real", ())


@given(
    rows=st.lists(
        st.tuples(
            st.lists(st.floats(width=32, allow_nan=False, allow_infinity=False), min_size=3, max_size=3),
            st.text("abcéü '\",;|\t", min_size=1, max_size=6).map(lambda text: f"<{text}>"),
        ),
        min_size=2,
        max_size=8,
    ).filter(lambda rows: len({label for _, label in rows}) > 1),
    delimiter=st.sampled_from(",;\t|"),
    place=st.integers(0, 3),
)
@settings(max_examples=40, deadline=None)
def test_what_is_written_is_read(rows, delimiter, place):
    names = ["one, two", 'th"ree', "fo;ur"]
    names.insert(place, "the|target")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "table.csv")
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, delimiter=delimiter)
            writer.writerow(names)
            for numbers, label in rows:
                writer.writerow([*map(repr, numbers[:place]), label, *map(repr, numbers[place:])])
        data = hornbook.get("dataset", "csv", path=str(path), target="the|target", delimiter=delimiter)
    np.testing.assert_array_equal(data.train.inputs, np.array([numbers for numbers, _ in rows], "float32"))
    assert [data.class_names[number] for number in data.train.labels] == [label for _, label in rows]
    assert list(data.class_names) == sorted(data.class_names)


@pytest.mark.parametrize(
    ("targets", "parameters", "task", "class_names"),
    [
        ("0 1 2", {}, "classification", ("0", "1", "2")),
        ("1.0 0.0 1.0", {}, "classification", ("0", "1")),
        ("0.5 1 2", {}, "regression", ()),
        ("3 5 10", {"task": "classification"}, "classification", ("3", "5", "10")),
        ("3 5 10", {"task": "regression"}, "regression", ()),
        ("-1 1 1", {"task": "classification"}, "classification", ("-1", "1")),
        ("0 2 2", {"class_names": ["low", "middle", "high"]}, "classification", ("low", "middle", "high")),
        ("dog cat dog", {"class_names": ["dog", "cat"]}, "classification", ("dog", "cat")),
        ("1 2 1", {"class_names": ["1", "2", "3"]}, "classification", ("1", "2", "3")),
        ("-1 1 1", {"class_names": ["-1", "1"]}, "classification", ("-1", "1")),
        ("1 2 2b", {"task": "classification"}, "classification", ("1", "2", "2b")),
        ("1.5 2.5 1.5", {"task": "classification"}, "classification", ("1.5", "2.5")),
        ("no yes none", {}, "classification", ("no", "none", "yes")),
    ],
)
def test_the_task_follows_from_the_target(tmp_path, targets, parameters, task, class_names):
    text = "x,y\n" + "".join(f"1,{target}\n" for target in targets.split())
    data = load(tmp_path, text, target="y", **parameters)
    assert (data.task, data.class_names) == (task, class_names)
    if task == "regression":
        assert [str(float(one)) for one in targets.split()] == [str(one) for one in data.train.labels[:, 0]]


@pytest.mark.parametrize(
    ("text", "parameters", "said"),
    [
        (PETS, {"target": "animal"}, "no column 'animal'; its first line names weight, height, pet"),
        (PETS, {"target": "pet", "ignore": ["age"]}, "no column 'age'"),
        (PETS, {"target": "pet", "ignore": ["pet"]}, "cannot be ignored"),
        (PETS, {"target": "pet", "ignore": ["weight", "height"]}, "no columns of features"),
        (PETS, {"target": "weight"}, "line 2, column 'pet': 'cat' is not a number"),
        (PETS, {"target": "pet", "delimiter": "::"}, "delimiter is '::'"),
        (PETS, {"target": "pet", "task": "regression"}, "line 2, column 'pet': 'cat' is not a number"),
        ("x,y\n1,a\n,b\n", {"target": "y"}, "line 3, column 'x': the value is missing"),
        ("x,y\n1,a\n\nNaN,b\n", {"target": "y"}, "line 4, column 'x': the value is missing"),
        ("x,z,y\n1,nan,a\n1,1,b\n", {"target": "y"}, "line 2, column 'z': the value is missing"),
        ("x,y\n1,a\n1, \n", {"target": "y"}, "line 3, column 'y': the value is missing"),
        ("x,y\n1,a\n1e39,b\n", {"target": "y"}, "line 3, column 'x': 1e39 is beyond the range of float32"),
        ("x,y\n1,a\ninf,b\n", {"target": "y"}, "line 3, column 'x': inf is beyond"),
        ("x,y\n1,a\n1_0,b\n", {"target": "y"}, "line 3, column 'x': '1_0' is not a number"),
        ("x,y\n1,a\n1,2,b\n", {"target": "y"}, "line 3: 3 values, but the first line names 2"),
        ("x,x,y\n1,1,a\n", {"target": "y"}, "'x' more than once"),
        ("x,y\n", {"target": "y"}, "no rows below its first line"),
        ('x,y\n1,"a\n', {"target": "y"}, "unexpected end of data"),
        ("x,y\n1,a\n1,a\n", {"target": "y"}, "nothing to tell apart"),
        ("x,y\n1,3\n1,5\n", {"target": "y"}, "from 3 to 5, which could be classes or amounts; add 'task:"),
        (
            "x,y\n1,1.5\n1,2.5x\n",
            {"target": "y"},
            "line 3, column 'y': '2.5x' is not a number, while other values",
        ),
        ("x,y\n1,0\n1,7\n", {"target": "y", "class_names": ["a", "b"]}, "labels run to 1, not 7"),
        ("x,y\n1,a\n1,c\n", {"target": "y", "class_names": ["a", "b"]}, "'c' is not among class_names"),
        ("x,y\n1,é\n1,a\n".encode("latin-1"), {"target": "y"}, "not text in UTF-8"),
        ("", {"target": "y"}, "is empty"),
    ],
)
def test_what_is_wrong_is_said(tmp_path, text, parameters, said):
    with pytest.raises(hornbook.HornbookError) as raised:
        load(tmp_path, text, **parameters)
    assert said in str(raised.value)


def test_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path):
    plain = load(tmp_path, PETS, target="weight", ignore=["pet"])
    windows = load(tmp_path, "\ufeff" + PETS.replace("\n", "\r\n"), target="weight", ignore=["pet"])
    assert windows.digest == plain.digest


def test_the_digest_is_of_the_content(tmp_path):
    first = load(tmp_path, PETS, target="pet")
    other = tmp_path / "other"
    other.mkdir()
    assert load(other, PETS, target="pet").digest == first.digest
    assert load(other, PETS.replace("60", "61"), target="pet").digest != first.digest
    assert load(other, PETS.replace("24,cat", "24,dog"), target="pet").digest != first.digest


@pytest.mark.parametrize(
    ("path", "said"), [("missing.csv", "there is no"), (".", "is a folder; name a file")]
)
def test_the_path_is_of_a_file(tmp_path, path, said):
    with pytest.raises(hornbook.HornbookError, match=said):
        hornbook.get("dataset", "csv", path=str(tmp_path / path), target="pet")


def test_without_labels_the_target_column_may_be_there_or_not(tmp_path):
    labelled = load(tmp_path, PETS, target="pet", unlabelled=True)
    assert labelled.labels == "none" and labelled.train.labels is None
    rows = [line.split(",") for line in PETS.strip().split("\n")]
    place = rows[0].index("pet")
    bare = "\n".join(",".join(cell for at, cell in enumerate(row) if at != place) for row in rows)
    np.testing.assert_array_equal(
        load(tmp_path, bare, target="pet", unlabelled=True).train.inputs, labelled.train.inputs
    )
