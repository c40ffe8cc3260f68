"""Feeding: which rows a batch has, in which order, and that it is read as it is asked for."""

from itertools import chain

import keras
import numpy as np
import pytest

from hornbook.dataset import Split
from hornbook.runner.data.feeding import Portion, feed
from hornbook.runner.data.rows import select

pytestmark = pytest.mark.usefixtures("bench")

NUMBERS = np.arange(23, dtype="float32")[:, None]
SPLIT = Split(NUMBERS, np.arange(23, dtype="int32"))


@pytest.fixture
def rows(fed):
    """The numbers of the rows that a feed gives, batch by batch."""
    return lambda feeding: [batch[0][:, 0].astype(int).tolist() for batch in fed(feeding)]


def _together(rows):
    return list(chain.from_iterable(rows))


def test_evaluation_keeps_the_order_and_the_last_batch(rows):
    assert rows(feed(Portion(SPLIT, 10))) == [list(range(10)), list(range(10, 20)), [20, 21, 22]]
    assert Portion(SPLIT, 10).steps == 3


def test_labels_go_with_their_rows(fed):
    feeding = feed(Portion(SPLIT, 5, seed=1))
    for inputs, labels in fed(feeding):
        np.testing.assert_array_equal(inputs[:, 0], labels)
        assert (inputs.dtype, labels.dtype) == ("float32", "int32")


def test_each_epoch_has_an_order_of_its_own_in_which_every_row_comes_once(rows):
    feeding = feed(Portion(SPLIT, 5, seed=1))
    orders = []
    for epoch in range(3):
        feeding.begin(epoch)
        order = rows(feeding)
        assert [len(batch) for batch in order] == [5, 5, 5, 5, 3]
        assert sorted(_together(order)) == list(range(23))
        orders.append(order)
    assert orders[0] != orders[1] != orders[2] != orders[0]


def test_the_order_is_a_function_of_seed_and_epoch(rows):
    def order(seed, *epochs):
        feeding = feed(Portion(SPLIT, 5, seed=seed))
        for epoch in epochs:
            feeding.begin(epoch)
        return rows(feeding)

    assert order(1, 2) == order(1, 0, 1, 2) == order(1, 7, 2)
    assert order(1, 2) != order(2, 2)
    assert order(1, 0) == order(1)


def test_the_order_is_the_same_on_every_backend(rows):
    feeding = feed(Portion(SPLIT, 5, seed=9))
    feeding.begin(4)
    assert _together(rows(feeding)) == np.random.default_rng([9, 4]).permutation(23).tolist()


def test_several_inputs_are_fed_by_name(fed):
    feeding = feed(Portion(Split({"a": NUMBERS, "b": -NUMBERS}, SPLIT.labels), 10, seed=1))
    inputs, labels = fed(feeding)[0]
    np.testing.assert_array_equal(inputs["a"][:, 0], labels)
    np.testing.assert_array_equal(inputs["b"], -inputs["a"])


def test_without_labels_only_inputs_are_fed(fed):
    assert [len(batch) for batch in fed(feed(Portion(Split(NUMBERS), 10)))] == [1, 1, 1]


def test_rows_read_on_demand_are_read_batch_by_batch(fed):
    from keras_bench import data

    lazy = data.LazyRows(NUMBERS)
    chosen = np.arange(3, 23)
    portion = Portion(Split(select(lazy, chosen), SPLIT.labels[chosen]), 8, seed=1)
    feeding = feed(portion)
    data.READ.clear()
    feeding.begin(1)
    batches = fed(feeding)
    for inputs, labels in batches:
        np.testing.assert_array_equal(inputs[:, 0], labels)
        assert inputs.dtype == "float32"
    assert sorted(len(wanted) for wanted in data.READ) == [4, 8, 8]
    assert sorted(np.concatenate(data.READ)) == list(range(3, 23))


@pytest.mark.parametrize("dtype", ["uint8", "int32", "float64", "bool"])
def test_numbers_keep_their_type(fed, dtype):
    ((inputs,), *_) = fed(feed(Portion(Split(NUMBERS.astype(dtype)), 10)))
    # JAX computes in 32 bits.
    assert inputs.dtype == dtype or (keras.backend.backend(), inputs.dtype) == ("jax", np.dtype("float32"))


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="only TensorFlow runs steps in blocks")
@pytest.mark.parametrize("begun", [0, 2])
def test_batches_without_an_end_are_those_of_each_epoch(fed, begun):
    from hornbook.runner.data.augmentation import Augmentation

    split = Split(np.arange(23 * 4, dtype="float32").reshape(23, 2, 2, 1), SPLIT.labels)
    augmentation = Augmentation([keras.layers.RandomBrightness(0.5, value_range=(0, 255))], "images", 3)
    augmentation.prepare(split)
    whole = Portion(split, 5, 4, augmentation)
    each = feed(whole)
    expected = [batch for epoch in range(begun, begun + 3) for batch in fed(each, epoch)]
    feeding = feed(Portion(split, 5, 4, augmentation, epoch=begun), at_once=5)
    assert feeding.steps_per_epoch == 5
    found = [keras.tree.map_structure(np.asarray, batch) for batch in feeding.batches.take(3 * 5)]
    for ours, theirs in zip(found, expected, strict=True):
        np.testing.assert_array_equal(ours[0], theirs[0])
        np.testing.assert_array_equal(ours[1], theirs[1])


@pytest.mark.parametrize("first, at_once", [(0, 4), (0, 3), (2, 1)])
def test_an_epoch_that_is_no_whole_number_of_blocks_has_an_end(rows, first, at_once):
    feeding = feed(Portion(SPLIT, 5, seed=4, first=first, epoch=6), at_once)
    assert feeding.steps_per_epoch is None
    order = np.random.default_rng([4, 6]).permutation(23).tolist()
    assert _together(rows(feeding)) == order[5 * first :]


@pytest.mark.parametrize("size", [1, 5, 23, 40])
def test_in_order_every_row_comes_once_whatever_the_size_of_a_batch(rows, size):
    assert _together(rows(feed(Portion(SPLIT, size)))) == list(range(23))


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="only TensorFlow tunes pipelines")
@pytest.mark.parametrize("seed, first, at_once", [(3, 0, 4), (3, 0, None), (3, 1, None), (None, 0, None)])
def test_no_pipeline_is_tuned(seed, first, at_once):
    # The thread that does it may sleep up to a minute before the pipeline can end.
    split = Split(np.arange(64.0), np.arange(64))
    batches = feed(Portion(split, 16, seed, first=first), at_once).batches
    assert batches.options().autotune.enabled is False
