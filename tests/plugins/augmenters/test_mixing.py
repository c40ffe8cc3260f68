"""Mixup and cutmix, against what their papers say."""

import keras
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import hornbook

BOTH = pytest.mark.parametrize("name", ["mixup", "cutmix"])
REFUSED = (ValueError, hornbook.HornbookError)
# Fixtures give functions that keep nothing between examples.
few = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def numpy(batch) -> dict[str, np.ndarray]:
    return keras.tree.map_structure(keras.ops.convert_to_numpy, batch)


def shares_of(labels: np.ndarray) -> np.ndarray:
    """What each example keeps, for labels that are the identity; 1 where it is its own partner."""
    return np.diagonal(labels)


def test_mixup_blends_inputs_and_labels_alike(compiled, numbered):
    batch = numbered(16)
    mixed = compiled(hornbook.get("augmenter", "mixup", alpha=1.0))(3, batch)
    np.testing.assert_allclose(mixed["labels"].sum(axis=1), 1, rtol=1e-6)
    assert ((mixed["labels"] > 0).sum(axis=1) <= 2).all()
    expected = mixed["labels"] @ np.arange(16)
    spread = np.broadcast_to(expected[:, None, None, None], mixed["images"].shape)
    np.testing.assert_allclose(mixed["images"], spread, rtol=1e-5, atol=1e-5)
    assert 0 < shares_of(mixed["labels"]).min() < 1


def test_mixup_takes_every_example_as_partner_once(compiled, numbered):
    labels = compiled(hornbook.get("augmenter", "mixup", alpha=1.0))(3, numbered(16))["labels"]
    given_away = labels.copy()
    np.fill_diagonal(given_away, 0)
    assert ((given_away > 0).sum(axis=0) <= 1).all()
    assert (given_away > 0).sum() >= 12


def test_mixup_blends_features(compiled):
    features = np.random.default_rng(1).normal(size=(6, 3)).astype("float32")
    batch = {"features": features, "labels": np.eye(6, dtype="float32")}
    mixed = compiled(hornbook.get("augmenter", "mixup", alpha=1.0))(5, batch)
    np.testing.assert_allclose(mixed["features"], mixed["labels"] @ features, rtol=1e-4, atol=1e-5)
    assert not np.allclose(mixed["features"], features)


@pytest.mark.parametrize("alpha", [0.2, 1.0, 4.0])
def test_shares_of_mixup_follow_the_beta_distribution(compiled, alpha):
    # Labels 0 and 1 in turn, so that mixing a 1 with a 0 shows the share.
    examples = 20_000
    ones = (np.arange(examples) % 2).astype("float32")[:, None]
    mixed = compiled(hornbook.get("augmenter", "mixup", alpha=alpha))(
        11, {"features": np.arange(examples, dtype="float32")[:, None] * 0, "labels": ones}
    )["labels"][:, 0]
    # Half of the pairs are unlike: a 1 keeps `share`, a 0 gets `1 - share`. Both follow Beta(alpha, alpha).
    shares = mixed[(mixed > 0) & (mixed < 1)]
    draws = np.random.default_rng(0).beta(alpha, alpha, 200_000)
    draws = draws[(draws > 1e-7) & (draws < 1 - 1e-7)]
    levels = np.linspace(0.05, 0.95, 19)
    distance = np.abs(
        np.searchsorted(np.sort(shares), np.quantile(draws, levels)) / len(shares) - levels
    ).max()
    assert len(shares) > examples / 4
    assert distance < 0.02


@few
@given(shape=st.sampled_from([(1, 9, 4), (5, 1, 1), (6, 17, 12)]), seed=st.integers(0, 99))
def test_cutmix_mixes_labels_by_the_pixels_that_each_image_gives(numbered, shape, seed):
    examples, height, width = shape
    batch = numbered(*shape)
    mixed = numpy(hornbook.get("augmenter", "cutmix", seed=seed)(batch))
    for image, labels in zip(mixed["images"], mixed["labels"], strict=True):
        pixels = np.bincount(image[:, :, 0].astype(int).ravel(), minlength=examples)
        np.testing.assert_allclose(labels, pixels / (height * width), atol=1e-6)
        np.testing.assert_array_equal(image[:, :, 0], image[:, :, 1])


