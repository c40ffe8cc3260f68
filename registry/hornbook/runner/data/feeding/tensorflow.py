"""Batches through tf.data: rows gathered and augmented in the graph, by its own threads."""

import os
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import tensorflow as tf

from hornbook.dataset import Rows
from hornbook.runner.data.feeding.feed import Feed, Portion

AT_ONCE = os.cpu_count() or 1
"""How many batches are made at once."""
AHEAD = 2
"""How many that are made wait to be trained on."""

as_written = tf.autograph.experimental.do_not_convert
"""Marks what has no Python control flow over tensors: looking for it takes longer than the first epoch."""


class TensorFlowFeed:
    """Feeds a portion as a finite `tf.data.Dataset` an epoch.

    The order and the seeds of an epoch are variables that the graph reads, so one dataset serves them all.

    Args:
        portion: What is fed, and how.
    """

    steps_per_epoch: int | None = None

    def __init__(self, portion: Portion) -> None:
        self.portion = portion
        self._order = tf.Variable(portion.order(portion.epoch), dtype=tf.int64, trainable=False)
        self._seeds = tf.Variable(_seeds(portion, portion.epoch), trainable=False)
        read = _reader(portion)
        steps = tf.data.Dataset.range(portion.first, portion.steps)

        def batch(step: Any) -> Any:  # in one function: each one more makes every iterator dearer
            return read(portion.rows(self._order, step), self._seeds, step)

        self.batches = _ahead(portion, steps, batch)

    def begin(self, epoch: int) -> None:
        """Set the order and the randomness of an epoch, counted from 0."""
        self._order.assign(self.portion.order(epoch))
        self._seeds.assign(_seeds(self.portion, epoch))


class TensorFlowStream:
    """Feeds a portion epoch after epoch as one `tf.data.Dataset` without an end.

    Keras makes two iterators an epoch of a finite dataset: for small data that takes longer than training.

    Args:
        portion: What is fed, and how; from the beginning of its epoch.
    """

    def __init__(self, portion: Portion) -> None:
        self.portion = portion
        self.steps_per_epoch: int | None = portion.steps
        epochs = tf.data.Dataset.counter(portion.epoch)
        self.batches = _ahead(portion, epochs.flat_map(self._epoch), _reader(portion))

    def begin(self, epoch: int) -> None:
        """Nothing is to be set: each epoch draws its order from its own number."""

    @as_written
    def _epoch(self, epoch: Any) -> Any:
        portion = self.portion
        order = _drawn(portion.order, epoch, portion.order(0))
        seeds = _drawn(lambda number: _seeds(portion, number), epoch, _seeds(portion, 0))
        draw = as_written(lambda step: (portion.rows(order, step), seeds, step))
        return tf.data.Dataset.range(portion.steps).map(draw)


class TensorFlowSlices:
    """Feeds arrays in memory in the order in which they lie, cut into batches once.

    Args:
        portion: What is fed; its order and its batches are left as they are.
    """

    steps_per_epoch: int | None = None

    def __init__(self, portion: Portion) -> None:
        self.portion = portion
        split, size = portion.split, portion.batch_size
        held = (split.inputs,) if split.labels is None else (split.inputs, split.labels)
        whole = len(split) // size * size
        cut = tf.nest.map_structure(lambda rows: rows[:whole].reshape(-1, size, *rows.shape[1:]), held)
        rest = tf.data.Dataset.from_tensors(tf.nest.map_structure(lambda rows: rows[whole:], held))
        # Empty or not, the rest leaves the batch's size open, so that one function fits every split.
        batches = tf.data.Dataset.from_tensor_slices(cut).concatenate(rest.take(int(whole < len(split))))
        self.batches = _untuned(batches.prefetch(AHEAD))

    def begin(self, epoch: int) -> None:
        """Nothing is to be set: every epoch is the same."""


def tensorflow_feed(portion: Portion, at_once: int | None) -> Feed:
    """The way of feeding a portion that takes the least time.

    Args:
        portion: What is fed, and how.
        at_once: How many steps of a training are run in one block; none where it is gone through but once.

    Returns:
        The feed.
    """
    if at_once and portion.first == 0 and portion.steps % at_once == 0:
        # A block that does not end with the epoch would go on into the next one.
        return TensorFlowStream(portion)
    plain = portion.seed is None and portion.augmentation is None and portion.first == 0
    if plain and all(isinstance(rows, np.ndarray) for rows in _columns(portion)):
        return TensorFlowSlices(portion)
    return TensorFlowFeed(portion)


def _columns(portion: Portion) -> list[Any]:
    inputs, labels = portion.split.inputs, portion.split.labels
    columns = list(inputs.values()) if isinstance(inputs, Mapping) else [inputs]
    return columns if labels is None else [*columns, labels]


def _ahead(portion: Portion, steps: Any, batch: Callable[..., Any]) -> Any:
    """Batches, made while earlier ones are trained on."""
    if portion.augmentation is None:  # a plugin's augmenter may have such control flow
        batch = as_written(batch)
    made = steps.map(batch, num_parallel_calls=AT_ONCE, deterministic=True)
    return _untuned(made.prefetch(AHEAD))


def _untuned(batches: Any) -> Any:
    """Batches, without the thread that tunes how they are made.

    Its last sleep, half a second after a short training and up to a minute after a long one, has to end before
    an iterator can, where the word that it is to stop comes a moment too early.
    """
    options = tf.data.Options()
    options.autotune.enabled = False
    return batches.with_options(options)


def _seeds(portion: Portion, epoch: int) -> np.ndarray:
    return np.zeros(0, "uint32") if portion.augmentation is None else portion.augmentation.seeds(epoch)


def _drawn(draw: Callable[[int], np.ndarray], epoch: Any, like: np.ndarray) -> Any:
    """What an epoch draws from its number, in the graph."""
    drawn = tf.numpy_function(lambda number: draw(int(number)), [epoch], like.dtype, stateful=False)
    drawn.set_shape(like.shape)
    return drawn


def _reader(portion: Portion) -> Callable[[Any, Any, Any], Any]:
    """Makes a batch of row numbers, the epoch's seeds and the step."""
    inputs, labels = portion.split.inputs, portion.split.labels
    read = (
        {name: _rows_reader(rows) for name, rows in inputs.items()}
        if isinstance(inputs, Mapping)
        else _rows_reader(inputs)
    )
    read_labels = None if labels is None else _rows_reader(labels)

    def batch(rows: Any, seeds: Any, step: Any) -> Any:
        taken = {name: one(rows) for name, one in read.items()} if isinstance(read, dict) else read(rows)
        if read_labels is None:
            return (taken,)
        if portion.augmentation is None:
            return taken, read_labels(rows)
        return portion.augmentation(taken, read_labels(rows), seeds, tf.cast(step, tf.uint32))

    return batch


def _rows_reader(rows: Rows | np.ndarray) -> Callable[[Any], Any]:
    """Reads rows by number: from memory in the graph, else through numpy."""
    if isinstance(rows, np.ndarray):
        held = tf.constant(rows)
        return lambda wanted: tf.gather(held, wanted)

    def read(wanted: Any) -> Any:
        read_rows = tf.numpy_function(lambda numbers: rows[numbers], [wanted], rows.dtype, stateful=False)
        read_rows.set_shape((None, *rows.shape[1:]))
        return read_rows

    return read
