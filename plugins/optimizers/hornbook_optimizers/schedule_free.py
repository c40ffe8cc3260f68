"""Schedule-Free AdamW, computed alike on every backend."""

import functools
from typing import Any

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="hornbook_optimizers")
class ScheduleFreeAdamW(keras.optimizers.ScheduleFreeAdamW):
    """AdamW that averages its weights instead of lowering the learning rate.

    With z the point that gradient steps move, x its running mean over steps, y the weights at which gradients are
    taken, and a the share of the learning rate that the warm-up has come to, from 0 to 1:

        z <- z - a * learning_rate * (gradient(y) / (sqrt(v / (1 - beta_2^t)) + epsilon) + weight_decay * y)
        x <- (1 - c) * x + c * z        with c = a^2 / (sum of a^2 so far), which is 1/t without a warm-up
        y <- (1 - beta_1) * z + beta_1 * x

    Validation and the saved model have y, as with Keras' class, which the paper replaces by x in the end. Keras'
    class reads the old z after it has moved where variables are changed in place, as on TensorFlow, and so averages
    other points than on JAX; it counts the steps of a warm-up in full; and its weight decay goes past z. This one
    does as the paper does. The parameters are those of `keras.optimizers.ScheduleFreeAdamW`.

    Raises:
        ValueError: If `beta_1` is not above 0, or `beta_2` not below 1.

    Reference:
        Defazio, Yang, Mehta, Mishchenko, Khaled and Cutkosky 2024, "The Road Less Scheduled".

    Example:
        >>> ScheduleFreeAdamW(learning_rate=0.0025, warmup_steps=100).warmup_steps
        100
    """

    # Wrapped, for its parameters are read off its signature.
    @functools.wraps(keras.optimizers.ScheduleFreeAdamW.__init__)  # type: ignore[misc]
    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        if not (0 < self.beta_1 <= 1 and 0 <= self.beta_2 < 1):
            raise ValueError(
                "Argument `beta_1` must be above 0 and at most 1, `beta_2` at least 0 and below 1. "
                f"Received: beta_1={self.beta_1}, beta_2={self.beta_2}"
            )

    def build(self, variables: Any) -> None:
        """Make the optimizer's variables, z with the weights as they are.

        Args:
            variables: The weights that are to be trained.
        """
        if keras.backend.backend() != "tensorflow":
            super().build(variables)
            return
        import tensorflow as tf

        with tf.init_scope():  # where a step is traced first, z would else begin with other numbers
            super().build(variables)

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        """Move one variable by one step.

        Args:
            gradient: The loss's gradient there; of the variable's shape.
            variable: The weights y, changed in place.
            learning_rate: A scalar, not negative.
        """
        # Halves of floats have no room for beta_2 and epsilon.
        dtype = "float32" if variable.dtype in ("float16", "bfloat16") else variable.dtype
        index = self._get_variable_index(variable)
        # Keras keeps z under the name of momentum.
        place, square = self._momentums[index], self._velocities[index]
        y, z, v = (ops.cast(one, dtype) for one in (variable, place, square))
        # The gradient of an embedding tells of some rows alone; a sum has them all.
        gradient = ops.add(ops.cast(gradient, dtype), ops.zeros_like(y))
        step = ops.cast(self.iterations + 1, dtype)
        share, weight = self._warm_up(step)
        rate = ops.cast(learning_rate, dtype) * share
        x = (y - (1 - self.beta_1) * z) / self.beta_1

        v = self.beta_2 * v + (1 - self.beta_2) * ops.square(gradient)
        corrected = v / (1 - ops.power(ops.cast(self.beta_2, dtype), step))
        direction = gradient / (ops.sqrt(corrected) + self.epsilon)
        if self.weight_decay is not None and self._use_weight_decay(variable):
            direction = direction + self.weight_decay * y
        z = z - rate * direction
        x = x + weight * (z - x)
        self.assign(square, v)
        self.assign(place, z)
        self.assign(variable, (1 - self.beta_1) * z + self.beta_1 * x)

    def _warm_up(self, step: Any) -> tuple[Any, Any]:
        """The share of the learning rate at a step, and what the step counts for in the mean."""
        if not self.warmup_steps:
            return 1.0, 1 / step
        steps = float(self.warmup_steps)
        rising = ops.minimum(step, steps)
        squares = rising * (rising + 1) * (2 * rising + 1) / (6 * steps**2) + ops.maximum(step - steps, 0.0)
        share = rising / steps
        return share, ops.square(share) / squares

    def _apply_weight_decay(self, variables: Any) -> None:
        """Nothing: `update_step` has z decay; Keras would have y."""
