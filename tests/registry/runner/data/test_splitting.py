"""Splits: shares of the training split, drawn from `split_seed` alone."""

import numpy as np
import pytest

import hornbook
from hornbook.dataset import Dataset, Split
from hornbook.problem import HornbookError
from hornbook.recipes.recipe import Splitting
from hornbook.runner.data.rows import take
from hornbook.runner.data.splitting import divided

pytestmark = pytest.mark.usefixtures("bench")


def _data(labels, form="integer", **splits):
    inputs = np.arange(len(labels), dtype="float32")[:, None]
    names = ("a", "b") if form != "real" else ()
    return Dataset(
        train=Split(inputs, np.asarray(labels)),
        task="any",
        modality="features",
        labels=form,
        class_names=names,
        **splits,
    )


DATA = _data([0, 1] * 50)


def _rows(split):
    return take(split.inputs, np.arange(len(split)))[:, 0].astype(int)


@pytest.mark.parametrize(
    ("validation", "test", "sizes"),
    [(0.2, None, (80, 20, 0)), (0.2, 0.1, (70, 20, 10)), (None, 0.25, (75, 0, 25)), (0.333, 0, (67, 33, 0))],
)
def test_shares_are_taken_from_the_training_split(validation, test, sizes):
    splits = divided(DATA, Splitting(validation, test))
    found = [
        splits[name] if name in splits else Split(np.zeros((0, 1)))
        for name in ("train", "validation", "test")
    ]
    assert tuple(map(len, found)) == sizes
    assert sorted(np.concatenate([_rows(split) for split in found if len(split)])) == list(range(100))


def test_rows_keep_their_labels_and_their_order():
    for split in divided(DATA, Splitting(0.2, 0.2)).values():
        rows = _rows(split)
        np.testing.assert_array_equal(split.labels, rows % 2)
        assert list(rows) == sorted(rows)


def test_the_split_is_a_function_of_its_seed():
    first, again, other = (divided(DATA, Splitting(0.2, split_seed=seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(_rows(first["validation"]), _rows(again["validation"]))
    assert list(_rows(first["validation"])) != list(_rows(other["validation"]))


def test_the_seed_of_the_run_leaves_the_split_alone():
    from hornbook.runner.session import load_data

    splits = [load_data(hornbook.read("bench-points", [f"seed={seed}"])).splits for seed in (1, 2)]
    np.testing.assert_array_equal(splits[0]["validation"].inputs, splits[1]["validation"].inputs)


@pytest.mark.parametrize("form", ["integer", "one_hot", "binary", "signed"])
def test_stratified_splits_keep_the_proportion_of_the_classes(form):
    classes = np.array([0] * 90 + [1] * 10)
    labels = {
        "integer": classes,
        "one_hot": np.eye(2)[classes],
        "binary": classes.astype("float32"),
        "signed": classes * 2.0 - 1.0,
    }[form]
    splits = divided(_data(labels, form), Splitting(0.2, 0.1, stratify=True))
    assert {name: int((_rows(split) >= 90).sum()) for name, split in splits.items()} == {
        "train": 7,
        "validation": 2,
        "test": 1,
    }


def test_a_share_takes_the_place_of_the_split_that_came_with_the_data():
    data = _data([0, 1] * 50, validation=Split(np.full((3, 1), -1.0), np.zeros(3, int)))
    assert len(divided(data, Splitting())["validation"]) == 3
    assert len(divided(data, Splitting(test=0.5))["validation"]) == 3
    assert len(divided(data, Splitting(0.5))["validation"]) == 50


@pytest.mark.parametrize(
    ("splitting", "code", "path"),
    [
        (Splitting(0.001), "HB403", "data.validation"),
        (Splitting(1.0), "HB403", "data.train"),
        (Splitting(0.6, 0.6), "HB403", "data.train"),
        (Splitting(0.2, stratify=True), "HB402", "data.stratify"),
    ],
)
def test_what_cannot_be_split_is_refused(splitting, code, path):
    data = _data([0.5] * 100, "real") if splitting.stratify else DATA
    with pytest.raises(HornbookError) as raised:
        divided(data, splitting)
    (problem,) = raised.value.problems
    assert (problem.code, problem.path) == (code, path)


def test_an_empty_split_is_told_at_its_line():
    with pytest.raises(HornbookError) as raised:
        hornbook.run("bench-points", ["data.validation=0.001"], tracking=False)
    assert raised.value.problems[0].place.source == "-s data.validation=0.001"


def test_rows_that_are_read_on_demand_stay_unread():
    from keras_bench import data

    lazy = data.lazy_points(40)
    data.READ.clear()
    splits = divided(lazy, Splitting(0.25))
    assert data.READ == []
    validation = splits["validation"].inputs
    assert (len(validation), validation.shape, validation.dtype) == (10, (10, 4), np.dtype("float32"))
    np.testing.assert_array_equal(validation[np.array([0, 3])], data.points(40).train.inputs[data.READ[0]])
