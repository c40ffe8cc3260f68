"""Each of the primer's losses, on labels in the form that it declares, against its formula in numpy."""

from collections.abc import Callable

import keras
import numpy as np
import pytest

import hornbook

CLASSES = 4
ROWS = 6
EPSILON = 1e-7


def draw(seed: int = 11) -> np.random.Generator:
    return np.random.default_rng(seed)


def labels(form: str) -> np.ndarray:
    """Labels as a run encodes them."""
    numbers = draw().integers(0, CLASSES, ROWS)
    match form:
        case "integer":
            return numbers.astype("int32")
        case "one_hot":
            return np.eye(CLASSES, dtype="float32")[numbers]
        case "binary":
            return (numbers[:, None] % 2).astype("float32")
        case "signed":
            return (numbers[:, None] % 2 * 2 - 1).astype("float32")
    return draw().uniform(0.5, 3.0, (ROWS, 2)).astype("float32")


def predictions(form: str) -> np.ndarray:
    """Predictions for labels of a form: probabilities for classes, numbers for the rest."""
    if form in ("integer", "one_hot"):
        return draw(12).dirichlet(np.ones(CLASSES), ROWS).astype("float32")
    if form == "binary":
        return draw(12).uniform(0.05, 0.95, (ROWS, 1)).astype("float32")
    if form == "signed":
        return draw(12).normal(size=(ROWS, 1)).astype("float32")
    return draw(12).uniform(0.2, 5.0, (ROWS, 2)).astype("float32")


def huber(y: np.ndarray, p: np.ndarray, delta: float = 1.0) -> np.ndarray:
    error = np.abs(y - p)
    return np.where(error <= delta, error**2 / 2, delta * error - delta**2 / 2).mean(-1)


def of_the_right_class(y: np.ndarray, p: np.ndarray) -> np.ndarray:
    return p[np.arange(len(y)), y if y.ndim == 1 else y.argmax(-1)]


def of_the_right_side(y: np.ndarray, p: np.ndarray) -> np.ndarray:
    return np.where(y == 1, p, 1 - p)


FORMULAS: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "mse": lambda y, p: ((y - p) ** 2).mean(-1),
    "reconstruction": lambda y, p: ((y - p) ** 2).mean(-1),
    "mae": lambda y, p: np.abs(y - p).mean(-1),
    "mape": lambda y, p: 100 * np.abs((y - p) / y).mean(-1),
    "msle": lambda y, p: ((np.log1p(y) - np.log1p(p)) ** 2).mean(-1),
    "huber": huber,
    "log_cosh": lambda y, p: np.log(np.cosh(p - y)).mean(-1),
    "poisson": lambda y, p: (p - y * np.log(p + EPSILON)).mean(-1),
    "cosine_similarity": lambda y, p: (
        -(y * p).sum(-1) / np.linalg.norm(y, axis=-1) / np.linalg.norm(p, axis=-1)
    ),
    "categorical_crossentropy": lambda y, p: -np.log(of_the_right_class(y, p)),
    "sparse_categorical_crossentropy": lambda y, p: -np.log(of_the_right_class(y, p)),
    "categorical_focal_crossentropy": lambda y, p: (
        -0.25 * (1 - of_the_right_class(y, p)) ** 2 * np.log(of_the_right_class(y, p))
    ),
    "categorical_generalized_cross_entropy": lambda y, p: (1 - of_the_right_class(y, p) ** 0.5) / 0.5,
    "categorical_hinge": lambda y, p: np.maximum(0, 1 + ((1 - y) * p).max(-1) - of_the_right_class(y, p)),
    "kl_divergence": lambda y, p: -np.log(of_the_right_class(y, p)),
    "binary_crossentropy": lambda y, p: -np.log(of_the_right_side(y, p)).mean(-1),
    "binary_focal_crossentropy": lambda y, p: (
        -((1 - of_the_right_side(y, p)) ** 2) * np.log(of_the_right_side(y, p))
    ).mean(-1),
    "hinge": lambda y, p: np.maximum(0, 1 - y * p).mean(-1),
    "squared_hinge": lambda y, p: (np.maximum(0, 1 - y * p) ** 2).mean(-1),
}


@pytest.mark.parametrize("name", FORMULAS)
def test_value(name: str) -> None:
    form = {entry.name: entry for entry in hornbook.components("loss")}[name].component.labels
    assert form is not None
    y, p = labels(form), predictions(form)
    each = hornbook.get("loss", name, reduction="none")(y, p)
    np.testing.assert_allclose(keras.ops.convert_to_numpy(each), FORMULAS[name](y, p), rtol=2e-5, atol=1e-6)
    mean = hornbook.get("loss", name)(y, p)
    np.testing.assert_allclose(float(mean), FORMULAS[name](y, p).mean(), rtol=2e-5)


