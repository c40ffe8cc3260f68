"""Arrays from npz files."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hornbook

NUMBERS = np.random.default_rng(0)
FEATURES = NUMBERS.normal(size=(6, 3))
IMAGES = NUMBERS.integers(0, 256, (6, 5, 4), "uint8")
CLASSES = np.array([0, 1, 2, 0, 1, 2])


def load(folder, held, **parameters):
    path = folder / "data.npz"
    np.savez(path, **held)
    return hornbook.get("dataset", "npz", path=str(path), **parameters)


def test_features_and_classes(tmp_path):
    data = load(tmp_path, {"x": FEATURES, "y": CLASSES})
    np.testing.assert_array_equal(data.train.inputs, FEATURES.astype("float32"), strict=True)
    np.testing.assert_array_equal(data.train.labels, CLASSES.astype("int32"), strict=True)
    assert (data.task, data.modality, data.labels) == ("classification", "features", "integer")
    assert (data.class_names, data.value_range, list(data.splits)) == (("0", "1", "2"), None, ["train"])


def test_images_are_scaled_and_have_channels(tmp_path):
    data = load(tmp_path, {"x": IMAGES, "y": CLASSES})
    assert (data.modality, data.shape, data.value_range) == ("images", (5, 4, 1), (0.0, 1.0))
    np.testing.assert_allclose(data.train.inputs[..., 0], IMAGES / 255, rtol=1e-6)
    assert data.train.inputs.dtype == np.float32


@pytest.mark.parametrize(
    ("images", "parameters", "shape", "factor", "value_range"),
    [
        (IMAGES, {"scale": 1}, (5, 4, 1), 1, (0.0, 255.0)),
        (IMAGES.astype("uint16") * 257, {}, (5, 4, 1), 1 / 65535, (0.0, 1.0)),
        (IMAGES.astype("float64"), {"modality": "images"}, (5, 4, 1), 1, None),
        (IMAGES, {"modality": "features"}, (5, 4), 1, None),
        (np.stack([IMAGES] * 3, axis=-1) / 255, {}, (5, 4, 3), 1, None),
        (np.stack([IMAGES] * 7, axis=-1) / 255, {}, (5, 4, 7), 1, None),
    ],
)
def test_scale_and_modality(tmp_path, images, parameters, shape, factor, value_range):
    data = load(tmp_path, {"x": images, "y": CLASSES}, **parameters)
    np.testing.assert_allclose(data.train.inputs.reshape(images.shape), images * factor, rtol=1e-6)
    assert data.shape == shape
    assert data.value_range == pytest.approx(value_range)
    assert data.modality == ("features" if shape[-1] in (4, 7) else "images")


def test_tokens_stay_whole_numbers(tmp_path):
    tokens = NUMBERS.integers(0, 50, (6, 9))
    data = load(tmp_path, {"x": tokens, "y": CLASSES}, modality="tokens")
    np.testing.assert_array_equal(data.train.inputs, tokens.astype("int32"), strict=True)
    assert data.modality == "tokens"


@pytest.mark.parametrize("ending", ["val", "valid", "validation"])
def test_splits_by_their_usual_names(tmp_path, ending):
    held = {"x_train": IMAGES, "y_train": CLASSES, f"x_{ending}": IMAGES[:2], f"y_{ending}": CLASSES[:2]}
    data = load(tmp_path, {**held, "x_test": IMAGES[3:], "y_test": CLASSES[3:]})
    assert {name: len(split) for name, split in data.splits.items()} == {
        "train": 6,
        "validation": 2,
        "test": 3,
    }
    np.testing.assert_array_equal(data.test.labels, CLASSES[3:])
    np.testing.assert_allclose(data.validation.inputs[..., 0], IMAGES[:2] / 255, rtol=1e-6)


def test_splits_by_names_of_ones_own(tmp_path):
    held = {
        "train_images": IMAGES,
        "train_labels": CLASSES,
        "more": IMAGES[:1],
        "theirs": CLASSES[:1],
        "z": 1,
    }
    arrays = {"train": ["train_images", "train_labels"], "validation": ["more", "theirs"]}
    data = load(tmp_path, held, arrays=arrays)
    assert {name: len(split) for name, split in data.splits.items()} == {"train": 6, "validation": 1}


def test_inputs_without_labels(tmp_path):
    data = load(tmp_path, {"faces": IMAGES}, arrays={"train": "faces"})
    assert (data.task, data.labels, data.class_names, data.train.labels) == ("unlabelled", "none", (), None)


@pytest.mark.parametrize(
    ("labels", "parameters", "task", "expected", "class_names"),
    [
        (np.array([*"babcab"]), {}, "classification", [1, 0, 1, 2, 0, 1], ("a", "b", "c")),
        (np.array([b"b", b"a"] * 3), {}, "classification", [1, 0] * 3, ("a", "b")),
        (np.array([True, False] * 3), {}, "classification", [1, 0] * 3, ("False", "True")),
        (CLASSES[:, None].astype("uint8"), {}, "classification", CLASSES, ("0", "1", "2")),
        (CLASSES.astype("float32"), {}, "classification", CLASSES, ("0", "1", "2")),
        (np.eye(4)[CLASSES], {}, "classification", CLASSES, ("0", "1", "2", "3")),
        (np.eye(3)[CLASSES], {"class_names": [*"xyz"]}, "classification", CLASSES, ("x", "y", "z")),
        (CLASSES * 5 - 5, {"task": "classification"}, "classification", CLASSES, ("-5", "0", "5")),
        (CLASSES, {"class_names": [*"wxyz"]}, "classification", CLASSES, ("w", "x", "y", "z")),
        (CLASSES, {"task": "regression"}, "regression", CLASSES[:, None], ()),
        (FEATURES[:, 0], {}, "regression", FEATURES[:, :1], ()),
        (FEATURES, {}, "regression", FEATURES, ()),
        (np.eye(3)[CLASSES], {"task": "regression"}, "regression", np.eye(3)[CLASSES], ()),
    ],
)
def test_the_task_follows_from_the_labels(tmp_path, labels, parameters, task, expected, class_names):
    data = load(tmp_path, {"x": FEATURES, "y": labels}, **parameters)
    assert (data.task, data.class_names) == (task, class_names)
    dtype = "int32" if task == "classification" else "float32"
    np.testing.assert_array_equal(data.train.labels, np.asarray(expected, dtype), strict=True)


def test_classes_are_those_of_all_splits(tmp_path):
    held = {
        "x_train": FEATURES,
        "y_train": np.array([*"aabbaa"]),
        "x_test": FEATURES[:2],
        "y_test": np.array(["b", "c"]),
    }
    data = load(tmp_path, held)
    assert data.class_names == ("a", "b", "c")
    np.testing.assert_array_equal(data.test.labels, [1, 2])


@given(
    st.lists(st.sampled_from(["ant", "bee", "cow", "élan"]), min_size=2, max_size=20).filter(
        lambda labels: len(set(labels)) > 1
    )
)
@settings(max_examples=20, deadline=None)
def test_labels_name_their_classes(tmp_path_factory, labels):
    held = {"x": np.zeros((len(labels), 1)), "y": np.array(labels)}
    data = load(tmp_path_factory.mktemp("names"), held)
    assert [data.class_names[number] for number in data.train.labels] == labels


@pytest.mark.parametrize(
    ("held", "parameters", "said"),
    [
        ({"images": IMAGES, "labels": CLASSES}, {}, "it holds images, labels, but neither x_train"),
        ({"x_train": FEATURES}, {}, "no array 'y_train'"),
        ({"x": FEATURES, "y": CLASSES}, {"arrays": {"train": ["x", "z"]}}, "no array 'z'; it holds x, y"),
        ({"x": FEATURES, "y": CLASSES}, {"arrays": {"test": ["x", "y"]}}, "given for test"),
        ({"x": FEATURES, "y": CLASSES}, {"arrays": {"train": ["x", "y", "x"]}}, "at most one of labels"),
        ({"x": FEATURES, "y": CLASSES}, {"arrays": {"train": ["x", "y"], "test": "x"}}, "others have none"),
        ({"x": FEATURES, "y": CLASSES[:5]}, {}, "train has 6 inputs but 5 labels"),
        ({"x": FEATURES[:0], "y": CLASSES[:0]}, {}, "train has no examples"),
        ({"x": np.array(3.0), "y": CLASSES}, {}, "'x' is a single value"),
        ({"x": np.array([[1], [2, 3]], dtype="object"), "y": CLASSES[:2]}, {}, "'x' holds Python objects"),
        ({"x": np.array([["a"]] * 6), "y": CLASSES}, {}, "inputs are numbers, not <U1"),
        ({"x": FEATURES * np.nan, "y": CLASSES}, {}, "inputs that are missing or infinite"),
        ({"x": FEATURES * 1e39, "y": CLASSES}, {}, "beyond the range of float32"),
        ({"x": FEATURES, "y": CLASSES}, {"modality": "images"}, "images are (examples, height, width)"),
        ({"x": FEATURES, "y": CLASSES}, {"modality": "tokens"}, "tokens are whole numbers"),
        ({"x": CLASSES[:, None] - 1, "y": CLASSES}, {"modality": "tokens"}, "tokens are numbers from 0"),
        ({"x": IMAGES, "y": CLASSES}, {"scale": -1}, "scale"),
        ({"x": FEATURES, "y": CLASSES * np.nan}, {}, "labels that are missing"),
        ({"x": FEATURES, "y": CLASSES + 4}, {}, "from 4 to 6, which could be classes or amounts"),
        ({"x": FEATURES, "y": CLASSES * 0}, {}, "nothing to tell apart"),
        ({"x": FEATURES, "y": FEATURES[:, 0]}, {"task": "classification"}, "have fractions"),
        ({"x": FEATURES, "y": FEATURES}, {"task": "classification"}, "only where every row is one-hot"),
        (
            {"x": FEATURES, "y": FEATURES[:, 0] * 1e39},
            {"task": "regression"},
            "labels beyond the range of float32",
        ),
        ({"x": FEATURES, "y": np.zeros((6, 2, 2))}, {}, "labels are one column or several"),
        ({"x": FEATURES, "y": CLASSES}, {"class_names": ["a", "b"]}, "labels run to 1, not 2"),
        (
            {"x": FEATURES, "y": FEATURES[:, 0]},
            {"task": "regression", "class_names": ["a"]},
            "the task is regression",
        ),
        (
            {"x": FEATURES, "y": np.array([*"abcabc"])},
            {"task": "regression"},
            "text, which regression cannot",
        ),
        (
            {"x_train": IMAGES, "y_train": CLASSES, "x_test": IMAGES[:, 1:], "y_test": CLASSES},
            {},
            "differ in shape between the splits: train (5, 4, 1), test (4, 4, 1)",
        ),
        (
            {"x_train": IMAGES, "y_train": CLASSES, "x_test": IMAGES / 255, "y_test": CLASSES},
            {},
            "differ in dtype between the splits",
        ),
    ],
)
def test_what_is_wrong_is_said(tmp_path, held, parameters, said):
    with pytest.raises(hornbook.HornbookError) as raised:
        load(tmp_path, held, **parameters)
    assert said in str(raised.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"not a zip file", "not an npz file"),
        (b"PK\x03\x04 broken", "not an npz file"),
        (b"\x80\x04K\x01.", "not an npz file"),
    ],
)
def test_other_files_are_refused(tmp_path, content, said):
    path = tmp_path / "data.npz"
    path.write_bytes(content)
    with pytest.raises(hornbook.HornbookError, match=said):
        hornbook.get("dataset", "npz", path=str(path))


def test_a_single_array_is_refused(tmp_path):
    np.save(tmp_path / "data.npy", FEATURES)
    with pytest.raises(hornbook.HornbookError, match="a single array"):
        hornbook.get("dataset", "npz", path=str(tmp_path / "data.npy"))


def test_a_damaged_array_is_named(tmp_path):
    path = tmp_path / "data.npz"
    np.savez(path, x=FEATURES, y=CLASSES)
    content = bytearray(path.read_bytes())
    content[content.index(FEATURES.tobytes()) + 5] ^= 255
    path.write_bytes(content)
    with pytest.raises(hornbook.HornbookError, match="the array 'x' is damaged"):
        hornbook.get("dataset", "npz", path=str(path))


@pytest.mark.parametrize(
    ("path", "said"), [("missing.npz", "there is no"), (".", "is a folder; name a file")]
)
def test_the_path_is_of_a_file(tmp_path, path, said):
    with pytest.raises(hornbook.HornbookError, match=said):
        hornbook.get("dataset", "npz", path=str(tmp_path / path))


def test_the_digest_is_of_the_content(tmp_path):
    digest = load(tmp_path, {"x": IMAGES, "y": CLASSES}).digest
    assert load(tmp_path, {"y": CLASSES, "x": IMAGES.copy()}).digest == digest
    assert load(tmp_path, {"x": IMAGES ^ 1, "y": CLASSES}).digest != digest
    assert load(tmp_path, {"x": IMAGES, "y": CLASSES[::-1]}).digest != digest
