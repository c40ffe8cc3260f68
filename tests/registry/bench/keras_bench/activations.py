"""An activation with a parameter."""

import keras


@keras.saving.register_keras_serializable(package="keras_bench")
def scaled(x, factor=1.0):
    """Multiplies by a factor."""
    return x * factor
