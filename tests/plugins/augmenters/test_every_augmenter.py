"""What holds for every augmenter: a pure function of its seed that keeps range, shape, dtype and labels."""

import keras
import numpy as np
import pytest

import hornbook

FLIP = {"use": "random_flip", "mode": "horizontal"}

EXAMPLES = {
    "auto_contrast": {},
    "cutmix": {},
    "cutout": {"length": 5},
    "equalization": {},
    "mixup": {},
    "pipeline": {"layers": [FLIP, "random_grayscale"]},
    "rand_augment": {},
    "random_apply": {"layer": "mixup"},
    "random_brightness": {"factor": 0.3},
    "random_choice": {"layers": ["mixup", "cutmix", FLIP]},
    "random_color_degeneration": {"factor": 0.5},
    "random_color_jitter": {"brightness_factor": 0.2, "saturation_factor": 0.3, "hue_factor": 0.1},
    "random_contrast": {"factor": 0.4},
    "random_crop": {"padding": 2},
    "random_elastic_transform": {},
    "random_erasing": {},
    "random_flip": {},
    "random_gaussian_blur": {},
    "random_grayscale": {},
    "random_hue": {"factor": 0.3},
    "random_invert": {},
    "random_perspective": {},
    "random_posterization": {"factor": 4},
    "random_rotation": {"factor": 0.1},
    "random_saturation": {"factor": 0.5},
    "random_sharpness": {"factor": 0.5},
    "random_shear": {"x_factor": 0.2, "y_factor": 0.2},
    "random_translation": {"height_factor": 0.2, "width_factor": 0.2},
    "random_zoom": {"height_factor": 0.2},
    "solarization": {"addition_factor": 0.3, "threshold_factor": 0.3},
}

DETERMINISTIC = {"auto_contrast", "equalization"}
MIXING = {"cutmix", "mixup", "random_apply", "random_choice"}
# They take half a minute to compile on JAX.
LONG = {"equalization", "rand_augment"}


def entries() -> dict[str, object]:
    official = [entry for entry in hornbook.components("augmenter") if entry.plugin == "augmenters"]
    return {entry.name: entry for entry in official}


def each(names):
    marked = [pytest.param(name, marks=[pytest.mark.slow] if name in LONG else []) for name in names]
    return pytest.mark.parametrize("name", marked)


def works_here(entry) -> bool:
    backends = entry.component.backends
    return not backends or keras.backend.backend() in backends


HERE = [name for name, entry in entries().items() if name not in EXAMPLES or works_here(entry)]
OWN = [name for name, entry in entries().items() if entry.component.target.startswith("hornbook_")]


def made(name, value_range=(0.0, 1.0), **more):
    provided = entries()[name].component.provided
    given = {parameter: value_range for parameter, fact in provided.items() if fact == "data.value_range"}
    return hornbook.get("augmenter", name, **given, **EXAMPLES[name], **more)


def photos(examples=6, size=16, high=1.0) -> dict[str, np.ndarray]:
    random = np.random.default_rng(0)
    images = random.uniform(0, high, (examples, size, size + 1, 3)).astype("float32")
    return {"images": images, "labels": np.eye(5, dtype="float32")[random.integers(0, 5, examples)]}


def test_there_is_an_example_of_every_augmenter():
    assert set(entries()) == set(EXAMPLES)


@each(HERE)
def test_the_outcome_is_a_function_of_the_seed_and_the_batch(compiled, name):
    batch = photos()
    call = compiled(made(name))
    first, again, other = call(1, batch), call(1, batch), call(2, batch)
    for key in batch:
        np.testing.assert_array_equal(first[key], again[key])
        assert first[key].shape == batch[key].shape
        assert first[key].dtype == "float32"
    assert np.array_equal(first["images"], other["images"]) == (name in DETERMINISTIC)
    assert first["images"].min() >= -1e-6
    assert first["images"].max() <= 1 + 1e-6
    np.testing.assert_allclose(first["labels"].sum(axis=1), 1, rtol=1e-6)
    if name not in MIXING:
        np.testing.assert_array_equal(first["labels"], batch["labels"])


@each([name for name in HERE if name not in LONG])
def test_a_batch_of_one(compiled, name):
    batch = photos(examples=1)
    outcome = compiled(made(name))(3, batch)
    assert outcome["images"].shape == batch["images"].shape
    np.testing.assert_allclose(outcome["labels"], batch["labels"], atol=1e-6)
    assert np.isfinite(outcome["images"]).all()


@each(OWN)
def test_nothing_happens_when_not_training(name):
    batch = photos()
    outcome = made(name)(batch, training=False)
    for key in batch:
        np.testing.assert_array_equal(keras.ops.convert_to_numpy(outcome[key]), batch[key])


