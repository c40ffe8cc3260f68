"""What mixup and cutmix have in common: a partner for each example, and labels that can be mixed."""

from typing import Any

import keras
from keras import ops

from hornbook_augmenters.arguments import positive
from hornbook_augmenters.augmenter import Augmenter, Batch, per_example

LEAST_ALPHA = 0.05
"""Of smaller ones TensorFlow draws gamma variables that are both 0, and so shares of exactly one half."""


class Mixing(Augmenter):
    """An augmenter that puts two examples together.

    Args:
        alpha: Both parameters of the Beta distribution that says how much of each, 0.05 at least. At 1 all
            shares are equally likely; the smaller it is, the more the mixture is one example or the other. What is
            smaller still leaves the range in which backends can draw.
        seed: An integer that the generator starts from; a random one if left out.
        **kwargs: What every layer takes, such as `name`.
    """

    MIXED: tuple[str, ...] = ("images", "labels")

    def __init__(self, alpha: float, seed: int | None = None, **kwargs: Any) -> None:
        super().__init__(seed=seed, **kwargs)
        self.alpha = positive("alpha", alpha)
        if self.alpha < LEAST_ALPHA:
            raise ValueError(f"Argument `alpha` must be at least {LEAST_ALPHA}. Received: alpha={alpha!r}")

    def draw(self, batch: Batch) -> tuple[Any, Any]:
        """Draw the share that each example keeps and the partner that it is mixed with.

        Args:
            batch: The batch; every entry must be one that this augmenter can mix.

        Returns:
            Shares from Beta(alpha, alpha), float32, and partners, a permutation of the examples; both of
            shape `(batch,)`.

        Raises:
            ValueError: If an entry cannot be mixed, such as labels that are class numbers.
        """
        self._refuse_what_cannot_be_mixed(batch)
        examples = ops.shape(next(iter(batch.values())))[0]
        shares = keras.random.beta(
            (examples,), self.alpha, self.alpha, dtype="float32", seed=self.seed_generator
        )
        partners = keras.random.shuffle(ops.arange(examples, dtype="int32"), seed=self.seed_generator)
        return shares, partners

    def _refuse_what_cannot_be_mixed(self, batch: Batch) -> None:
        who = type(self).__name__
        for name, values in batch.items():
            if name not in self.MIXED:
                raise ValueError(f"{who} mixes {', '.join(self.MIXED)}. Received: {name}")
            dtype = keras.backend.standardize_dtype(values.dtype)
            # A column a class, or one number an example. Class numbers have one axis only, even after
            # a Keras layer in a tf.data pipeline has turned them into floats.
            if name == "labels" and ("float" not in dtype or len(values.shape) < 2):
                raise ValueError(
                    f"{who} mixes labels, so it cannot take class numbers: use a loss that takes one-hot "
                    "labels, such as categorical_crossentropy. "
                    f"Received: labels of shape {tuple(values.shape)} and dtype {dtype}"
                )
            if "float" not in dtype:
                raise ValueError(f"{who} mixes numbers, so {name} must be floats. Received: dtype {dtype}")

    def get_config(self) -> dict[str, Any]:
        """Return the arguments that make an equal layer."""
        return {**super().get_config(), "alpha": self.alpha}


def mixture(values: Any, shares: Any, partners: Any) -> Any:
    """Mix each example with its partner.

    Args:
        values: Shape `(batch, ...)`, floats.
        shares: What each example keeps, from 0 to 1; shape `(batch,)`.
        partners: The number of the example that gives the rest; shape `(batch,)`.

    Returns:
        `share * value + (1 - share) * partner's value`, in the shape and dtype of `values`.
    """
    kept = ops.cast(per_example(shares, values), values.dtype)
    return kept * values + (1 - kept) * ops.take(values, partners, axis=0)
