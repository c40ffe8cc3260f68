"""Maxout: a dense layer that learns its activation."""

from typing import Any

import keras
from keras import ops

from hornbook_layers.chain import Shape


@keras.saving.register_keras_serializable(package="hornbook_layers")
class Maxout(keras.layers.Layer):
    """The greatest of several affine maps of the inputs, for every unit.

    `h_i(x) = max_j (x · W_ij + b_ij)`, with `j` over the pieces: a convex, piecewise linear activation
    that is learned. Meant to be used with dropout.

    Goodfellow, Warde-Farley, Mirza, Courville and Bengio, "Maxout Networks" (2013).

    Args:
        units: The number of outputs; at least 1.
        pieces: The number of affine maps that each output is the greatest of (k in the paper); at least 1.
        use_bias: Whether the maps have biases.
        kernel_initializer: Of the weights, drawn at once for all pieces.
        bias_initializer: Of the biases.
        kernel_regularizer: Penalty on the weights.
        bias_regularizer: Penalty on the biases.
        activity_regularizer: Penalty on the outputs.
        kernel_constraint: On the weights; its axis 0 runs over the inputs of one map, as in `dense`.
        bias_constraint: On the biases.
        **kwargs: As for every Keras layer: `name`, `dtype`, `trainable`.

    Inputs have the shape `(batch, ..., features)`, outputs `(batch, ..., units)`.

    Raises:
        ValueError: If `units` or `pieces` is less than 1.

    Example:
        >>> import numpy as np
        >>> Maxout(4, pieces=3)(np.ones((2, 8), "float32")).shape[-1]
        4
    """

    def __init__(
        self,
        units: int,
        pieces: int = 2,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(activity_regularizer=activity_regularizer, **kwargs)
        if units < 1 or pieces < 1:
            raise ValueError(f"`units` and `pieces` are at least 1; not {units} and {pieces}")
        self.units = units
        self.pieces = pieces
        self.use_bias = use_bias
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.bias_initializer = keras.initializers.get(bias_initializer)
        self.kernel_regularizer = keras.regularizers.get(kernel_regularizer)
        self.bias_regularizer = keras.regularizers.get(bias_regularizer)
        self.kernel_constraint = keras.constraints.get(kernel_constraint)
        self.bias_constraint = keras.constraints.get(bias_constraint)
        self.input_spec = keras.layers.InputSpec(min_ndim=2)
        self.supports_masking = True

    def build(self, input_shape: Shape) -> None:
        """Create the weights of all maps: those of one unit stand side by side."""
        maps = self.units * self.pieces
        self.kernel = self.add_weight(
            name="kernel",
            shape=(input_shape[-1], maps),
            initializer=self.kernel_initializer,
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
        )
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight(
                name="bias",
                shape=(maps,),
                initializer=self.bias_initializer,
                regularizer=self.bias_regularizer,
                constraint=self.bias_constraint,
            )
        self.input_spec = keras.layers.InputSpec(min_ndim=2, axes={-1: input_shape[-1]})

    def call(self, inputs: Any) -> Any:
        """Apply every map and keep the greatest of each unit's."""
        maps = ops.matmul(inputs, self.kernel)
        if self.bias is not None:
            maps = ops.add(maps, self.bias)
        return ops.max(ops.reshape(maps, (*ops.shape(maps)[:-1], self.units, self.pieces)), axis=-1)

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Return the inputs' shape with `units` in place of the features."""
        return (*input_shape[:-1], self.units)

    def get_config(self) -> dict[str, Any]:
        """Return every constructor argument."""
        return {
            **super().get_config(),
            "units": self.units,
            "pieces": self.pieces,
            "use_bias": self.use_bias,
            "kernel_initializer": keras.initializers.serialize(self.kernel_initializer),
            "bias_initializer": keras.initializers.serialize(self.bias_initializer),
            "kernel_regularizer": keras.regularizers.serialize(self.kernel_regularizer),
            "bias_regularizer": keras.regularizers.serialize(self.bias_regularizer),
            "kernel_constraint": keras.constraints.serialize(self.kernel_constraint),
            "bias_constraint": keras.constraints.serialize(self.bias_constraint),
        }
