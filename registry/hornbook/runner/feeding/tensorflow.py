"""Batches through tf.data: rows gathered and augmented in the graph, by its own threads."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import tensorflow as tf

from hornbook.dataset import Rows
from hornbook.runner.feeding.feed import Portion


class TensorFlowFeed:
    """Feeds a portion as a finite `tf.data.Dataset` an epoch.

    The order and the seeds of an epoch are variables that the graph reads, so one dataset serves them all.

    Args:
        portion: What is fed, and how.
    """

    def __init__(self, portion: Portion) -> None:
        self.portion = portion
        self._order = tf.Variable(portion.order(0), dtype=tf.int64, trainable=False)
        self._seeds = tf.Variable(self._epoch_seeds(0), trainable=False)
        inputs, labels = portion.split.inputs, portion.split.labels
        self._inputs = (
            {name: _reader(rows) for name, rows in inputs.items()}
            if isinstance(inputs, Mapping)
            else _reader(inputs)
        )
        self._labels = None if labels is None else _reader(labels)
        self.batches = (
            tf.data.Dataset.range(portion.first, portion.steps)
            .map(self._batch, num_parallel_calls=tf.data.AUTOTUNE, deterministic=True)
            .prefetch(tf.data.AUTOTUNE)
        )

    def begin(self, epoch: int) -> None:
        """Set the order and the randomness of an epoch, counted from 0."""
        self._order.assign(self.portion.order(epoch))
        self._seeds.assign(self._epoch_seeds(epoch))

    def _epoch_seeds(self, epoch: int) -> np.ndarray:
        augmentation = self.portion.augmentation
        return np.zeros(0, "uint32") if augmentation is None else augmentation.seeds(epoch)

    def _batch(self, step: Any) -> Any:
        begin = step * self.portion.batch_size
        rows = self._order[begin : begin + self.portion.batch_size]
        inputs = (
            {name: read(rows) for name, read in self._inputs.items()}
            if isinstance(self._inputs, dict)
            else self._inputs(rows)
        )
        if self._labels is None:
            return (inputs,)
        labels = self._labels(rows)
        if self.portion.augmentation is None:
            return inputs, labels
        return self.portion.augmentation(inputs, labels, self._seeds, tf.cast(step, tf.uint32))


def _reader(rows: Rows | np.ndarray) -> Any:
    """Reads rows by number: from memory in the graph, else through numpy."""
    if isinstance(rows, np.ndarray):
        held = tf.constant(rows)
        return lambda wanted: tf.gather(held, wanted)

    def read(wanted: Any) -> Any:
        read_rows = tf.numpy_function(lambda numbers: rows[numbers], [wanted], rows.dtype, stateful=False)
        read_rows.set_shape((None, *rows.shape[1:]))
        return read_rows

    return read
