"""Images bent and inverted: each by itself, within its range."""

import keras
import numpy as np
import pytest

import hornbook


def bent(images, **parameters):
    layer = hornbook.get("augmenter", "random_elastic_transform", seed=3, **parameters)
    return keras.ops.convert_to_numpy(layer({"images": images}, training=True)["images"])


def test_a_field_that_hardly_moves_leaves_images_as_they_are():
    images = np.random.default_rng(0).random((3, 9, 7, 2), dtype="float32")
    np.testing.assert_allclose(bent(images, alpha=1e-6, sigma=2.0), images, atol=1e-5)
    np.testing.assert_array_equal(bent(images, rate=0.0), images)


def test_what_is_plain_within_stays_plain_and_what_is_outside_comes_in_at_the_edge():
    images = np.full((2, 28, 28, 1), 0.75, "float32")
    found = bent(images, fill_value=0.25)
    assert found.min() >= 0.25 - 1e-6 and found.max() <= 0.75 + 1e-6
    np.testing.assert_allclose(found[:, 9:19, 9:19], 0.75, atol=1e-5)
    assert (found < 0.75 - 1e-3).any()


def test_a_slope_tells_how_far_each_pixel_was_moved():
    """On an image that rises by one a row, and one that rises by one a column, values are places."""
    rows, columns = np.indices((40, 40)).astype("float32")
    found = bent(np.stack([rows, columns], -1)[None], alpha=20.0, sigma=3.0, fill_value=np.nan)
    moved = np.stack([found[0, ..., 0] - rows, found[0, ..., 1] - columns])
    inner = moved[:, 12:28, 12:28]
    assert np.isfinite(inner).all()
    # A uniform number has a variance of 1/3, and smoothing by a Gaussian divides it by 4 pi sigma squared.
    expected = 20.0 / np.sqrt(3 * 4 * np.pi * 9)
    assert 0.5 * expected < inner.std() < 1.6 * expected
    assert np.diff(inner, axis=1).std() < 0.4 * expected, "neighbours move alike"


def test_every_image_is_bent_by_a_field_of_its_own_where_the_batch_is_of_no_known_size():
    shades = np.linspace(0.1, 1, 6, dtype="float32")
    images = np.broadcast_to(shades[:, None, None, None], (6, 20, 20, 1)).copy()
    layer = hornbook.get("augmenter", "random_elastic_transform", seed=3, alpha=8.0, sigma=2.0)

    def through(batch):
        return layer({"images": batch}, training=True)["images"]

    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        through = tf.function(through, input_signature=[tf.TensorSpec((None, 20, 20, 1))])
    found = keras.ops.convert_to_numpy(through(images))
    assert found.shape == images.shape
    np.testing.assert_allclose(found[:, 9:11, 9:11], images[:, 9:11, 9:11], rtol=1e-4)
    patterns = found / shades[:, None, None, None]  # at the edges, where what is outside comes in
    assert all(np.abs(one - patterns[0]).max() > 0.05 for one in patterns[1:])


@pytest.mark.parametrize("value_range", [(0.0, 1.0), (-1.0, 1.0), (0.0, 255.0), (2.0, 5.0)])
def test_a_negative_stays_within_the_range(value_range):
    low, high = value_range
    images = np.linspace(low, high, 12, dtype="float32").reshape(1, 3, 4, 1)
    layer = hornbook.get(
        "augmenter", "random_invert", factor=[1.0, 1.0], value_range=list(value_range), seed=1
    )
    found = keras.ops.convert_to_numpy(layer({"images": images}, training=True)["images"])
    np.testing.assert_allclose(found, images[:, ::-1, ::-1], rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("name", ["mixup", "cutmix"])
def test_shares_that_cannot_be_drawn_are_refused(name):
    with pytest.raises(Exception, match="alpha"):
        hornbook.get("augmenter", name, alpha=0.01)


@pytest.mark.parametrize(
    "use",
    [
        {"use": "random_apply", "layer": {"use": "random_flip"}, "rate": 0.0},
        {"use": "random_choice", "layers": [{"use": "random_flip"}]},
    ],
)
def test_choosing_keeps_the_types_that_came(use):
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        name = use["use"]
        layer = hornbook.get(
            "augmenter", name, seed=1, **{key: one for key, one in use.items() if key != "use"}
        )
        batch = {"images": np.full((4, 6, 6, 3), 7, "uint8"), "labels": np.full((4, 1), 257.0, "float32")}
        found = layer({key: keras.ops.convert_to_tensor(one) for key, one in batch.items()}, training=True)
    finally:
        keras.config.set_dtype_policy(policy)
    assert [keras.backend.standardize_dtype(found[key].dtype) for key in batch] == ["uint8", "float32"]
    np.testing.assert_array_equal(keras.ops.convert_to_numpy(found["images"]), batch["images"])
    if name == "random_apply":
        np.testing.assert_array_equal(keras.ops.convert_to_numpy(found["labels"]), batch["labels"])
