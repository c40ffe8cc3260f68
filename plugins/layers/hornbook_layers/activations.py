"""Activations with a parameter, as layers, where Keras has only the function.

A function with its parameter filled in does not survive saving; a layer does.
"""

from typing import Any

import keras
from keras import activations, ops

from hornbook_layers.chain import Shape


class Elementwise(keras.layers.Layer):
    """A layer that changes each number by itself."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.supports_masking = True

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Return the inputs' own."""
        return input_shape


@keras.saving.register_keras_serializable(package="hornbook_layers")
class CELU(Elementwise):
    """Continuously differentiable exponential linear unit.

    `max(0, x) + min(0, alpha * (exp(x / alpha) - 1))`.

    Barron, "Continuously Differentiable Exponential Linear Units" (2017).

    Args:
        alpha: How far below 0 the outputs go; more than 0.
        **kwargs: As for every Keras layer: `name`, `dtype`.

    Raises:
        ValueError: If `alpha` is not more than 0.

    Example:
        >>> import numpy as np
        >>> float(CELU(alpha=2.0)(np.array([3.0]))[0])
        3.0
    """

    def __init__(self, alpha: float = 1.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if alpha <= 0:
            raise ValueError(f"`alpha` is more than 0; not {alpha}")
        self.alpha = alpha

    def call(self, inputs: Any) -> Any:
        """Apply the function."""
        return activations.celu(inputs, alpha=self.alpha)

    def get_config(self) -> dict[str, Any]:
        """Return every constructor argument."""
        return {**super().get_config(), "alpha": self.alpha}


@keras.saving.register_keras_serializable(package="hornbook_layers")
class GELU(Elementwise):
    """Gaussian error linear unit: `x` times the chance that a standard normal number is less than `x`.

    Hendrycks and Gimpel, "Gaussian Error Linear Units" (2016).

    Args:
        approximate: Whether to use the paper's approximation by a hyperbolic tangent.
        **kwargs: As for every Keras layer: `name`, `dtype`.

    Example:
        >>> import numpy as np
        >>> round(float(GELU()(np.array([1.0]))[0]), 4)
        0.8413
    """

    def __init__(self, approximate: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.approximate = approximate

    def call(self, inputs: Any) -> Any:
        """Apply the function."""
        return activations.gelu(inputs, approximate=self.approximate)

    def get_config(self) -> dict[str, Any]:
        """Return every constructor argument."""
        return {**super().get_config(), "approximate": self.approximate}


@keras.saving.register_keras_serializable(package="hornbook_layers")
class GLU(keras.layers.Layer):
    """Gated linear unit: one half of the features times the sigmoid of the other.

    It halves the features, so the layer before it has twice as many as are wanted after it.

    Dauphin, Fan, Auli and Grangier, "Language Modeling with Gated Convolutional Networks" (2017).

    Args:
        axis: The axis that is halved; its size is even.
        **kwargs: As for every Keras layer: `name`, `dtype`.

    Raises:
        ValueError: When it is called, if the axis has an odd size.

    Example:
        >>> GLU().compute_output_shape((None, 8))
        (None, 4)
    """

    def __init__(self, axis: int = -1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.axis = axis
        self.supports_masking = True

    def call(self, inputs: Any) -> Any:
        """Gate the first half with the second."""
        self.compute_output_shape(inputs.shape)  # refuses an odd size
        return activations.glu(inputs, axis=self.axis)

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        """Pass the mask of positions on, where it is not positions that are halved."""
        return previous_mask if self.axis in (-1, len(inputs.shape) - 1) else None

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Return the inputs' shape with the axis halved."""
        shape = list(input_shape)
        size = shape[self.axis]
        if size is not None:
            if size % 2:
                raise ValueError(f"a gated linear unit halves axis {self.axis}, whose size {size} is odd")
            shape[self.axis] = size // 2
        return tuple(shape)

    def get_config(self) -> dict[str, Any]:
        """Return every constructor argument."""
        return {**super().get_config(), "axis": self.axis}


@keras.saving.register_keras_serializable(package="hornbook_layers")
class HardShrink(Elementwise):
    """Hard shrinkage: 0 for what lies within the threshold of 0; all else as it is.

    Donoho and Johnstone, "Ideal Spatial Adaptation by Wavelet Shrinkage" (1994).

    Args:
        threshold: The greatest distance from 0 that becomes 0; at least 0.
        **kwargs: As for every Keras layer: `name`, `dtype`.

    Example:
        >>> import numpy as np
        >>> [float(one) for one in HardShrink(1.0)(np.array([-2.0, 0.5, 3.0]))]
        [-2.0, 0.0, 3.0]
    """

    def __init__(self, threshold: float = 0.5, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.threshold = threshold

    def call(self, inputs: Any) -> Any:
        """Apply the function."""
        return activations.hard_shrink(inputs, threshold=self.threshold)

    def get_config(self) -> dict[str, Any]:
        """Return every constructor argument."""
        return {**super().get_config(), "threshold": self.threshold}


@keras.saving.register_keras_serializable(package="hornbook_layers")
class SoftShrink(Elementwise):
    """Soft shrinkage: everything moved towards 0 by the threshold, and no further than 0.

    Donoho and Johnstone, "Ideal Spatial Adaptation by Wavelet Shrinkage" (1994).

    Args:
        threshold: How far to move; at least 0.
        **kwargs: As for every Keras layer: `name`, `dtype`.

    Example:
        >>> import numpy as np
        >>> [float(one) for one in SoftShrink(1.0)(np.array([-2.0, 0.5, 3.0]))]
        [-1.0, 0.0, 2.0]
    """

    def __init__(self, threshold: float = 0.5, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.threshold = threshold

    def call(self, inputs: Any) -> Any:
        """Apply the function."""
        return activations.soft_shrink(inputs, threshold=self.threshold)

    def get_config(self) -> dict[str, Any]:
        """Return every constructor argument."""
        return {**super().get_config(), "threshold": self.threshold}


@keras.saving.register_keras_serializable(package="hornbook_layers")
class Squareplus(Elementwise):
    """A smooth rectifier without exponentials: `(x + sqrt(x² + b)) / 2`.

    Barron, "Squareplus: A Softplus-Like Algebraic Rectifier" (2021).

    Args:
        b: How wide the bend at 0 is; at least 0, where 0 gives a rectified linear unit.
        **kwargs: As for every Keras layer: `name`, `dtype`.

    Example:
        >>> import numpy as np
        >>> float(Squareplus(b=4.0)(np.array([0.0]))[0])
        1.0
    """

    def __init__(self, b: float = 4.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.b = b

    def call(self, inputs: Any) -> Any:
        """Apply the function."""
        # In half precision a square overflows from 256 on.
        precision = keras.backend.result_type(inputs.dtype, "float32")
        return ops.cast(activations.squareplus(ops.cast(inputs, precision), b=self.b), inputs.dtype)

    def get_config(self) -> dict[str, Any]:
        """Return every constructor argument."""
        return {**super().get_config(), "b": self.b}


@keras.saving.register_keras_serializable(package="hornbook_layers")
class Threshold(Elementwise):
    """What is greater than the threshold as it is; a set value for all else.

    Args:
        threshold: What a number must be greater than.
        default_value: What the others become.
        **kwargs: As for every Keras layer: `name`, `dtype`.

    Example:
        >>> import numpy as np
        >>> [float(one) for one in Threshold(1.0, default_value=-1.0)(np.array([0.0, 1.0, 3.0]))]
        [-1.0, -1.0, 3.0]
    """

    def __init__(self, threshold: float = 0.0, default_value: float = 0.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.threshold = threshold
        self.default_value = default_value

    def call(self, inputs: Any) -> Any:
        """Apply the function."""
        return activations.threshold(inputs, self.threshold, self.default_value)

    def get_config(self) -> dict[str, Any]:
        """Return every constructor argument."""
        return {**super().get_config(), "threshold": self.threshold, "default_value": self.default_value}