@each(OWN)
def test_the_batch_that_was_given_is_left_alone(name):
    batch = {key: keras.ops.convert_to_tensor(value) for key, value in photos().items()}
    kept = dict(batch)
    made(name)(batch, training=True)
    assert all(batch[key] is kept[key] for key in kept)


@each(OWN)
def test_serialization_gives_an_equal_layer(name):
    layer = made(name, seed=7)
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(layer))
    assert type(again) is type(layer)
    assert again.get_config() == layer.get_config()
    batch = photos()
    if not EXAMPLES[name].keys() & {"layer", "layers"}:
        for one, other in zip(layer(batch).values(), again(batch).values(), strict=True):
            np.testing.assert_array_equal(keras.ops.convert_to_numpy(one), keras.ops.convert_to_numpy(other))


@pytest.mark.parametrize("name", sorted({"cutmix", "cutout", "mixup", "random_crop"}))
def test_the_seed_is_where_the_randomness_starts(name):
    batch = photos()
    one, same, other = (made(name, seed=seed)(batch)["images"] for seed in (1, 1, 2))
    np.testing.assert_array_equal(keras.ops.convert_to_numpy(one), keras.ops.convert_to_numpy(same))
    assert not np.array_equal(keras.ops.convert_to_numpy(one), keras.ops.convert_to_numpy(other))


@pytest.mark.parametrize("name", sorted({"cutmix", "cutout", "mixup", "random_crop"}))
def test_what_is_no_mapping_is_refused(name):
    with pytest.raises(ValueError, match="mapping"):
        made(name)(photos()["images"])


def test_every_layer_with_a_value_range_takes_it_from_the_data():
    for name, entry in entries().items():
        if "value_range" in entry.component.parameters:
            assert entry.component.provided["value_range"] == "data.value_range", name


def test_erasing_keeps_small_ranges(compiled):
    layer = made("random_erasing", value_range=(0.0, 1.0))
    erased = compiled(layer)(1, photos(examples=20))["images"]
    assert erased.max() <= 1


def test_random_apply_takes_some_examples_whole(compiled):
    batch = photos(examples=400, size=4)
    layer = hornbook.get(
        "augmenter", "random_apply", layer={"use": "random_invert", "value_range": [0, 1]}, rate=0.3
    )
    outcome = compiled(layer)(1, batch)["images"]
    kept = (outcome == batch["images"]).all(axis=(1, 2, 3))
    np.testing.assert_allclose(outcome[~kept], 1 - batch["images"][~kept], atol=1e-5)
    # The layer inverts on half of its own throws.
    assert 1 - kept.mean() == pytest.approx(0.3 * 0.5, abs=0.06)


@pytest.mark.parametrize(("rate", "changed"), [(0.0, False), (1.0, True)])
def test_random_apply_at_its_ends(compiled, rate, changed):
    batch = photos()
    layer = hornbook.get("augmenter", "random_apply", layer={"use": "cutout", "length": 4}, rate=rate)
    outcome = compiled(layer)(1, batch)["images"]
    assert (outcome != batch["images"]).any(axis=(1, 2, 3)).tolist() == [changed] * 6


def test_random_choice_gives_each_example_one_outcome(compiled):
    images = np.ones((900, 5, 5, 1), "float32")
    fills = [{"use": "cutout", "length": 20, "fill_value": value} for value in (0.0, 0.25, 0.5)]
    layer = hornbook.get("augmenter", "random_choice", layers=fills)
    outcome = compiled(layer)(1, {"images": images})["images"]
    values, counts = np.unique(outcome[:, 2, 2, 0], return_counts=True)
    np.testing.assert_array_equal(values, [0.0, 0.25, 0.5])
    np.testing.assert_allclose(counts / 900, 1 / 3, atol=0.06)
    assert (outcome == outcome[:, 2:3, 2:3]).all()


def test_choosing_takes_labels_along_with_images(compiled, numbered):
    layer = hornbook.get("augmenter", "random_choice", layers=["cutmix", {"use": "mixup", "alpha": 1.0}])
    batch = numbered(12)
    outcome = compiled(layer)(2, batch)
    means = outcome["images"].mean(axis=(1, 2, 3))
    np.testing.assert_allclose(means, outcome["labels"] @ np.arange(12), rtol=1e-4, atol=1e-5)


def test_an_augmenter_that_changes_shapes_cannot_be_applied_to_some():
    layer = hornbook.get("augmenter", "random_apply", layer="random_flip")
    layer.layer = keras.layers.CenterCrop(4, 4)
    with pytest.raises(ValueError, match="keep shapes"):
        layer(photos())


def test_random_choice_of_nothing_is_refused():
    with pytest.raises((ValueError, hornbook.HornbookError), match="layers"):
        hornbook.get("augmenter", "random_choice", layers=[])
