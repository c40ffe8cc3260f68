"""Splits -> batches, in an order that the run owns. Where the backends differ, and the only such place."""

from typing import Any

import keras

from hornbook.runner.data.feeding.feed import Feed, Portion


def feed(portion: Portion, at_once: int | None = None) -> Feed:
    """The way of feeding batches that suits the backend.

    Args:
        portion: What is fed, and how.
        at_once: For training, how many steps the backend runs in one block.

    Returns:
        The feed: `feed.batches` goes to `fit` or `evaluate`, with `feed.steps_per_epoch` to `fit`;
        `feed.begin(epoch)` is called before each epoch.
    """
    backend = keras.backend.backend()
    if backend == "tensorflow":
        from hornbook.runner.data.feeding.tensorflow import tensorflow_feed

        return tensorflow_feed(portion, at_once)
    if backend == "jax":
        from hornbook.runner.data.feeding.jax import JaxFeed

        return JaxFeed(portion)
    from hornbook.runner.data.feeding.torch import TorchFeed

    return TorchFeed(portion)


def first_batch(portion: Portion, epoch: int) -> Any:
    """The first batch of an epoch, without a pipeline for those that follow.

    Args:
        portion: What is fed, and how.
        epoch: Counted from 0.

    Returns:
        The inputs, and the labels where there are some.
    """
    if keras.backend.backend() == "jax":  # it computes next to nothing before it has compiled it
        one = feed(portion)
    else:
        from hornbook.runner.data.feeding.eager import EagerFeed

        one = EagerFeed(portion)
    one.begin(epoch)
    return one.batches[0]


__all__ = ["Feed", "Portion", "feed", "first_batch"]
