"""Residual: the sum of what layers make of their inputs, and the inputs."""

from collections.abc import Sequence
from typing import Any, Self

import keras

from hornbook_layers.chain import Chain, Combinator, Shape, deserialized, serialized

POINTWISE = {
    2: "dense, units: {}",
    3: "conv1d, filters: {}, kernel_size: 1",
    4: "conv2d, filters: {}, kernel_size: 1",
    5: "conv3d, filters: {}, kernel_size: 1",
}
"""The layer that changes nothing but the channels, by the rank of its inputs."""


@keras.saving.register_keras_serializable(package="hornbook_layers")
class Residual(Combinator):
    """Add what layers make of their inputs to the inputs: `F(x) + x`.

    With a shortcut, `F(x) + S(x)`. The activation that follows the sum, where one wants it, is the next
    layer of the model.

    He, Zhang, Ren and Sun, "Deep Residual Learning for Image Recognition" (2016).

    Args:
        layers: The residual function F, one layer after another.
        shortcut: The shortcut S, one layer after another, for where F changes the shape; the inputs
            themselves where it is left out.
        **kwargs: As for every Keras layer: `name`, `dtype`, `trainable`.

    Raises:
        ValueError: When it is built, if F and the shortcut give different shapes; or if there are no layers.

    Example:
        >>> import keras
        >>> block = Residual([keras.layers.Conv2D(8, 3, padding="same", activation="relu"),
        ...                   keras.layers.Conv2D(8, 3, padding="same")])
        >>> block.compute_output_shape((None, 28, 28, 8))
        (None, 28, 28, 8)
    """

    def __init__(
        self,
        layers: Sequence[keras.layers.Layer],
        shortcut: Sequence[keras.layers.Layer] | keras.layers.Layer | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if not layers:
            raise ValueError("a residual needs at least one layer")
        if isinstance(shortcut, keras.layers.Layer):
            shortcut = [shortcut]
        self.function = Chain(layers, name="function")
        self.shortcut = Chain(shortcut or [], name="shortcut")
        self.sum = keras.layers.Add(name="sum")

    def build(self, input_shape: Shape) -> None:
        """Build both ways, once their shapes are known to agree."""
        self.function.build(input_shape)
        self.shortcut.build(input_shape)
        output_shape = self.compute_output_shape(input_shape)
        self.sum.build([output_shape, output_shape])
        self.freeze(self.function, self.shortcut)

    def call(self, inputs: Any, training: bool | None = None) -> Any:
        """Add the two ways up; Keras tells every layer the `training` given here."""
        return self.sum([self.function(inputs), self.shortcut(inputs)])

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Return the shape that both ways give.

        Raises:
            ValueError: If they give different shapes.
        """
        ours = self.function.compute_output_shape(input_shape)
        theirs = self.shortcut.compute_output_shape(input_shape)
        if not _same(ours, theirs):
            raise ValueError(self._mismatch(tuple(input_shape), ours, theirs))
        return ours

    def get_config(self) -> dict[str, Any]:
        """Return both ways as plain data."""
        shortcut = serialized(self.shortcut.layers) or None
        return {**super().get_config(), "layers": serialized(self.function.layers), "shortcut": shortcut}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Make the layer from what `get_config` gives."""
        parts = {"layers": deserialized(config["layers"]), "shortcut": deserialized(config["shortcut"] or [])}
        return cls(**{**config, **parts})

    def _mismatch(self, inputs: Shape, ours: Shape, theirs: Shape) -> str:
        way = "its shortcut" if self.shortcut.layers else "its inputs"
        message = f"residual '{self.name}' cannot add what its layers give, {ours}, to {way}, {theirs}"
        layer = _pointwise(inputs, ours)
        if layer is None:
            return f"{message}; use layers that keep the shape (`padding: same`), or a `shortcut` to the same shape"
        return f"{message}; give it `shortcut: [{{{layer}}}]`, or use layers that keep the shape"


def _pointwise(before: Shape, after: Shape) -> str | None:
    """The one layer, written as in a recipe, that leads from one shape to the other; if there is one."""
    if len(before) != len(after) or len(after) not in POINTWISE:
        return None
    layer = f"use: {POINTWISE[len(after)].format(after[-1])}"
    positions = zip(before[1:-1], after[1:-1], strict=True)
    known = [(size, left) for size, left in positions if size and left]
    strides = max((-(-size // left) for size, left in known), default=1)
    if any(-(-size // strides) != left for size, left in known):
        return None
    return layer if strides == 1 else f"{layer}, strides: {strides}"


def _same(one: Shape, other: Shape) -> bool:
    """Whether two shapes agree, as far as they are known."""
    return len(one) == len(other) and all(
        None in sizes or sizes[0] == sizes[1] for sizes in zip(one, other, strict=True)
    )
