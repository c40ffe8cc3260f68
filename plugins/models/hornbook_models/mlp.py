"""mlp: a multilayer perceptron."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import keras

from hornbook_models.shapes import Shape, single_shape

NORMALIZATIONS = {"batch": keras.layers.BatchNormalization, "layer": keras.layers.LayerNormalization}


def mlp(
    input_shape: Shape | Mapping[str, Shape],
    units: int,
    output_activation: str | Callable[[Any], Any] | None,
    hidden: Sequence[int] = (64, 64),
    activation: str | Callable[[Any], Any] | None = "relu",
    dropout: float = 0.0,
    normalization: Literal["batch", "layer"] | None = None,
    kernel_initializer: Any = "glorot_uniform",
    kernel_regularizer: Any = None,
    name: str = "mlp",
) -> keras.Sequential:
    """Make a multilayer perceptron: hidden dense layers and a dense output.

    Rumelhart, Hinton and Williams, "Learning Representations by Back-Propagating Errors" (1986). Each hidden
    layer is normalized before its activation (Ioffe and Szegedy 2015) and dropped out after it (Srivastava
    et al. 2014), where that is asked for.

    Args:
        input_shape: The shape of one input, without the batch axis; flattened where it has several axes.
        units: The number of outputs; at least 1.
        output_activation: Of the output layer.
        hidden: The width of each hidden layer; none of them makes the model linear.
        activation: Of the hidden layers.
        dropout: The share of hidden activations that are dropped in training, from 0 to 1.
        normalization: `batch` or `layer` normalization of the hidden layers; none where it is left out.
        kernel_initializer: Of all weights but the biases.
        kernel_regularizer: Penalty on all weights but the biases.
        name: The model's name.

    Returns:
        The model, built.

    Raises:
        ValueError: If the data has several inputs, or `normalization` is another word.

    Example:
        >>> mlp((4,), units=3, output_activation="softmax", hidden=[8]).count_params()  # 4*8 + 8 + 8*3 + 3
        67
    """
    if normalization is not None and normalization not in NORMALIZATIONS:
        raise ValueError(f"`normalization` is one of {', '.join(NORMALIZATIONS)}; not {normalization!r}")

    # One initializer draws the same numbers each time, so every layer gets an initializer of its own.
    initializer = keras.initializers.serialize(keras.initializers.get(kernel_initializer))

    def dense(width: int, **details: Any) -> keras.layers.Layer:
        return keras.layers.Dense(
            width,
            kernel_initializer=keras.initializers.deserialize(initializer),
            kernel_regularizer=kernel_regularizer,
            **details,
        )

    shape = single_shape("mlp", input_shape)
    model = keras.Sequential([keras.Input(shape)], name=name)
    if len(shape) > 1:
        model.add(keras.layers.Flatten(name="flatten"))
    for number, width in enumerate(hidden, start=1):
        model.add(dense(width, name=f"hidden_{number}"))
        if normalization:
            model.add(NORMALIZATIONS[normalization](name=f"normalization_{number}"))
        model.add(keras.layers.Activation(activation, name=f"activation_{number}"))
        if dropout:
            model.add(keras.layers.Dropout(dropout, name=f"dropout_{number}"))
    model.add(dense(units, activation=output_activation, name="output"))
    return model
