"""Splits -> batches, in an order that the run owns. Where the backends differ, and the only such place."""

import keras

from hornbook.runner.feeding.feed import Feed, Portion


def feed(portion: Portion) -> Feed:
    """The way of feeding batches that suits the backend.

    Args:
        portion: What is fed, and how.

    Returns:
        The feed: `feed.batches` goes to `fit` or `evaluate`, `feed.begin(epoch)` is called before each
        epoch.
    """
    backend = keras.backend.backend()
    if backend == "tensorflow":
        from hornbook.runner.feeding.tensorflow import TensorFlowFeed

        return TensorFlowFeed(portion)
    if backend == "jax":
        from hornbook.runner.feeding.jax import JaxFeed

        return JaxFeed(portion)
    from hornbook.runner.feeding.eager import EagerFeed

    return EagerFeed(portion)


__all__ = ["Feed", "Portion", "feed"]
