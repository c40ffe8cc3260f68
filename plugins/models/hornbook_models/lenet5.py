"""lenet5: the convolutional network that read handwritten digits."""

from collections.abc import Callable, Mapping
from typing import Any, Literal

import keras

from hornbook_models.shapes import Shape, single_shape

SMALLEST, FIELD = 28, 32
"""MNIST's images have 28 pixels a side; the paper centres them in a field of 32 (section II-B)."""

POOLINGS = {"average": keras.layers.AveragePooling2D, "max": keras.layers.MaxPooling2D}


def lenet5(
    input_shape: Shape | Mapping[str, Shape],
    units: int,
    output_activation: str | Callable[[Any], Any] | None,
    activation: str | Callable[[Any], Any] = "tanh",
    pooling: Literal["average", "max"] = "average",
    name: str = "lenet5",
) -> keras.Sequential:
    """Make LeNet-5: three convolutions, two poolings and two dense layers.

    LeCun, Bottou, Bengio and Haffner, "Gradient-Based Learning Applied to Document Recognition" (1998), section
    II-B, with the paper's layers and sizes: C1 of 6 maps, S2, C3 of 16, S4, C5 of 120, F6 of 84; kernels of 5 by 5,
    pooling over 2 by 2. Where it differs from the paper: every map of C3 sees every map of S2, not those of the
    paper's table I; pooling learns nothing, and what it gives goes on as it is, through no sigmoid; the hyperbolic
    tangent is not stretched; and a dense layer stands in for the radial basis functions of the output.

    Args:
        input_shape: Height, width and channels; height and width of 28 at least. What is smaller than 32 is
            padded with 0 to 32.
        units: The number of outputs; at least 1.
        output_activation: Of the output layer.
        activation: Of C1, C3, C5 and F6.
        pooling: What S2 and S4 take of a window: `average`, as in the paper, or `max`.
        name: The model's name.

    Returns:
        The model, built.

    Raises:
        ValueError: If the inputs are not images of 28 by 28 at least, the data has several inputs, or
            `pooling` is another word.

    Example:
        >>> model = lenet5((28, 28, 1), units=10, output_activation="softmax")
        >>> model.get_layer("c5").count_params()  # (16 * 5 * 5 + 1) * 120
        48120
    """
    shape = single_shape("lenet5", input_shape)
    sides = [size or 0 for size in shape[:2]]
    if len(shape) != 3 or min(sides) < SMALLEST:
        raise ValueError(
            f"lenet5 takes images (height, width, channels) of at least {SMALLEST} by {SMALLEST} pixels, and "
            f"these are of shape {shape}; for smaller ones, write a list of layers with kernels of 3 by 3"
        )
    if pooling not in POOLINGS:
        raise ValueError(f"`pooling` is one of {', '.join(POOLINGS)}; not {pooling!r}")
    window = POOLINGS[pooling]
    return keras.Sequential(
        [
            keras.Input(shape),
            keras.layers.ZeroPadding2D(tuple(map(_to_field, sides)), name="field"),
            keras.layers.Conv2D(6, 5, activation=activation, name="c1"),
            window(2, name="s2"),
            keras.layers.Conv2D(16, 5, activation=activation, name="c3"),
            window(2, name="s4"),
            keras.layers.Conv2D(120, 5, activation=activation, name="c5"),
            keras.layers.Flatten(name="flatten"),
            keras.layers.Dense(84, activation=activation, name="f6"),
            keras.layers.Dense(units, activation=output_activation, name="output"),
        ],
        name=name,
    )


def _to_field(size: int) -> tuple[int, int]:
    """How many pixels to add before and after, for the whole field."""
    missing = max(FIELD - size, 0)
    return missing // 2, missing - missing // 2