def test_reconstruction_of_images_between_black_and_white() -> None:
    y, p = draw().uniform(size=(ROWS, 4, 4)), draw(12).uniform(0.1, 0.9, (ROWS, 4, 4))
    loss = hornbook.get("loss", "reconstruction_crossentropy")(y.astype("float32"), p.astype("float32"))
    assert float(loss) == pytest.approx(-(y * np.log(p) + (1 - y) * np.log(1 - p)).mean(), rel=1e-5)


def test_hinge_takes_a_batch_of_one_sign_at_its_word() -> None:
    """Keras takes a batch of 0 and 1 for binary labels; signed ones must not be mistaken for those."""
    loss = hornbook.get("loss", "hinge")
    ones = np.ones((3, 1), "float32")
    assert float(loss(ones, 0.25 * ones)) == pytest.approx(0.75)
    assert float(loss(-ones, 0.25 * ones)) == pytest.approx(1.25)


def test_huber_is_linear_beyond_delta() -> None:
    loss = hornbook.get("loss", "huber", delta=0.5)
    assert float(loss(np.zeros((1, 1)), np.full((1, 1), 3.0))) == pytest.approx(0.5 * 3 - 0.125)


def test_logits_and_probabilities_agree() -> None:
    y, logits = labels("one_hot"), draw(12).normal(size=(ROWS, CLASSES)).astype("float32")
    probabilities = np.exp(logits) / np.exp(logits).sum(-1, keepdims=True)
    from_logits = hornbook.get("loss", "ce", from_logits=True)(y, logits)
    assert float(from_logits) == pytest.approx(float(hornbook.get("loss", "ce")(y, probabilities)), rel=1e-5)


def test_label_smoothing_spreads_over_all_classes() -> None:
    y, p = labels("one_hot"), predictions("one_hot")
    smooth = y * 0.9 + 0.1 / CLASSES
    loss = hornbook.get("loss", "ce", label_smoothing=0.1)(y, p)
    assert float(loss) == pytest.approx(-(smooth * np.log(p)).sum(-1).mean(), rel=1e-5)


def test_overlap_losses() -> None:
    y, p = labels("one_hot"), predictions("one_hot")
    hit, false, missed = (y * p).sum(), ((1 - y) * p).sum(), (y * (1 - p)).sum()
    assert float(hornbook.get("loss", "dice")(y, p)) == pytest.approx(
        1 - 2 * hit / (y.sum() + p.sum()), rel=1e-5
    )
    tversky = hornbook.get("loss", "tversky", alpha=0.3, beta=0.7)(y, p)
    assert float(tversky) == pytest.approx(1 - hit / (hit + 0.3 * false + 0.7 * missed), rel=1e-5)


def test_tversky_tells_misses_from_false_alarms() -> None:
    """On whole regions: two places are right, one is missed, none is a false alarm."""
    y, p = np.array([[1.0, 1.0, 1.0, 0.0]], "float32"), np.array([[1.0, 1.0, 0.0, 0.0]], "float32")
    for alpha, beta, expected in ((1.0, 0.0, 0.0), (0.0, 1.0, 1 / 3), (0.5, 0.5, 1 - 2 / 2.5)):
        loss = hornbook.get("loss", "tversky", alpha=alpha, beta=beta)
        assert float(loss(y, p)) == pytest.approx(expected, abs=1e-6)
        swapped = hornbook.get("loss", "tversky", alpha=beta, beta=alpha)
        assert float(swapped(p, y)) == pytest.approx(expected, abs=1e-6)


def test_ctc_sums_over_alignments() -> None:
    """Two steps and the label `1`: the alignments are (1, 1), (1, blank) and (blank, 1)."""
    probabilities = np.array([[[0.3, 0.5, 0.2], [0.6, 0.1, 0.3]]], "float32")
    likelihood = 0.5 * 0.1 + 0.5 * 0.6 + 0.3 * 0.1
    loss = hornbook.get("loss", "ctc")(np.array([[1, 0]], "int32"), np.log(probabilities))
    assert float(loss) == pytest.approx(-np.log(likelihood), rel=1e-4)


def test_circle() -> None:
    """Sun et al. 2020, equation 6, with similarities in place of Keras' distances."""
    y = np.array([0, 0, 1, 1], "int32")
    points = draw(12).normal(size=(4, 3)).astype("float32")
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    gamma, margin = 2.0, 0.25
    expected = []
    for anchor in range(4):
        likeness = points @ points[anchor]
        same = [other for other in range(4) if y[other] == y[anchor] and other != anchor]
        rest = [other for other in range(4) if y[other] != y[anchor]]
        within = sum(
            np.exp(-gamma * max(0, 1 + margin - likeness[i]) * (likeness[i] - (1 - margin))) for i in same
        )
        between = sum(np.exp(gamma * max(0, likeness[j] + margin) * (likeness[j] - margin)) for j in rest)
        expected.append(np.log1p(within * between))
    loss = hornbook.get("loss", "circle", gamma=gamma, margin=margin, reduction="none")(y, points)
    np.testing.assert_allclose(keras.ops.convert_to_numpy(loss), expected, rtol=1e-4)
