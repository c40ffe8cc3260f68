"""Metrics of Keras that leave an argument out of their configuration: saved with a model, they came back as others."""

from typing import Any

import keras


@keras.saving.register_keras_serializable(package="hornbook_metrics")
class CosineSimilarity(keras.metrics.CosineSimilarity):
    """The mean cosine between labels and predictions: 1 where they point the same way.

    Args:
        name: What the metric is called in logs.
        dtype: The dtype of the result; Keras' default where it is left out.
        axis: The axis along which labels and predictions are vectors.

    Example:
        >>> metric = CosineSimilarity.from_config(CosineSimilarity(axis=0).get_config())
        >>> metric.update_state([[3.0], [4.0]], [[6.0], [8.0]])
        >>> round(float(metric.result()), 4)
        1.0
    """

    def __init__(self, name: str = "cosine_similarity", dtype: Any = None, axis: int = -1) -> None:
        super().__init__(name=name, dtype=dtype, axis=axis)
        self.axis = axis

    def get_config(self) -> dict[str, Any]:
        """Return the arguments that make an equal metric."""
        return {**super().get_config(), "axis": self.axis}


@keras.saving.register_keras_serializable(package="hornbook_metrics")
class SparseTopKCategoricalAccuracy(keras.metrics.SparseTopKCategoricalAccuracy):
    """The share of examples whose class is among the `k` most probable.

    Args:
        k: How many classes count as named; at least 1.
        name: What the metric is called in logs.
        dtype: The dtype of the result; Keras' default where it is left out.
        from_sorted_ids: Whether predictions are class numbers, the most probable first; scores if not.

    Example:
        >>> made = SparseTopKCategoricalAccuracy(k=1, from_sorted_ids=True)
        >>> metric = SparseTopKCategoricalAccuracy.from_config(made.get_config())
        >>> metric.update_state([2], [[2, 0, 1]])
        >>> float(metric.result())
        1.0
    """

    def __init__(
        self,
        k: int = 5,
        name: str = "sparse_top_k_categorical_accuracy",
        dtype: Any = None,
        from_sorted_ids: bool = False,
    ) -> None:
        super().__init__(k=k, name=name, dtype=dtype, from_sorted_ids=from_sorted_ids)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments that make an equal metric."""
        return {**super().get_config(), "from_sorted_ids": self.from_sorted_ids}
