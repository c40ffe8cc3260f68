"""Losses that go wrong, each in a way of its own."""

import keras

CALLS: list[dict] = []
"""The parameters with which `Recording` was made, each time."""


@keras.saving.register_keras_serializable(package="keras_bench")
class NotANumber(keras.losses.Loss):
    """Is no number after the first epochs: it divides by what the labels leave of nothing."""

    def call(self, y_true, y_pred):
        return keras.ops.mean(y_pred, axis=-1) * float("nan")


def impostor() -> object:
    """Yields what is no loss."""
    return {"not": "a loss"}


class Refusing(keras.losses.MeanSquaredError):
    """Refuses to be made."""

    def __init__(self, reason: str = "today"):
        raise ValueError(f"not {reason}")


@keras.saving.register_keras_serializable(package="keras_bench")
class Recording(keras.losses.MeanSquaredError):
    """Remembers with what it was made."""

    def __init__(self, needed, share=0.5, mode="soft", inner=None, path=None, steps=1):
        super().__init__()
        CALLS.append({"needed": needed, "share": share, "mode": mode, "inner": inner, "path": path})
        self.steps = steps
