"""The table of metrics: every one builds under all of its names, measures something, and is a number."""

import inspect
from typing import Any

import keras
import numpy as np
import pytest

import hornbook

METRICS = [entry for entry in hornbook.components("metric") if entry.plugin == "metrics"]
FACTS = {"data.labels": "one_hot", "data.classes": 3, "loss.from_logits": False}
NEEDED = {
    "iou": {"target_class_ids": [0, 2]},
    "one_hot_iou": {"target_class_ids": [0, 2]},
    "precision_at_recall": {"recall": 0.5},
    "recall_at_precision": {"precision": 0.5},
    "sensitivity_at_specificity": {"specificity": 0.5},
    "specificity_at_sensitivity": {"sensitivity": 0.5},
    "top_k_categorical_accuracy": {"k": 2},
    "sparse_top_k_categorical_accuracy": {"k": 2},
}
RNG = np.random.default_rng(7)
NUMBERS = np.array([0, 2, 1, 1, 0, 2, 2, 1], "int32")
SHARES = RNG.dirichlet(np.ones(3), 8).astype("float32")
YES = (NUMBERS[:, None] % 2).astype("float32")
CHANCES = RNG.uniform(size=(8, 1)).astype("float32")
EXAMPLES = {
    "integer": (NUMBERS, SHARES),
    "one_hot": (np.eye(3, dtype="float32")[NUMBERS], SHARES),
    "binary": (YES, CHANCES),
    "signed": (2 * YES - 1, 2 * CHANCES - 1),
    "real": (RNG.normal(size=(8, 3)).astype("float32"), SHARES),
    None: (np.eye(3, dtype="float32")[NUMBERS], SHARES),
}


def parameters(entry: Any) -> dict[str, Any]:
    """What a run would provide, and what a recipe must give."""
    provided = {name: FACTS[fact] for name, fact in entry.component.provided.items()}
    return {**provided, **NEEDED.get(entry.name, {})}


def measured(name: str, labels: np.ndarray, predictions: np.ndarray, **given: Any) -> float:
    metric = hornbook.get("metric", name, **given)
    metric.update_state(labels, predictions)
    return float(metric.result())


@pytest.mark.parametrize("entry", METRICS, ids=lambda entry: entry.name)
def test_builds_and_gives_one_number(entry: Any) -> None:
    names = (entry.full_name, entry.name, *entry.component.aliases)
    for name in names:
        metric = hornbook.get("metric", name, **parameters(entry))
        assert isinstance(metric, keras.metrics.Metric)
        metric.update_state(*EXAMPLES[entry.component.labels])
        assert np.isfinite(float(metric.result()))
    again = type(metric).from_config(metric.get_config())
    assert again.get_config() == metric.get_config()


@pytest.mark.parametrize("entry", METRICS, ids=lambda entry: entry.name)
def test_its_configuration_leaves_no_argument_out(entry: Any) -> None:
    """A saved model measures with what its metrics' configurations say."""
    metric = hornbook.get("metric", entry.name, **parameters(entry))
    arguments = set(inspect.signature(type(metric)).parameters)
    arguments -= {"kwargs", "thresholds"}  # which are there where they were given
    assert arguments <= metric.get_config().keys()


@pytest.mark.parametrize("entry", METRICS, ids=lambda entry: entry.name)
def test_goes_by_the_name_it_is_given(entry: Any) -> None:
    assert hornbook.get("metric", entry.name, **parameters(entry), name="mine").name == "mine"


def test_labels_in_two_forms_measure_alike() -> None:
    one_hot, shares = EXAMPLES["one_hot"]
    for name in ("categorical_accuracy", "categorical_crossentropy", "top_k_categorical_accuracy"):
        entry = {one.name: one for one in METRICS}[name]
        dense = measured(name, one_hot, shares, **parameters(entry))
        sparse = measured("sparse_" + name.removeprefix("sparse_"), NUMBERS, shares, **parameters(entry))
        assert dense == pytest.approx(sparse, abs=1e-6)


def test_errors() -> None:
    labels, predictions = EXAMPLES["real"]
    error = predictions - labels
    assert measured("mse", labels, predictions) == pytest.approx((error**2).mean(), rel=1e-5)
    assert measured("rmse", labels, predictions) == pytest.approx(np.sqrt((error**2).mean()), rel=1e-5)
    assert measured("mae", labels, predictions) == pytest.approx(np.abs(error).mean(), rel=1e-5)
    explained = 1 - (error**2).sum(0) / ((labels - labels.mean(0)) ** 2).sum(0)
    assert measured("r2_score", labels, predictions) == pytest.approx(explained.mean(), rel=1e-4)


def test_mean_iou_takes_a_column_a_class() -> None:
    decided = SHARES.argmax(-1)
    pairs = [(NUMBERS == k, decided == k) for k in range(3)]  # noqa: SIM300
    shares = [(true & found).sum() / (true | found).sum() for true, found in pairs]
    assert measured("mean_iou", NUMBERS, SHARES, num_classes=3) == pytest.approx(np.mean(shares), rel=1e-5)
    one_hot = np.eye(3, dtype="float32")[NUMBERS]
    assert measured("one_hot_mean_iou", one_hot, SHARES, num_classes=3) == pytest.approx(
        np.mean(shares), rel=1e-5
    )


def test_auc_of_columns_of_logits_is_that_of_their_softmax() -> None:
    labels = np.array([[1, 0], [1, 0], [0, 1]], "float32")
    logits = np.array([[10, 9], [1, -5], [-3, 4]], "float32")
    shares = np.exp(logits) / np.exp(logits).sum(-1, keepdims=True)
    for curve in ("ROC", "PR"):
        of_logits = hornbook.get("metric", "auc", labels="one_hot", from_logits=True, curve=curve)
        of_shares = hornbook.get("metric", "auc", labels="one_hot", curve=curve)
        of_logits.update_state(labels, logits)
        of_shares.update_state(labels, shares)
        assert float(of_logits.result()) == pytest.approx(float(of_shares.result()), abs=1e-6)
        assert float(of_logits.result()) > 0.99
    again = type(of_logits).from_config(of_logits.get_config())
    again.update_state(labels, logits)
    assert float(again.result()) == float(of_logits.result())


def test_auc_of_logits_is_that_of_their_probabilities() -> None:
    logits = np.log(CHANCES / (1 - CHANCES))
    from_logits = measured("auc", YES, logits, from_logits=True)
    assert from_logits == pytest.approx(measured("auc", YES, CHANCES, from_logits=False), abs=1e-6)
    pairs = [(p > n) for p in CHANCES[YES == 1] for n in CHANCES[YES == 0]]
    assert from_logits == pytest.approx(np.mean(pairs), abs=0.05)
