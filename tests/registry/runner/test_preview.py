import keras
import numpy as np
import pytest

from hornbook.catalog import catalog
from hornbook.recipes.reading import read
from hornbook.runner.data.feeding import Portion, feed
from hornbook.runner.preview import preview, rates_of
from hornbook.runner.session import open_session


def seen(recipe, *overrides):
    return preview(read(recipe, overrides, catalog()))


def test_the_curve_is_the_rate_of_every_step():
    curve = seen(
        "digits",
        "optimizer.learning_rate={use: exponential_decay, initial_learning_rate: 0.1, "
        "decay_steps: 10, decay_rate: 0.5}",
        "training.epochs=2",
    ).curve
    assert (curve.steps_per_epoch, curve.epochs, curve.scheduler) == (23, 2, "exponential_decay")
    assert curve.steps.tolist() == list(range(46))
    np.testing.assert_allclose(curve.rates, 0.1 * 0.5 ** (np.arange(46) / 10), rtol=1e-5)


def test_a_long_run_is_sampled_from_its_first_to_its_last_step():
    curve = seen("digits", "training.epochs=2000").curve
    assert len(curve.steps) == 1000
    assert (curve.steps[0], curve.steps[-1]) == (0, 23 * 2000 - 1)
    assert curve.rates.max() == pytest.approx(0.01, rel=1e-2)  # one_cycle's peak


def test_a_rate_that_is_a_number_is_a_line_and_what_may_change_it_is_named():
    curve = seen(
        "digits", "optimizer.learning_rate=0.01", "callbacks=[reduce_on_plateau]", "training.epochs=1"
    ).curve
    assert set(curve.rates) == {0.01}
    assert curve.scheduler is None
    assert curve.changed_by == ("reduce_on_plateau",)


class Staged(keras.optimizers.schedules.LearningRateSchedule):
    """Asked for many steps, it takes them all for what the first is, or the last."""

    def __init__(self, deciding):
        self.deciding = deciding

    def __call__(self, step):
        step = keras.ops.cast(step, "float32")
        warm = keras.ops.reshape(step, (-1,))[self.deciding] < 10
        return keras.ops.where(warm, 0.01 * step, 1.0 / (1.0 + step))


@pytest.mark.parametrize("deciding", [0, -1])
def test_a_schedule_that_goes_by_one_of_many_steps_is_asked_of_each(deciding):
    steps = np.arange(0, 100, 3)
    expected = np.where(steps < 10, 0.01 * steps, 1 / (1 + steps))
    np.testing.assert_allclose(rates_of(Staged(deciding), steps), expected, rtol=1e-5)


def test_a_schedule_that_takes_its_step_for_a_number_is_asked_one_by_one():
    steps = np.arange(0, 100, 3)
    rates = rates_of(lambda step: 0.1 if int(step) < 10 else 0.01, steps)
    np.testing.assert_allclose(rates, np.where(steps < 10, 0.1, 0.01))


def test_an_optimizer_may_have_no_rate_of_its_own():
    whole = seen("iris", "optimizer={use: adafactor, learning_rate: null}", "training.epochs=1")
    assert whole.curve is None
    assert "no learning rate" in whole.notes[0]


@pytest.mark.parametrize("augment", ["[cutmix]", "[{use: random_rotation, factor: 0.1}, mixup]"])
def test_the_first_draw_is_what_training_begins_with(augment):
    recipe = read("digits", [f"augment={augment}"], catalog())
    pictures = preview(recipe).pictures
    session = open_session(recipe)
    train = session.prepared.splits["train"]
    batches = feed(Portion(train, recipe.training.batch_size, recipe.seed, session.augmentation))
    batches.begin(0)
    first = batches.batches[0] if hasattr(batches.batches, "__getitem__") else next(iter(batches.batches))
    inputs, labels = (keras.ops.convert_to_numpy(one) for one in first)
    np.testing.assert_allclose(pictures.after[0], inputs[:8], atol=1e-5)
    for words, label in zip(pictures.mixed[0], labels, strict=False):
        assert words.startswith(str(label.argmax()))


def test_examples_are_those_of_the_first_batch_with_their_labels():
    recipe = read("digits", (), catalog())
    pictures = preview(recipe).pictures
    train = open_session(recipe).prepared.splits["train"]
    rows = np.random.default_rng([recipe.seed, 0]).permutation(len(train))[:8]
    np.testing.assert_array_equal(pictures.before, np.asarray(train.inputs)[rows])
    assert pictures.labels == tuple(str(label.argmax()) for label in train.labels[rows])
    assert pictures.value_range == (0.0, 1.0)
    # The draws differ from one another and from what was.
    shown = [pictures.before, *pictures.after]
    assert all(np.abs(a - b).max() > 0.1 for n, a in enumerate(shown) for b in shown[:n])


def test_mixed_labels_are_told_with_their_shares():
    mixed = [words for draw in seen("digits").pictures.mixed for words in draw]
    shares = [
        [float(part.rpartition(": ")[2].rstrip("%")) for part in words.split(", ")]
        for words in mixed
        if "%" in words
    ]
    assert len(shares) > 8
    assert all(abs(sum(one) - 100) <= 1 for one in shares)


def test_integer_labels_are_told_by_their_names():
    pictures = seen(
        "digits", "loss=sparse_categorical_crossentropy", "augment=[{use: random_rotation, factor: 0.1}]"
    ).pictures
    assert pictures.mixed[0] == pictures.labels


def test_what_is_no_image_has_no_pictures():
    whole = seen("iris", "training.epochs=1")
    assert whole.pictures is None
    assert whole.notes == ("iris has no pictures: its inputs are features",)
