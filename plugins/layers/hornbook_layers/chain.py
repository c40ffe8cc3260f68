"""Chain: layers one after another, as one layer. The other combinators are made of chains."""

from collections.abc import Sequence
from typing import Any, Self

import keras

Shape = tuple[int | None, ...]


def serialized(layers: Sequence[keras.layers.Layer]) -> list[dict[str, Any]]:
    """Write layers as plain data, for a `get_config`."""
    return [keras.saving.serialize_keras_object(layer) for layer in layers]


def deserialized(configs: Sequence[dict[str, Any]]) -> list[keras.layers.Layer]:
    """Make the layers that `serialized` wrote, for a `from_config`."""
    return [keras.saving.deserialize_keras_object(config) for config in configs]


class Combinator(keras.layers.Layer):
    """What layers made of layers have in common: their parts see to casting and to masks themselves."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(autocast=False, **kwargs)
        self.supports_masking = True

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> None:
        """Add no mask: where the last part passes one on, the outputs carry it already."""

    def freeze(self, *parts: keras.layers.Layer) -> None:
        """Freeze parts, once they have weights, where the layer was made frozen: Keras does not hand that on."""
        if not self.trainable:
            for part in parts:
                part.trainable = False


@keras.saving.register_keras_serializable(package="hornbook_layers")
class Chain(Combinator):
    """Layers one after another, as one layer.

    It stands where a single layer is asked for, as in `time_distributed`. With no layers, it gives its
    inputs back.

    Args:
        layers: The layers, each taking what the one before it gives.
        **kwargs: As for every Keras layer: `name`, `dtype`, `trainable`.

    Raises:
        TypeError: If one of `layers` is not a Keras layer.

    Example:
        >>> import keras
        >>> chain = Chain([keras.layers.Dense(8, activation="relu"), keras.layers.Dense(2)])
        >>> chain.compute_output_shape((None, 4))
        (None, 2)
    """

    def __init__(self, layers: Sequence[keras.layers.Layer], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for layer in layers:
            if not isinstance(layer, keras.layers.Layer):
                raise TypeError(f"a chain is made of Keras layers; {layer!r} is none")
        self.layers = list(layers)

    def build(self, input_shape: Shape) -> None:
        """Build the layers by a symbolic call of each, which works whatever their `build` asks for."""
        outputs = self._symbol(input_shape)
        for layer in self.layers:
            outputs = layer(outputs)
        self.freeze(*self.layers)

    def call(self, inputs: Any, training: bool | None = None) -> Any:
        """Apply the layers in order; Keras tells each of them the `training` given here."""
        for layer in self.layers:
            inputs = layer(inputs)
        return inputs

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Return the shape that the last layer gives."""
        outputs = self._symbol(input_shape)
        for layer in self.layers:
            outputs = layer.compute_output_spec(outputs)
        return tuple(outputs.shape)

    def get_config(self) -> dict[str, Any]:
        """Return the layers as plain data."""
        return {**super().get_config(), "layers": serialized(self.layers)}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Make the layer from what `get_config` gives."""
        return cls(**{**config, "layers": deserialized(config["layers"])})

    def _symbol(self, shape: Shape) -> keras.KerasTensor:
        # The layers' whole precision: half of it would round token numbers on their way to an embedding.
        dtype = self.layers[0].variable_dtype if self.layers else self.variable_dtype
        return keras.KerasTensor(tuple(shape), dtype=dtype)
