"""sequential: layers one after another."""

from collections.abc import Mapping, Sequence

import keras

from hornbook_models.shapes import Shape, single_shape


def sequential(
    layers: Sequence[keras.layers.Layer], input_shape: Shape | Mapping[str, Shape], name: str | None = None
) -> keras.Sequential:
    """Put layers one after another, each taking what the one before it gives.

    Args:
        layers: The layers, at least one.
        input_shape: The shape of one input, without the batch axis; none for an axis of any length.
        name: The model's name.

    Returns:
        The model, built.

    Raises:
        ValueError: If there are no layers, the data has several inputs, or two layers share a name.

    Example:
        >>> import keras
        >>> sequential([keras.layers.Dense(3)], input_shape=(4,)).output_shape
        (None, 3)
    """
    shape = single_shape("sequential", input_shape)
    if not layers:
        raise ValueError("sequential needs at least one layer")
    return keras.Sequential([keras.Input(shape, dtype=_input_dtype(layers[0])), *layers], name=name)


def _input_dtype(layer: keras.layers.Layer) -> str:
    # Keras would take the dtype that the layer computes in: in half precision, that rounds token numbers.
    if isinstance(layer, keras.layers.Embedding):
        return "int32"
    dtype = str(layer.variable_dtype)
    return keras.backend.result_type(dtype, "float32") if "float" in dtype else dtype
