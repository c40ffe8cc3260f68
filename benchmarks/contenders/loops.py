"""The work of recipe.yaml as one writes it by hand: with plain `fit(x, y)`, and with `fit` as an expert tunes it.

An expert has the choice of how the data comes, of how many steps TensorFlow runs in one block, and of compiling
them with XLA. `LOOPS` has every combination that makes sense; which is the fastest depends on work and machine.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import keras

from hornbook.dataset import Split

BATCH = 64


class Loop(NamedTuple):
    """How `fit` is used.

    Args:
        data: `arrays`; `dataset`, a tf.data pipeline with cache, shuffle, batch and prefetch; `endless`, the
            same repeated, so that Keras keeps its iterator.
        block: Steps in one block: 1, 32, or `epoch`, all of an epoch.
        jit: Whether steps are compiled with XLA; `auto` leaves it to Keras.
    """

    data: str
    block: int | str
    jit: bool | str


PLAIN = Loop("arrays", 1, "auto")
LOOPS = {
    "tensorflow": [
        Loop(data, block, jit)
        for jit in (False, True)
        for data, block in (
            ("arrays", "epoch"),
            ("dataset", 1),
            ("dataset", 32),
            ("dataset", "epoch"),
            ("endless", 1),
            ("endless", "epoch"),
        )
    ],
    "jax": [Loop("arrays", block, "auto") for block in (1, 8, 32)],
    "torch": [PLAIN],
}


def training(loop: Loop, splits: Mapping[str, Split]) -> Callable[[int], Any]:
    """A training, ready but for its compilation.

    Args:
        loop: How `fit` is used.
        splits: The examples, as the recipe's run has them.

    Returns:
        Trains for a number of epochs.
    """
    train, validation = splits["train"], splits["validation"]
    steps = math.ceil(len(train) / BATCH)
    keras.utils.set_random_seed(7)
    model = keras.Sequential(
        [
            keras.Input(train.inputs.shape[1:]),
            keras.layers.Conv2D(32, 3, activation="relu"),
            keras.layers.MaxPooling2D(),
            keras.layers.Flatten(),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(
        keras.optimizers.Adam(0.001),
        keras.losses.CategoricalCrossentropy(label_smoothing=0.1),
        metrics=["accuracy"],
        jit_compile=loop.jit,
        steps_per_execution=steps if loop.block == "epoch" else loop.block,
    )
    if loop.data == "arrays":
        given: dict[str, Any] = {
            "x": train.inputs,
            "y": train.labels,
            "batch_size": BATCH,
            "validation_data": (validation.inputs, validation.labels),
        }
    else:
        given = _datasets(train, validation, steps if loop.data == "endless" else None)
    return lambda epochs: model.fit(**given, epochs=epochs, verbose=0)


def _datasets(train: Split, validation: Split, steps: int | None) -> dict[str, Any]:
    import tensorflow as tf

    batches = (
        tf.data.Dataset.from_tensor_slices((train.inputs, train.labels))
        .cache()
        .shuffle(len(train))
        .batch(BATCH)
    )
    validated = (
        tf.data.Dataset.from_tensor_slices((validation.inputs, validation.labels)).batch(BATCH).cache()
    )
    return {
        "x": (batches.repeat() if steps else batches).prefetch(tf.data.AUTOTUNE),
        "validation_data": validated.prefetch(tf.data.AUTOTUNE),
        "steps_per_epoch": steps,
    }
