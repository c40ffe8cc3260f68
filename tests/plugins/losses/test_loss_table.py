"""The table of losses: every one builds, under all of its names, and its config makes an equal one."""

import inspect
import math

import keras
import numpy as np
import pytest

import hornbook
from hornbook import HornbookError

OFFICIAL = [entry for entry in hornbook.components("loss") if entry.plugin == "losses"]


@pytest.mark.parametrize("entry", OFFICIAL, ids=lambda entry: entry.name)
def test_builds_under_each_name(entry) -> None:
    made = [hornbook.get("loss", name) for name in (entry.full_name, entry.name, *entry.component.aliases)]
    assert all(isinstance(loss, keras.losses.Loss) for loss in made)
    assert len({type(loss) for loss in made}) == 1
    again = type(made[0]).from_config(made[0].get_config())
    assert again.get_config() == made[0].get_config()


@pytest.mark.parametrize("entry", OFFICIAL, ids=lambda entry: entry.name)
def test_its_configuration_leaves_no_argument_out(entry) -> None:
    """A saved model measures with what its loss's configuration says."""
    loss = hornbook.get("loss", entry.name)
    arguments = set(inspect.signature(type(loss)).parameters) - {"name", "dtype"}
    assert arguments <= loss.get_config().keys()


@pytest.mark.parametrize(
    ("name", "given", "true", "predicted", "expected"),
    [
        ("huber", {"delta": 3.0}, [[0.0]], [[5.0]], 3 * 5 - 3**2 / 2),
        ("cosine_similarity", {"axis": 0}, [[3.0], [4.0]], [[6.0], [8.0]], -1.0),
        ("sparse_ce", {"axis": 1}, [[1]], [[[0.5], [0.5]]], math.log(2)),
    ],
)
def test_a_loss_that_is_made_anew_measures_the_same(name, given, true, predicted, expected) -> None:
    made = hornbook.get("loss", name, **given)
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(made))
    assert float(made(np.array(true), np.array(predicted))) == pytest.approx(expected)
    assert float(again(np.array(true), np.array(predicted))) == pytest.approx(expected)


def test_each_says_which_labels_it_works_on() -> None:
    """A loss that did not would get class numbers as they are, and broadcast them over its columns."""
    assert [entry.name for entry in OFFICIAL if entry.component.labels is None] == []


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("mse", "mean_squared_error"),
        ("mae", "mean_absolute_error"),
        ("ce", "categorical_crossentropy"),
        ("bce", "binary_crossentropy"),
        ("sparse_ce", "sparse_categorical_crossentropy"),
        ("kl", "kl_divergence"),
    ],
)
def test_short_and_long_names_mean_the_same(short: str, long: str) -> None:
    assert hornbook.get("loss", short).get_config() == hornbook.get("loss", long).get_config()


@pytest.mark.parametrize(
    ("name", "wrong"), [("ce", {"label_smoothing": 1.5}), ("huber", {"delta": -1}), ("mse", {"delta": 1})]
)
def test_refuses_what_makes_no_sense(name: str, wrong: dict) -> None:
    with pytest.raises(HornbookError, match=next(iter(wrong))):
        hornbook.get("loss", name, **wrong)
