"""Augmentation: what it does to a batch is a function of (seed, epoch, batch) alone."""

import keras
import numpy as np
import pytest

import hornbook
from hornbook.dataset import Split
from hornbook.problem import HornbookError
from hornbook.runner.data.augmentation import Augmentation
from hornbook.runner.data.feeding import Portion, feed
from hornbook.runner.session import load_data, open_session

pytestmark = pytest.mark.usefixtures("bench")

AUGMENTERS = {
    "cutmix": [{"alpha": 1.0}],
    "mixup": [{}],
    "random_erasing": [{"value_range": (0, 1)}],
    "random_rotation": [{"factor": 0.5}],
    "random_choice": [
        {"layers": ["random_flip", {"use": "random_brightness", "factor": 0.5, "value_range": [0, 1]}]}
    ],
    "random_apply": [{"layer": "mixup", "rate": 0.5}],
}


@pytest.fixture
def pictures(write):
    """The pictures with one-hot labels, as a run has them."""
    recipe = hornbook.read(
        write(
            "pictures.yaml",
            "recipe: 1\ndata: pictures\nmodel: [flatten, {use: dense, units: 2, activation: softmax}]\n"
            "loss: categorical_crossentropy\ntraining: {epochs: 1}\n",
        )
    )
    return load_data(recipe).splits["train"]


def _augmentation(split, *layers, seed=5):
    augmentation = Augmentation(layers, "images", seed)
    augmentation.prepare(split)
    return augmentation


def _same(first, second):
    return all(
        np.array_equal(a, b)
        for one, other in zip(first, second, strict=True)
        for a, b in zip(keras.tree.flatten(one), keras.tree.flatten(other), strict=True)
    )


@pytest.mark.parametrize("name", AUGMENTERS)
def test_a_batch_is_augmented_alike_whenever_its_epoch_is_fed(pictures, fed, name):
    (parameters,) = AUGMENTERS[name]

    def feeding(seed=5):
        layer = hornbook.get("augmenter", name, **parameters)
        return feed(Portion(pictures, 16, 1, _augmentation(pictures, layer, seed=seed)))

    straight = feeding()
    epochs = [fed(straight, epoch) for epoch in range(3)]
    assert _same(fed(straight, 1), epochs[1])
    backwards = feeding()
    assert _same(fed(backwards, 2), epochs[2])
    assert _same(fed(backwards, 0), epochs[0])
    assert _same(fed(backwards, 1, steps=[2]), epochs[1][2:])
    plain = feed(Portion(pictures, 16, 1))
    assert not _same(epochs[0], fed(plain, 0))
    assert not _same(fed(feeding(seed=6), 0), epochs[0])


def test_epochs_and_batches_are_augmented_differently(pictures, fed):
    upper = np.zeros((48, 6, 6, 1), "float32")
    upper[:, :3] = 1.0
    split = Split(upper, pictures.labels)
    layer = hornbook.get("augmenter", "random_rotation", factor=0.5)
    feeding = feed(Portion(split, 16, None, _augmentation(split, layer)))
    batches = [images for epoch in range(2) for images, _ in fed(feeding, epoch)]
    assert len({images.tobytes() for images in batches}) == 6


def test_several_augmenters_draw_apart(pictures):
    layers = [hornbook.get("augmenter", "random_rotation", factor=0.5) for _ in range(2)]
    twice = _augmentation(pictures, *layers)
    assert len(set(twice.seeds(0).tolist())) == 2
    assert not np.array_equal(twice.seeds(0), twice.seeds(1))


def test_augmenters_leave_the_generators_of_python_and_keras_alone(pictures, fed):
    import random

    layer = hornbook.get("augmenter", "cutmix")
    feeding = feed(Portion(pictures, 16, 1, _augmentation(pictures, layer)))
    random.seed(3)
    expected = random.Random(3).random()
    before = [keras.ops.convert_to_numpy(variable).tolist() for variable in layer.variables]
    fed(feeding, 0)
    assert random.random() == expected
    assert [keras.ops.convert_to_numpy(variable).tolist() for variable in layer.variables] == before


def test_only_training_batches_are_augmented(write, fed):
    recipe = hornbook.read(
        write(
            "pictures.yaml",
            "recipe: 1\ndata: {use: pictures, validation: 0.5}\naugment: [cutmix]\n"
            "model: [flatten, {use: dense, units: 2, activation: softmax}]\n"
            "loss: categorical_crossentropy\ntraining: {epochs: 1}\n",
        )
    )
    session = open_session(recipe)
    np.testing.assert_array_equal(
        fed(feed(Portion(session.prepared.splits["validation"], 24)), 0)[0][0],
        session.prepared.splits["validation"].inputs,
    )
    assert session.augmentation.layers == tuple(session.assembly.augmenters)


def test_what_an_augmenter_cannot_work_on_is_told_at_its_line(write):
    file = write(
        "points.yaml",
        "recipe: 1\ndata: points\naugment:\n  - cutmix\nmodel: [{use: dense, units: 3, activation: softmax}]\n"
        "loss: categorical_crossentropy\ntraining: {epochs: 1}\n",
    )
    with pytest.raises(HornbookError) as raised:
        hornbook.run(file, tracking=False)
    problem = raised.value.problems[0]
    assert (problem.place.source, problem.place.line) == (str(file), 4)
    assert "cutmix" in problem.message
