"""Accuracy in each form of labels, against numpy."""

from typing import Any

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hornbook
from hornbook import HornbookError


def measured(metric: keras.metrics.Metric, *batches: tuple[Any, Any]) -> float:
    for labels, predictions in batches:
        metric.update_state(np.asarray(labels, "float32"), np.asarray(predictions, "float32"))
    return float(metric.result())


def accuracy(labels: str, **parameters: Any) -> keras.metrics.Metric:
    return hornbook.get("metric", "accuracy", labels=labels, **{"from_logits": False, **parameters})


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 20))
def test_each_form_counts_what_is_right(seed: int, rows: int) -> None:
    rng = np.random.default_rng(seed)
    classes = rng.integers(0, 3, rows)
    shares = rng.dirichlet(np.ones(3), rows)
    right = (shares.argmax(-1) == classes).mean()
    assert measured(accuracy("integer"), (classes, shares)) == pytest.approx(right, abs=1e-6)
    assert measured(accuracy("one_hot"), (np.eye(3)[classes], shares)) == pytest.approx(right, abs=1e-6)

    yes = rng.integers(0, 2, (rows, 1))
    logits = rng.normal(size=(rows, 1))
    right = ((logits > 0) == yes).mean()
    probabilities = 1 / (1 + np.exp(-logits))
    assert measured(accuracy("binary"), (yes, probabilities)) == pytest.approx(right, abs=1e-6)
    assert measured(accuracy("binary", from_logits=True), (yes, logits)) == pytest.approx(right, abs=1e-6)
    assert measured(accuracy("signed"), (2 * yes - 1, logits)) == pytest.approx(right, abs=1e-6)


def test_batches_count_by_their_size() -> None:
    first = ([[1], [-1], [1]], [[0.2], [-3], [0.1]])
    assert measured(accuracy("signed"), first, ([[1]], [[-1]])) == pytest.approx(3 / 4)


def test_a_prediction_of_zero_is_a_no() -> None:
    assert measured(accuracy("signed"), ([[1], [-1]], [[0], [0]])) == 0.5
    assert measured(accuracy("binary", from_logits=True), ([[1], [0]], [[0], [0]])) == 0.5


def test_signed_predictions_in_a_row_do_not_broadcast() -> None:
    assert measured(accuracy("signed"), ([[1], [-1], [1]], [1, -1, 1])) == 1.0


def test_examples_of_no_weight_do_not_count() -> None:
    metric = accuracy("signed")
    metric.update_state([[1.0], [-1.0]], [[1.0], [1.0]], sample_weight=[1.0, 0.0])
    assert float(metric.result()) == 1.0


@pytest.mark.parametrize("labels", ["real", "none", "input"])
def test_numbers_have_no_accuracy(labels: str) -> None:
    with pytest.raises(HornbookError, match=f"accuracy needs labels that are classes .* {labels!r}"):
        accuracy(labels)


def test_exact_accuracy_is_equality() -> None:
    metric = hornbook.get("metric", "exact_accuracy")
    assert measured(metric, ([1, 2, 3, 4], [1, 2, 3, 3.9])) == 0.75


def test_sign_accuracy_is_better_the_higher() -> None:
    """Early stopping asks which way is better; for a metric that does not say, it fails."""
    metric = hornbook.get("metric", "sign_accuracy", name="accuracy")
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile("sgd", "hinge", metrics=[metric])
    stop = hornbook.get("callback", "early_stopping", monitor="accuracy", patience=1)
    x = np.array([[1.0], [-1.0]], "float32")
    model.fit(x, x, epochs=4, callbacks=[stop], verbose=0)
    assert stop.best is not None
    assert stop._is_improvement(1.1, stop.best)


def test_sign_accuracy_comes_back_from_its_config() -> None:
    metric = hornbook.get("metric", "sign_accuracy", name="signs")
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(metric))
    assert type(again) is type(metric)
    assert again.name == "signs"
    assert measured(again, ([[1], [-1]], [[2], [2]])) == 0.5
