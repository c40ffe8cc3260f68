"""Layers: one as it should be, one registered under no package, one that cannot be saved."""

import keras


@keras.saving.register_keras_serializable(package="keras_bench")
class Doubling(keras.layers.Layer):
    """Doubles what it is given."""

    def call(self, inputs):
        return inputs * 2.0


@keras.saving.register_keras_serializable()
class PlainlyRegistered(Doubling):
    """Registered under Keras' word for no package."""


@keras.saving.register_keras_serializable(package="keras_bench")
class Unsaveable(Doubling):
    """Trains, and refuses to be saved."""

    def get_config(self):
        raise NotImplementedError("this layer has no config")
