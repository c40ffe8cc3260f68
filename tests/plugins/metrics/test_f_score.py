"""F-scores against precision and recall counted by numpy."""

from typing import Any

import numpy as np
import pytest

import hornbook
from hornbook import HornbookError

RNG = np.random.default_rng(5)
CLASSES = np.eye(3, dtype="float32")[RNG.integers(0, 3, 40)]
SHARES = RNG.dirichlet(np.ones(3), 40).astype("float32")
YES = RNG.integers(0, 2, (40, 1)).astype("float32")
CHANCES = RNG.uniform(size=(40, 1)).astype("float32")


def score(labels: np.ndarray, decided: np.ndarray, beta: float = 1.0) -> float:
    """The mean of the columns' scores, each the weighted harmonic mean of precision and recall."""
    hits = (labels * decided).sum(0)
    precision, recall = hits / decided.sum(0), hits / labels.sum(0)
    return float(((1 + beta**2) * precision * recall / (beta**2 * precision + recall)).mean())


def measured(name: str, y: np.ndarray, p: np.ndarray, **parameters: Any) -> float:
    metric = hornbook.get("metric", name, **{"from_logits": False, **parameters})
    metric.update_state(y, p)
    return float(metric.result())


def test_classes_are_decided_by_the_largest_column() -> None:
    decided = np.eye(3)[SHARES.argmax(-1)]
    assert measured("f1_score", CLASSES, SHARES, labels="one_hot") == pytest.approx(score(CLASSES, decided))
    twice = measured("fbeta_score", CLASSES, SHARES, labels="one_hot", beta=2)
    assert twice == pytest.approx(score(CLASSES, decided, beta=2), rel=1e-6)


def test_yes_and_no_are_decided_by_a_threshold() -> None:
    expected = score(YES, (CHANCES > 0.5) * 1.0)
    assert measured("f1_score", YES, CHANCES, labels="binary") == pytest.approx(expected)
    strict = measured("f1_score", YES, CHANCES, labels="binary", threshold=0.8)
    assert strict == pytest.approx(score(YES, (CHANCES > 0.8) * 1.0))


@pytest.mark.parametrize("name", ["f1_score", "fbeta_score"])
def test_refuses_what_it_would_get_wrong(name: str) -> None:
    with pytest.raises(HornbookError, match="one_hot or binary"):
        hornbook.get("metric", name, labels="integer", from_logits=False)
    with pytest.raises(HornbookError, match="logits"):
        hornbook.get("metric", name, labels="binary", from_logits=True)
