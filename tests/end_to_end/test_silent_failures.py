"""Why the checks are there: in plain Keras, each of these pairings trains wrongly, or measures wrongly.

Three clouds of points in the plane, which a small network tells apart within seconds. Beside each wrong
pairing stands the right one, on the same data. That `check` tells them is in tests/registry/recipes/checks.
"""

import math

import keras
import numpy as np
import pytest

CENTRES = np.array([[2, 0], [-2, 2], [-2, -2]], "float32")
NUMBERS = np.arange(150) % 3
POINTS = CENTRES[NUMBERS] + np.random.default_rng(0).normal(0, 0.5, (150, 2)).astype("float32")
ONE_HOT = np.eye(3, dtype="float32")[NUMBERS]
BINARY = (NUMBERS == 0).astype("float32")[:, None]
SIGNED = 2 * BINARY - 1
IMAGES = np.random.default_rng(1).random((6, 8, 8, 1)).astype("float32")

losses, metrics, layers = keras.losses, keras.metrics, keras.layers
# Given probabilities where it was told logits, Keras on TensorFlow finds the logits before the softmax and
# takes those, with a warning. Not so on other backends, nor where any layer comes after.
SOFTMAX_THEN = (layers.Softmax(), layers.Reshape((3,)))


def fitted(units, activation, loss, labels, points=POINTS, epochs=15, then=(), rate=0.03, **fit):
    """A small network, trained, and the last value of its loss."""
    keras.utils.set_random_seed(1)
    hidden = layers.Dense(8, activation="relu")
    model = keras.Sequential([keras.Input((2,)), hidden, layers.Dense(units, activation=activation), *then])
    model.compile(keras.optimizers.Adam(rate), loss)
    history = model.fit(points, labels, epochs=epochs, batch_size=30, verbose=0, **fit)
    return model, history.history["loss"][-1]


def accuracy(model, points=POINTS):
    return float((model.predict(points, verbose=0).argmax(-1) == NUMBERS).mean())


def measured(metric, labels, predictions):
    metric.update_state(labels, predictions)
    return float(metric.result())


def test_right_pairings_learn_this_data():
    model, loss = fitted(3, "softmax", losses.CategoricalCrossentropy(), ONE_HOT)
    assert accuracy(model) == 1
    assert loss < 0.05
    assert fitted(1, "sigmoid", losses.BinaryCrossentropy(), BINARY)[1] < 0.05
    assert fitted(1, None, losses.Hinge(), SIGNED)[1] < 0.05


def test_linear_outputs_as_probabilities_do_not_learn():  # HB701
    model, _ = fitted(3, None, losses.CategoricalCrossentropy(), ONE_HOT)
    assert accuracy(model) < 0.9


def test_linear_outputs_as_one_probability_leave_the_range_and_the_loss_says_nothing():  # HB701
    model, loss = fitted(1, None, losses.BinaryCrossentropy(), BINARY)
    predicted = model.predict(POINTS, verbose=0)
    assert loss < 1e-6
    assert predicted.min() < -1
    assert predicted.max() > 2


def test_probabilities_as_logits_keep_the_loss_from_falling():  # HB702
    loss = losses.CategoricalCrossentropy(from_logits=True)
    _, stuck = fitted(3, None, loss, ONE_HOT, then=SOFTMAX_THEN)
    least = -math.log(math.e / (math.e + 2))  # of a model that is certain, and right
    assert stuck >= least - 1e-3
    assert fitted(3, None, loss, ONE_HOT)[1] < 0.05


@pytest.mark.parametrize(("activation", "least"), [("relu", 0.4), ("tanh", 0.3)])
def test_logits_within_bounds_keep_the_loss_from_falling(activation, least):  # HB702
    _, stuck = fitted(1, activation, losses.BinaryCrossentropy(from_logits=True), BINARY)
    assert stuck > least


def test_relu_before_logits_never_says_no():  # HB702
    model, _ = fitted(1, "relu", losses.BinaryCrossentropy(from_logits=True), BINARY)
    probabilities = 1 / (1 + np.exp(-model.predict(POINTS, verbose=0)))
    assert probabilities.min() >= 0.5


def test_a_sigmoid_before_hinge_keeps_it_from_falling():  # HB703
    _, stuck = fitted(1, "sigmoid", losses.Hinge(), SIGNED)
    assert stuck >= 2 / 3 - 1e-3  # two thirds are -1, and nothing below 0 can be said


