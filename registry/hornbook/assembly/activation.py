"""An activation with parameters, as a layer that survives saving."""

from collections.abc import Callable
from typing import Any

import keras


@keras.saving.register_keras_serializable(package="hornbook")
class ParameterizedActivation(keras.layers.Layer):
    """Applies an activation function with parameters other than its defaults.

    Args:
        function: The activation, or its serialized form.
        parameters: Its keyword arguments.

    Example:
        >>> import keras
        >>> layer = ParameterizedActivation(keras.activations.leaky_relu, {"negative_slope": 0.5})
        >>> float(layer(keras.ops.array([-2.0]))[0])
        -1.0
    """

    def __init__(
        self, function: Callable[..., Any] | dict[str, Any] | str, parameters: dict[str, Any], **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.function = keras.activations.get(function)
        self.parameters = parameters

    def call(self, inputs: Any) -> Any:
        """Apply the activation, element by element or as it does."""
        return self.function(inputs, **self.parameters)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """The shape is kept."""
        return input_shape

    def get_config(self) -> dict[str, Any]:
        """All that is needed to make it again."""
        function = keras.activations.serialize(self.function)
        return {**super().get_config(), "function": function, "parameters": self.parameters}
