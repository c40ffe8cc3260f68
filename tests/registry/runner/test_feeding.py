"""Feeding: which rows a batch has, in which order, and that it is read as it is asked for."""

from itertools import chain

import keras
import numpy as np
import pytest

from hornbook.dataset import Split
from hornbook.runner.feeding import Portion, feed
from hornbook.runner.rows import select

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