def test_softmax_over_one_column_is_always_one():  # HB704
    model, _ = fitted(1, "softmax", losses.BinaryCrossentropy(), BINARY)
    assert np.all(model.predict(POINTS, verbose=0) == 1)


def test_a_class_without_a_column_is_never_said():  # HB705
    try:
        model, _ = fitted(2, "softmax", losses.SparseCategoricalCrossentropy(), NUMBERS)
    except Exception as refused:  # TensorFlow refuses, in the first step, on a CPU
        assert "label" in str(refused).lower()
    else:
        assert accuracy(model) <= 2 / 3 + 1e-3


def test_one_column_against_one_a_class_learns_their_mean():  # HB705
    model, _ = fitted(1, None, losses.MeanSquaredError(), ONE_HOT)
    assert model.predict(POINTS, verbose=0).mean() == pytest.approx(1 / 3, abs=0.1)
    assert accuracy(model) == pytest.approx(1 / 3)


def test_columns_too_many_are_all_taught_the_same_number():  # HB706
    model, loss = fitted(4, None, losses.MeanSquaredError(), POINTS[:, :1], epochs=30)
    columns = model.predict(POINTS, verbose=0)
    assert loss < 0.2
    assert np.abs(columns - columns.mean(axis=1, keepdims=True)).mean() < 0.3


def test_a_metric_of_columns_calls_class_numbers_something_else():  # HB707
    guesses = np.random.default_rng(0).random((150, 3)).astype("float32")
    right = float((guesses.argmax(-1) == NUMBERS).mean())
    assert measured(metrics.SparseCategoricalAccuracy(), NUMBERS, guesses) == pytest.approx(right)
    assert measured(metrics.CategoricalAccuracy(), NUMBERS, guesses) != pytest.approx(right, abs=0.02)


def test_yes_or_no_for_each_column_flatters():  # HB707
    indifferent = np.full((150, 3), 0.3, "float32")
    assert measured(metrics.BinaryAccuracy(), ONE_HOT, indifferent) == pytest.approx(2 / 3)


def test_precision_takes_minus_one_for_yes():  # HB707
    everything = np.ones((150, 1), "float32")
    assert measured(metrics.Precision(), BINARY, everything) == pytest.approx(1 / 3)
    assert measured(metrics.Precision(), SIGNED, everything) == 1


@pytest.mark.parametrize("metric", [metrics.SparseCategoricalAccuracy, metrics.SparseTopKCategoricalAccuracy])
def test_a_metric_of_class_numbers_refuses_columns(metric):  # HB707
    with pytest.raises(Exception, match=r"(?i)shape|match|broadcast"):
        measured(metric(), ONE_HOT, ONE_HOT)


def test_a_threshold_for_probabilities_is_another_for_logits():  # HB708
    logits = np.array([[0.2], [0.4], [3.0]], "float32")  # all above a probability of 0.5
    yes = np.ones((3, 1), "float32")
    assert measured(metrics.Recall(), yes, 1 / (1 + np.exp(-logits))) == 1
    assert measured(metrics.Recall(), yes, logits) == pytest.approx(1 / 3)
    assert measured(metrics.Recall(thresholds=0.0), yes, logits) == 1


def test_a_metric_that_reads_logits_as_probabilities_is_off():  # HB709
    logits = np.array([[-2.0], [3.0]], "float32")
    labels = np.array([[0.0], [1.0]], "float32")
    right = measured(metrics.BinaryCrossentropy(from_logits=True), labels, logits)
    wrong = measured(metrics.BinaryCrossentropy(), labels, logits)
    assert right == pytest.approx(0.088, abs=0.001)
    assert wrong < 1e-5


def test_mixed_class_numbers_are_other_classes():  # HB711
    try:
        batch = layers.MixUp(seed=1)({"images": IMAGES, "labels": np.arange(6)}, training=True)
    except Exception as refused:  # on TensorFlow
        assert "int64" in str(refused)
    else:
        assert tuple(batch["labels"].shape) != (6,)


def test_the_less_a_mixed_sign_says_the_more_hinge_asks_for():  # HB711
    prediction = np.array([[2.0]], "float32")
    sure, mixed = (float(losses.Hinge()(np.array([[label]], "float32"), prediction)) for label in (1.0, 0.2))
    assert sure == 0
    assert mixed == pytest.approx(0.6)


