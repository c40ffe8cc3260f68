"""MixUp: examples are blended with each other, and their labels alike."""

from typing import Any

import keras

from hornbook_augmenters.augmenter import Batch
from hornbook_augmenters.mixing import Mixing, mixture


@keras.saving.register_keras_serializable(package="hornbook_augmenters")
class MixUp(Mixing):
    """Mixup (Zhang et al., 2018, mixup: Beyond empirical risk minimization).

    Each example becomes `share * example + (1 - share) * partner`, and so do its labels. Each draws a
    share of its own from Beta(alpha, alpha); the partners are a permutation of the batch. Values stay
    within the range that they have.

    Args:
        alpha: Both parameters of the Beta distribution, above 0. The paper takes 0.1 to 0.4 for
            ImageNet and 1 for CIFAR.
        seed: An integer that the generator starts from; a random one if left out.
        **kwargs: What every layer takes, such as `name`.

    Call arguments:
        batch: A mapping with `images` or `features`, floats of any shape that starts with the batch
            axis, and `labels`, floats of shape `(batch, width)`: one-hot, binary or real.
        training: Whether to augment at all.

    Raises:
        ValueError: If an argument is out of its range, or labels are class numbers.

    Example:
        >>> import numpy as np
        >>> batch = {"features": np.eye(4, dtype="float32"), "labels": np.eye(4, dtype="float32")}
        >>> mixed = MixUp(alpha=1.0, seed=1)(batch)
        >>> bool(np.allclose(mixed["features"], mixed["labels"]))
        True
    """

    MIXED = ("images", "features", "labels")

    def __init__(self, alpha: float = 0.2, seed: int | None = None, **kwargs: Any) -> None:
        super().__init__(alpha, seed=seed, **kwargs)

    def augment(self, batch: Batch) -> Batch:
        """Return the batch with every example blended with its partner."""
        shares, partners = self.draw(batch)
        return {name: mixture(values, shares, partners) for name, values in batch.items()}
