"""SelfAttention: a sequence attending to itself, as a layer with one input."""

from typing import Any

import keras

from hornbook_layers.chain import Shape


@keras.saving.register_keras_serializable(package="hornbook_layers")
class SelfAttention(keras.layers.Layer):
    """Multi-head attention of a sequence to itself.

    Keras' `MultiHeadAttention` with the inputs as query, value and key alike, so that it takes its place in
    a list of layers. With `residual` and `layer_normalization` it makes a transformer's block.

    Vaswani et al., "Attention Is All You Need" (2017).

    Args:
        num_heads: The number of heads; at least 1.
        key_dim: The width of each head's queries, keys and values; at least 1.
        dropout: The share of attention weights that are dropped in training, from 0 to 1.
        use_bias: Whether the projections have biases.
        causal: Whether each position attends only to itself and those before it.
        kernel_initializer: Of the projections' weights.
        bias_initializer: Of the projections' biases.
        kernel_regularizer: Penalty on the projections' weights.
        bias_regularizer: Penalty on the projections' biases.
        **kwargs: As for every Keras layer: `name`, `dtype`, `trainable`.

    Inputs have the shape `(batch, positions, features)`, and so have outputs. Masked positions are not
    attended to.

    Example:
        >>> SelfAttention(num_heads=2, key_dim=4).compute_output_shape((None, 10, 8))
        (None, 10, 8)
    """

    def __init__(
        self,
        num_heads: int,
        key_dim: int,
        dropout: float = 0.0,
        use_bias: bool = True,
        causal: bool = False,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.causal = causal
        self.supports_masking = True
        self.attention = keras.layers.MultiHeadAttention(
            num_heads,
            key_dim,
            dropout=dropout,
            use_bias=use_bias,
            kernel_initializer=kernel_initializer,
            bias_initializer=bias_initializer,
            kernel_regularizer=kernel_regularizer,
            bias_regularizer=bias_regularizer,
            dtype=self.dtype_policy,
            name="attention",
        )

    def build(self, input_shape: Shape) -> None:
        """Build the projections."""
        self.attention.build(input_shape, input_shape)
        if not self.trainable:
            self.attention.trainable = False

    def call(self, inputs: Any, training: bool | None = None) -> Any:
        """Attend; Keras tells the dropout the `training` given here."""
        return self.attention(inputs, inputs, use_causal_mask=self.causal)

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Return the inputs' own."""
        return input_shape

    def get_config(self) -> dict[str, Any]:
        """Return every constructor argument."""
        theirs = self.attention.get_config()
        ours = (
            "num_heads",
            "key_dim",
            "dropout",
            "use_bias",
            "kernel_initializer",
            "bias_initializer",
            "kernel_regularizer",
            "bias_regularizer",
        )
        return {**super().get_config(), "causal": self.causal, **{name: theirs[name] for name in ours}}
