"""Repeat: the same layers several times over, each time with weights of its own."""

from collections.abc import Sequence
from typing import Any

import keras

from hornbook_layers.chain import Chain, serialized


def fresh_copy(layer: keras.layers.Layer, name: str) -> keras.layers.Layer:
    """Make another layer like this one, with weights and random numbers of its own.

    Args:
        layer: Any Keras layer that round-trips through its configuration.
        name: The copy's name.

    Returns:
        The copy, not built.
    """
    config = _unbuilt(keras.saving.serialize_keras_object(layer))
    return keras.saving.deserialize_keras_object({**config, "config": {**config["config"], "name": name}})


def _unbuilt(config: Any) -> Any:
    """A configuration without the shapes that layers, and layers within them, were built for."""
    if isinstance(config, list):
        return [_unbuilt(one) for one in config]
    if isinstance(config, dict):
        return {key: _unbuilt(value) for key, value in config.items() if key != "build_config"}
    return config


@keras.saving.register_keras_serializable(package="hornbook_layers")
class Repeat(Chain):
    """Layers one after another, several times over.

    Every repetition is a fresh copy with weights of its own. A `seed` or a seeded initializer that is
    written on a layer is copied too, so leave seeds to the run.

    Args:
        layers: The layers of one repetition.
        times: How many repetitions; at least 1.
        **kwargs: As for every Keras layer: `name`, `dtype`, `trainable`.

    Raises:
        TypeError: If one of `layers` is not a Keras layer.
        ValueError: If there are no layers, or `times` is less than 1.

    Example:
        >>> import keras
        >>> tower = Repeat([keras.layers.Dense(8, activation="relu")], times=3)
        >>> tower.build((None, 4))
        >>> tower.count_params()  # 4*8 + 8, then twice 8*8 + 8
        184
    """

    def __init__(self, layers: Sequence[keras.layers.Layer], times: int, **kwargs: Any) -> None:
        if not layers or times < 1:
            raise ValueError(
                f"repeat needs layers and a number of times from 1; not {len(layers)} and {times}"
            )
        copies = [
            fresh_copy(layer, f"{layer.name}_repeat_{number}")
            for number in range(1, times)
            for layer in layers
        ]
        super().__init__([*layers, *copies], **kwargs)
        self.times = times

    def get_config(self) -> dict[str, Any]:
        """Return the layers of one repetition as plain data, and how many there are."""
        once = serialized(self.layers[: len(self.layers) // self.times])
        return {**super().get_config(), "layers": once, "times": self.times}
