"""InstanceNormalization: every channel of every example brought to mean 0 and variance 1."""

from typing import Any

import keras
from keras import ops

from hornbook_layers.chain import Shape


@keras.saving.register_keras_serializable(package="hornbook_layers")
class InstanceNormalization(keras.layers.Layer):
    """Bring each channel of each example to mean 0 and variance 1, over its positions.

    `y = gamma * (x - mean) / sqrt(variance + epsilon) + beta`, where mean and variance are those of one
    example's one channel, in training and after it alike.

    Ulyanov, Vedaldi and Lempitsky, "Instance Normalization: The Missing Ingredient for Fast Stylization"
    (2016).

    Args:
        axis: The axis of the channels: -1 for channels last, 1 for channels first.
        epsilon: Added to the variance, so that a constant channel divides by more than 0. The paper names
            no value; 1e-5 is what its authors' code used.
        center: Whether to add `beta`, learned for each channel.
        scale: Whether to multiply by `gamma`, learned for each channel.
        beta_initializer: Of `beta`.
        gamma_initializer: Of `gamma`.
        beta_regularizer: Penalty on `beta`.
        gamma_regularizer: Penalty on `gamma`.
        beta_constraint: On `beta`.
        gamma_constraint: On `gamma`.
        **kwargs: As for every Keras layer: `name`, `dtype`, `trainable`.

    Inputs have at least three axes: the batch, the channels and one or more of positions. Outputs have the
    inputs' shape.

    Raises:
        ValueError: When it is built, if there are no positions, `axis` is the batch's or is not there, or
            the number of channels is not known.

    Example:
        >>> import numpy as np
        >>> outputs = InstanceNormalization()(np.random.default_rng(0).normal(3, 2, (2, 8, 8, 4)))
        >>> bool(abs(np.asarray(outputs).mean(axis=(1, 2))).max() < 1e-5)
        True
    """

    def __init__(
        self,
        axis: int = -1,
        epsilon: float = 1e-5,
        center: bool = True,
        scale: bool = True,
        beta_initializer: Any = "zeros",
        gamma_initializer: Any = "ones",
        beta_regularizer: Any = None,
        gamma_regularizer: Any = None,
        beta_constraint: Any = None,
        gamma_constraint: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.axis = axis
        self.epsilon = epsilon
        self.center = center
        self.scale = scale
        self.beta_initializer = keras.initializers.get(beta_initializer)
        self.gamma_initializer = keras.initializers.get(gamma_initializer)
        self.beta_regularizer = keras.regularizers.get(beta_regularizer)
        self.gamma_regularizer = keras.regularizers.get(gamma_regularizer)
        self.beta_constraint = keras.constraints.get(beta_constraint)
        self.gamma_constraint = keras.constraints.get(gamma_constraint)
        self.supports_masking = True

    def build(self, input_shape: Shape) -> None:
        """Create `gamma` and `beta`, one of each a channel."""
        rank = len(input_shape)
        if rank < 3:
            raise ValueError(
                f"instance normalization averages over positions, so inputs need at least three axes; "
                f"these are of shape {tuple(input_shape)}"
            )
        if not -rank <= self.axis < rank or self.axis % rank == 0:
            raise ValueError(f"inputs of shape {tuple(input_shape)} have no channels on axis {self.axis}")
        channels = input_shape[self.axis]
        if channels is None:
            raise ValueError(f"axis {self.axis} of inputs of shape {tuple(input_shape)} needs a known size")
        self.gamma = self.beta = None
        if self.scale:
            self.gamma = self.add_weight(
                name="gamma",
                shape=(channels,),
                initializer=self.gamma_initializer,
                regularizer=self.gamma_regularizer,
                constraint=self.gamma_constraint,
            )
        if self.center:
            self.beta = self.add_weight(
                name="beta",
                shape=(channels,),
                initializer=self.beta_initializer,
                regularizer=self.beta_regularizer,
                constraint=self.beta_constraint,
            )

    def call(self, inputs: Any) -> Any:
        """Normalize; in single precision at least, since half of it overflows in squaring."""
        rank = len(inputs.shape)
        channel_axis = self.axis % rank
        positions = [axis for axis in range(1, rank) if axis != channel_axis]
        per_channel = [-1 if axis == channel_axis else 1 for axis in range(rank)]
        precision = keras.backend.result_type(inputs.dtype, "float32")
        outputs = ops.cast(inputs, precision)
        # Of differences, since the mean of squares less the square of the mean may come out below 0.
        outputs = outputs - ops.mean(outputs, axis=positions, keepdims=True)
        variance = ops.mean(ops.square(outputs), axis=positions, keepdims=True)
        outputs = outputs * ops.rsqrt(variance + self.epsilon)
        if self.gamma is not None:
            outputs = outputs * ops.reshape(ops.cast(self.gamma, precision), per_channel)
        if self.beta is not None:
            outputs = outputs + ops.reshape(ops.cast(self.beta, precision), per_channel)
        return ops.cast(outputs, self.compute_dtype)

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Return the inputs' own."""
        return input_shape

    def get_config(self) -> dict[str, Any]:
        """Return every constructor argument."""
        return {
            **super().get_config(),
            "axis": self.axis,
            "epsilon": self.epsilon,
            "center": self.center,
            "scale": self.scale,
            "beta_initializer": keras.initializers.serialize(self.beta_initializer),
            "gamma_initializer": keras.initializers.serialize(self.gamma_initializer),
            "beta_regularizer": keras.regularizers.serialize(self.beta_regularizer),
            "gamma_regularizer": keras.regularizers.serialize(self.gamma_regularizer),
            "beta_constraint": keras.constraints.serialize(self.beta_constraint),
            "gamma_constraint": keras.constraints.serialize(self.gamma_constraint),
        }
