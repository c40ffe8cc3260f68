"""Losses of Keras that leave an argument out of their configuration: saved with a model, they came back as others."""

from typing import Any

import keras

_REDUCTION = "sum_over_batch_size"


@keras.saving.register_keras_serializable(package="hornbook_losses")
class Huber(keras.losses.Huber):
    """Quadratic for errors within `delta`, linear beyond.

    Args:
        delta: The error from which on the loss is linear, in the unit of the labels; above 0.
        reduction: What is done with the losses of the examples, as in `keras.losses.Loss`.
        name: What the loss is called.
        dtype: What is computed in; Keras' default where it is left out.

    Reference:
        Huber 1964, "Robust estimation of a location parameter".

    Example:
        >>> loss = Huber.from_config(Huber(delta=3.0).get_config())
        >>> float(loss([[0.0]], [[5.0]]))  # 3 * 5 - 3 ** 2 / 2
        10.5
    """

    def __init__(
        self,
        delta: float = 1.0,
        reduction: str | None = _REDUCTION,
        name: str = "huber_loss",
        dtype: Any = None,
    ) -> None:
        super().__init__(delta=delta, reduction=reduction, name=name, dtype=dtype)
        self.delta = delta

    def get_config(self) -> dict[str, Any]:
        """Return the arguments that make an equal loss."""
        return {**super().get_config(), "delta": self.delta}


@keras.saving.register_keras_serializable(package="hornbook_losses")
class CosineSimilarity(keras.losses.CosineSimilarity):
    """The cosine between labels and predictions, negated: -1 where they point the same way.

    Args:
        axis: The axis along which labels and predictions are vectors.
        reduction: What is done with the losses of the examples, as in `keras.losses.Loss`.
        name: What the loss is called.
        dtype: What is computed in; Keras' default where it is left out.

    Example:
        >>> loss = CosineSimilarity.from_config(CosineSimilarity(axis=0).get_config())
        >>> round(float(loss([[3.0], [4.0]], [[6.0], [8.0]])), 4)
        -1.0
    """

    def __init__(
        self,
        axis: int = -1,
        reduction: str | None = _REDUCTION,
        name: str = "cosine_similarity",
        dtype: Any = None,
    ) -> None:
        super().__init__(axis=axis, reduction=reduction, name=name, dtype=dtype)
        self.axis = axis

    def get_config(self) -> dict[str, Any]:
        """Return the arguments that make an equal loss."""
        return {**super().get_config(), "axis": self.axis}


@keras.saving.register_keras_serializable(package="hornbook_losses")
class SparseCategoricalCrossentropy(keras.losses.SparseCategoricalCrossentropy):
    """The cross-entropy between class numbers and predictions.

    Args:
        from_logits: Whether predictions are logits; probabilities if not.
        ignore_class: A class number that counts for nothing, such as that of what is not to be told.
        reduction: What is done with the losses of the examples, as in `keras.losses.Loss`.
        axis: The axis of the classes.
        name: What the loss is called.
        dtype: What is computed in; Keras' default where it is left out.

    Example:
        >>> made = SparseCategoricalCrossentropy(axis=1)
        >>> loss = SparseCategoricalCrossentropy.from_config(made.get_config())
        >>> round(float(loss([[1]], [[[0.5], [0.5]]])), 4)
        0.6931
    """

    def __init__(
        self,
        from_logits: bool = False,
        ignore_class: int | None = None,
        reduction: str | None = _REDUCTION,
        axis: int = -1,
        name: str = "sparse_categorical_crossentropy",
        dtype: Any = None,
    ) -> None:
        super().__init__(
            from_logits=from_logits,
            ignore_class=ignore_class,
            reduction=reduction,
            axis=axis,
            name=name,
            dtype=dtype,
        )
        self.axis = axis

    def get_config(self) -> dict[str, Any]:
        """Return the arguments that make an equal loss."""
        return {**super().get_config(), "axis": self.axis}
