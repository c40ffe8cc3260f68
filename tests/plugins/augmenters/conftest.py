"""How a run calls augmenters: compiled, with the state of their randomness set for each batch."""

import keras
import numpy as np
import pytest


def _pure(layer):
    """The layer as a function of a seed and a batch."""

    def call(seed, batch):
        states = [
            (state, keras.ops.cast(keras.ops.stack([seed, seed * 0 + number]), state.dtype))
            for number, state in enumerate(layer.variables)
        ]
        with keras.StatelessScope(state_mapping=states):
            return layer(batch, training=True)

    return call


def _compiled(layer):
    pure = _pure(layer)
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        def call(seed, batch):
            batches = tf.data.Dataset.from_tensor_slices(batch).batch(100_000)
            return next(iter(batches.map(lambda one: pure(tf.constant(seed), one))))

        return call
    if keras.backend.backend() == "jax":
        import jax

        return jax.jit(pure)
    return lambda seed, batch: pure(keras.ops.convert_to_tensor(seed), batch)


@pytest.fixture
def compiled():
    """Gives for a layer a function of (seed, batch), compiled as in a run, from numpy to numpy."""

    def for_layer(layer):
        call = _compiled(layer)
        return lambda seed, batch: keras.tree.map_structure(
            keras.ops.convert_to_numpy, call(np.int32(seed), batch)
        )

    return for_layer


@pytest.fixture
def numbered():
    """Gives batches whose pixels tell which image they come from: image 3 is 3 everywhere."""

    def batch(examples, height=12, width=9, channels=2):
        numbers = np.arange(examples, dtype="float32")[:, None, None, None]
        images = numbers * np.ones((1, height, width, channels), "float32")
        return {"images": images, "labels": np.eye(examples, dtype="float32")}

    return batch
