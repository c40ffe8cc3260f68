"""Cutout and random crop, pixel by pixel."""

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hornbook

REFUSED = (ValueError, hornbook.HornbookError)
few = settings(max_examples=8, deadline=None)


def numpy(batch) -> dict[str, np.ndarray]:
    return keras.tree.map_structure(keras.ops.convert_to_numpy, batch)


def hole_in(image: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The rows and columns of the one hole of zeros in an image of ones."""
    empty = image[:, :, 0] == 0
    rows, columns = np.flatnonzero(empty.any(axis=1)), np.flatnonzero(empty.any(axis=0))
    assert empty[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].all()
    assert empty.sum() == len(rows) * len(columns)
    return rows, columns


@few
@given(
    shape=st.sampled_from([(1, 1), (20, 13)]), length=st.sampled_from([1, 4, 7, 25]), seed=st.integers(0, 99)
)
def test_a_hole_is_a_square_cut_off_at_the_border(shape, length, seed):
    height, width = shape
    layer = hornbook.get("augmenter", "cutout", length=length, seed=seed)
    for image in numpy(layer({"images": np.ones((4, height, width, 2), "float32")}))["images"]:
        for pixels, size in zip(hole_in(image), (height, width), strict=True):
            whole = pixels[0] > 0 and pixels[-1] < size - 1
            # The centre is a pixel of the image, so at least about half of the hole is inside.
            assert min(size, (length + 1) // 2) <= len(pixels) <= min(size, length)
            assert not whole or len(pixels) == length


def test_centres_are_spread_evenly_and_so_holes_reach_over_the_border(compiled):
    size, length, examples = 10, 4, 4000
    batch = {"images": np.ones((examples, size, size, 1), "float32")}
    cut = compiled(hornbook.get("augmenter", "cutout", length=length))(9, batch)["images"][..., 0] == 0
    # A pixel is within a hole for as many of the 10 centres along each axis as reach it.
    reach = np.array([sum(c - 2 <= pixel < c + 2 for c in range(size)) for pixel in range(size)]) / size
    np.testing.assert_allclose(cut.mean(axis=0), np.outer(reach, reach), atol=0.03)


def test_several_holes(compiled):
    batch = {"images": np.ones((200, 30, 30, 1), "float32")}
    one = compiled(hornbook.get("augmenter", "cutout", length=6))(1, batch)["images"]
    three = compiled(hornbook.get("augmenter", "cutout", length=6, holes=3))(1, batch)["images"]
    assert (three == 0).mean() > 2.3 * (one == 0).mean()
    assert (three == 0).sum(axis=(1, 2, 3)).max() <= 3 * 36


def test_holes_leave_the_rest_alone(compiled):
    random = np.random.default_rng(1)
    batch = {
        "images": random.random((5, 9, 9, 3), dtype="float32"),
        "labels": np.arange(5, dtype="int32"),
        "masks": random.random((5, 9, 9, 1), dtype="float32"),
    }
    cut = compiled(hornbook.get("augmenter", "cutout", length=3, fill_value=[0.25, 0.5, 0.75]))(1, batch)
    hole = (cut["images"] != batch["images"]).any(axis=-1)
    assert hole.any(axis=(1, 2)).all()
    np.testing.assert_array_equal(cut["images"][hole], np.tile([0.25, 0.5, 0.75], (hole.sum(), 1)))
    np.testing.assert_array_equal(cut["labels"], batch["labels"])
    np.testing.assert_array_equal(cut["masks"], batch["masks"])
    assert cut["labels"].dtype == "int32"


@few
@given(shape=st.sampled_from([(1, 1), (12, 5)]), padding=st.sampled_from([1, 3, 6]), seed=st.integers(0, 99))
def test_a_crop_is_a_shift(shape, padding, seed):
    height, width = shape
    images = np.random.default_rng(seed).random((3, height, width, 2), dtype="float32") + 1
    layer = hornbook.get("augmenter", "random_crop", padding=padding, fill_value=-1.0, seed=seed)
    wide = np.pad(images, ((0, 0), (padding,) * 2, (padding,) * 2, (0, 0)), constant_values=-1.0)
    for number, image in enumerate(numpy(layer({"images": images}))["images"]):
        crops = [
            wide[number, top : top + height, left : left + width]
            for top in range(2 * padding + 1)
            for left in range(2 * padding + 1)
        ]
        assert any(np.array_equal(image, crop) for crop in crops)


def test_all_shifts_are_as_likely(compiled):
    images = np.zeros((4000, 7, 7, 1), "float32")
    images[:, 3, 3] = 1
    moved = compiled(hornbook.get("augmenter", "random_crop", padding=2))(5, {"images": images})["images"]
    expected = np.zeros((7, 7))
    expected[1:6, 1:6] = 1 / 25
    np.testing.assert_allclose(moved.mean(axis=0)[..., 0], expected, atol=0.015)


@pytest.mark.parametrize(
    ("name", "parameters", "argument"),
    [
        ("cutout", {"length": 0}, "length"),
        ("cutout", {"length": 2.5}, "length"),
        ("cutout", {"length": 3, "holes": 0}, "holes"),
        ("cutout", {"length": 3, "fill_value": "black"}, "fill_value"),
        ("cutout", {"length": 3, "fill_value": []}, "fill_value"),
        ("random_crop", {"padding": 0}, "padding"),
    ],
)
def test_a_wrong_argument_is_refused_by_name(name, parameters, argument):
    with pytest.raises(REFUSED, match=argument):
        hornbook.get("augmenter", name, **parameters)


@pytest.mark.parametrize("channels", [1, 2, 4])
def test_a_fill_value_for_other_channels_is_refused(channels):
    layer = hornbook.get("augmenter", "cutout", length=3, fill_value=[0.1, 0.2, 0.3])
    with pytest.raises(ValueError, match="fill_value"):
        layer({"images": np.ones((2, 5, 5, channels), "float32")})


@pytest.mark.parametrize("name", ["cutout", "random_crop"])
@pytest.mark.parametrize("batch", [{"features": np.ones((2, 3))}, {"images": np.ones((5, 5, 3))}])
def test_what_is_no_batch_of_images_is_refused(name, batch):
    parameters = {"length": 3} if name == "cutout" else {}
    with pytest.raises(ValueError, match="images"):
        hornbook.get("augmenter", name, **parameters)(batch)
