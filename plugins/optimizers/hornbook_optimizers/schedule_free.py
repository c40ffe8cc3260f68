"""Schedule-Free AdamW, computed alike on every backend."""

from typing import Any

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="hornbook_optimizers")
class ScheduleFreeAdamW(keras.optimizers.ScheduleFreeAdamW):
    """AdamW that averages its weights instead of lowering the learning rate.

    With z the point that gradient steps move, x its running mean over steps and y the weights at which
    gradients are taken:

        z <- z - learning_rate * gradient(y) / (sqrt(v / (1 - beta_2^t)) + epsilon)
        x <- (1 - 1/t) * x + (1/t) * z
        y <- (1 - beta_1) * z + beta_1 * x

    Keras' class reads the old z after it has moved where variables are changed in place, as on
    TensorFlow, and so averages other points than on JAX. This one reads it before. The parameters are
    those of `keras.optimizers.ScheduleFreeAdamW`.

    Reference:
        Defazio, Yang, Mehta, Mishchenko, Khaled and Cutkosky 2024, "The Road Less Scheduled".

    Example:
        >>> ScheduleFreeAdamW(learning_rate=0.0025, warmup_steps=100).warmup_steps
        100
    """

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        """Move one variable by one step.

        Args:
            gradient: The loss's gradient there; of the variable's shape.
            variable: The weights y, changed in place.
            learning_rate: A scalar, not negative.
        """
        dtype = variable.dtype
        gradient = ops.cast(gradient, dtype)
        rate = ops.cast(learning_rate, dtype)
        step = ops.cast(self.iterations + 1, dtype)
        if self.warmup_steps:
            rate = rate * ops.minimum(step / self.warmup_steps, 1.0)
        index = self._get_variable_index(variable)
        # Keras keeps z under the name of momentum.
        moving, velocity = self._momentums[index], self._velocities[index]
        old = (variable - (1 - self.beta_1) * moving) / self.beta_1

        self.assign(velocity, self.beta_2 * velocity + (1 - self.beta_2) * ops.square(gradient))
        corrected = velocity / (1 - ops.power(ops.cast(self.beta_2, dtype), step))
        new = moving - rate * gradient / (ops.sqrt(corrected) + self.epsilon)
        mean = old + (new - old) / step
        self.assign(moving, new)
        self.assign(variable, (1 - self.beta_1) * new + self.beta_1 * mean)