def test_cutmix_pastes_one_box_from_the_same_place(compiled):
    images = np.random.default_rng(2).random((12, 15, 11, 3), dtype="float32")
    batch = {"images": images, "labels": np.eye(12, dtype="float32")}
    mixed = compiled(hornbook.get("augmenter", "cutmix"))(4, batch)
    boxes = 0
    for number, (image, labels) in enumerate(zip(mixed["images"], mixed["labels"], strict=True)):
        pasted = (image != images[number]).any(axis=-1)
        if not pasted.any():
            continue
        boxes += 1
        others = [each for each in np.flatnonzero(labels) if each != number]
        np.testing.assert_array_equal(image[pasted], images[others[0]][pasted])
        rows, columns = np.flatnonzero(pasted.any(axis=1)), np.flatnonzero(pasted.any(axis=0))
        assert pasted[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].all()
        assert labels[others[0]] == pytest.approx(pasted.mean(), abs=1e-6)
    assert boxes >= 6


def test_boxes_of_cutmix_are_as_large_as_the_paper_says(compiled):
    # Expected area of a box of sides sqrt(1 - share), cut off at the border, by simulation in numpy.
    random = np.random.default_rng(0)
    size, draws = 40, 200_000
    length = (np.sqrt(1 - random.random(draws)) * size).astype(int)
    kept = []
    for _ in range(2):
        start = random.integers(0, size, draws) - length // 2
        kept.append(np.clip(start + length, 0, size) - np.clip(start, 0, size))
    expected = (kept[0] * kept[1]).mean() / size**2
    examples = 3000
    ones = (np.arange(examples) % 2).astype("float32")
    batch = {
        "images": ones[:, None, None, None] * np.ones((1, size, size, 1), "float32"),
        "labels": ones[:, None],
    }
    mixed = compiled(hornbook.get("augmenter", "cutmix"))(7, batch)["labels"][:, 0]
    # An unlike partner, half of the time, changes the label by the area.
    assert np.abs(mixed - ones).mean() == pytest.approx(expected / 2, rel=0.06)


@BOTH
@pytest.mark.parametrize("value_range", [(0, 1), (-1, 1), (0, 255), (-3.5, -1.25)])
def test_values_stay_within_their_range(compiled, name, value_range):
    low, high = value_range
    images = np.random.default_rng(3).uniform(low, high, (16, 8, 8, 3)).astype("float32")
    images[0], images[1] = low, high
    mixed = compiled(hornbook.get("augmenter", name, alpha=1.0))(
        1, {"images": images, "labels": np.eye(16, dtype="float32")}
    )
    slack = 1e-6 * max(abs(low), abs(high))
    assert mixed["images"].min() >= low - slack
    assert mixed["images"].max() <= high + slack


@BOTH
@pytest.mark.parametrize(
    "labels",
    [
        np.arange(6, dtype="int32"),
        np.arange(6, dtype="int64")[:, None],
        np.eye(6, dtype="int32"),
        np.arange(6, dtype="float32"),
    ],
    ids=["class numbers", "a column of them", "whole one-hot", "class numbers as floats"],
)
def test_class_numbers_are_refused(compiled, numbered, name, labels):
    batch = {**numbered(6), "labels": labels}
    layer = hornbook.get("augmenter", name)
    for call in (layer, lambda one: compiled(layer)(1, one)):
        with pytest.raises(ValueError, match=r"one-hot labels, such as categorical_crossentropy"):
            call(batch)


@BOTH
@pytest.mark.parametrize("other", ["tokens", "bounding_boxes"])
def test_what_cannot_be_mixed_is_refused(numbered, name, other):
    batch = {**numbered(6), other: np.ones((6, 4), "float32")}
    with pytest.raises(ValueError, match=other):
        hornbook.get("augmenter", name)(batch)


def test_cutmix_without_images_is_refused():
    batch = {"features": np.ones((6, 4), "float32"), "labels": np.eye(6, dtype="float32")}
    with pytest.raises(ValueError, match="images"):
        hornbook.get("augmenter", "cutmix")(batch)


def test_whole_pixels_are_refused_by_mixup(numbered):
    batch = numbered(6)
    batch["images"] = batch["images"].astype("uint8")
    with pytest.raises(ValueError, match="floats"):
        hornbook.get("augmenter", "mixup")(batch)


@BOTH
@pytest.mark.parametrize("alpha", [0.0, -1.0, float("nan"), True, "much"])
def test_a_wrong_alpha_is_refused(name, alpha):
    with pytest.raises(REFUSED, match="alpha"):
        hornbook.get("augmenter", name, alpha=alpha)


@BOTH
def test_labels_keep_their_precision_under_a_mixed_policy(name, numbered):
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        mixed = hornbook.get("augmenter", name, alpha=1.0, seed=1)(numbered(8))
    finally:
        keras.config.set_dtype_policy(before)
    assert numpy(mixed)["labels"].dtype == "float32"
    np.testing.assert_allclose(numpy(mixed)["labels"].sum(axis=1), 1, rtol=1e-6)