def test_an_augmenter_that_assumes_bytes_drowns_images_from_0_to_1():  # HB712
    erased = layers.RandomErasing(factor=1.0, seed=1)(IMAGES, training=True)
    assert float(keras.ops.max(erased)) > 100
    erased = layers.RandomErasing(factor=1.0, value_range=(0, 1), seed=1)(IMAGES, training=True)
    assert float(keras.ops.max(erased)) <= 1


def test_an_augmenter_of_images_refuses_a_table():  # HB713
    with pytest.raises(ValueError, match="rank"):
        layers.RandomFlip()(POINTS, training=True)


def test_colours_need_three_channels():  # HB714
    with pytest.raises(Exception, match=r"RandomHue"):
        layers.RandomHue(0.5, value_range=(0, 1))(IMAGES, training=True)
    grey = layers.RandomGrayscale(1.0)(IMAGES, training=True)
    assert np.array_equal(keras.ops.convert_to_numpy(grey), IMAGES)


def test_what_is_scaled_twice_learns_slowly():  # HB715
    _, loss = fitted(3, "softmax", losses.CategoricalCrossentropy(), ONE_HOT, points=POINTS / 255)
    assert loss > 0.5


def test_after_a_schedule_that_ended_nothing_is_learnt():  # HB721
    ended = keras.optimizers.schedules.CosineDecay(0.03, decay_steps=5)  # of 75 steps
    early, _ = fitted(3, "softmax", losses.CategoricalCrossentropy(), ONE_HOT, epochs=1, rate=ended)
    late, _ = fitted(3, "softmax", losses.CategoricalCrossentropy(), ONE_HOT, epochs=15, rate=ended)
    for before, after in zip(early.get_weights(), late.get_weights(), strict=True):
        assert before == pytest.approx(after, abs=1e-6)


def test_a_schedule_that_is_too_long_ends_at_the_top():  # HB722
    rate = keras.optimizers.schedules.CosineDecay(0.03, decay_steps=10_000)
    model, _ = fitted(3, "softmax", losses.CategoricalCrossentropy(), ONE_HOT, rate=rate)
    assert float(keras.ops.convert_to_numpy(model.optimizer.learning_rate)) > 0.99 * 0.03


def test_a_plateau_under_a_schedule_stops_the_run():  # HB723
    plateau = keras.callbacks.ReduceLROnPlateau(monitor="loss", patience=1, min_delta=1e9)
    rate = keras.optimizers.schedules.CosineDecay(0.03, decay_steps=75)
    with pytest.raises(TypeError, match="LearningRateSchedule"):
        fitted(3, "softmax", losses.CategoricalCrossentropy(), ONE_HOT, rate=rate, callbacks=[plateau])


def test_stopping_early_leaves_the_rate_high():  # HB724
    # The loss hardly falls while the rate is being warmed up, which is when patience runs out.
    stopping = keras.callbacks.EarlyStopping(monitor="loss", patience=2, min_delta=0.2)
    rate = keras.optimizers.schedules.CosineDecay(0.0, decay_steps=300, warmup_target=0.03, warmup_steps=150)
    model, loss = fitted(
        3, "softmax", losses.CategoricalCrossentropy(), ONE_HOT, epochs=90, rate=rate, callbacks=[stopping]
    )
    whole, _ = fitted(3, "softmax", losses.CategoricalCrossentropy(), ONE_HOT, epochs=90, rate=rate)
    assert int(model.optimizer.iterations) < 150
    assert float(keras.ops.convert_to_numpy(whole.optimizer.learning_rate)) < 1e-6
    assert loss > 0.1


@pytest.mark.parametrize("monitor", ["val_loss", "accurcy"])
def test_watching_what_is_not_there_never_stops(monitor):  # HB731, HB733
    stopping = keras.callbacks.EarlyStopping(monitor=monitor, mode="max", patience=0, min_delta=1e9)
    with pytest.warns(UserWarning, match="not available"):
        model, _ = fitted(
            3, "softmax", losses.CategoricalCrossentropy(), ONE_HOT, epochs=3, callbacks=[stopping]
        )
    assert int(model.optimizer.iterations) == 15


def test_without_validation_data_nothing_is_known_of_it():  # HB732
    model, _ = fitted(3, "softmax", losses.CategoricalCrossentropy(), ONE_HOT, epochs=1)
    assert not any(name.startswith("val_") for name in model.history.history)
