"""A functional model of two inputs."""

import keras


def two_inputs(input_shape: dict, units: int = 1) -> keras.Model:
    """A dense layer on several inputs, side by side."""
    inputs = {name: keras.Input(shape, name=name) for name, shape in input_shape.items()}
    together = keras.layers.Concatenate()(list(inputs.values()))
    return keras.Model(inputs, keras.layers.Dense(units)(together))
