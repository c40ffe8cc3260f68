"""Parallel: several ways through from the same inputs, merged."""

from collections.abc import Sequence
from typing import Any, Literal, Self

import keras

from hornbook_layers.chain import Chain, Combinator, Shape, deserialized, serialized

Merge = Literal["concat", "add", "multiply", "average", "maximum"]
MERGES = {
    "concat": keras.layers.Concatenate,
    "add": keras.layers.Add,
    "multiply": keras.layers.Multiply,
    "average": keras.layers.Average,
    "maximum": keras.layers.Maximum,
}


@keras.saving.register_keras_serializable(package="hornbook_layers")
class Parallel(Combinator):
    """Give the same inputs to several branches and merge what they make of them.

    Concatenated branches of different kernel sizes are the Inception module: Szegedy et al., "Going
    Deeper with Convolutions" (2015). Multiplied ones are a gate.

    Args:
        branches: At least two; each one layer, or a list of layers one after another. An empty list
            passes the inputs on as they are.
        merge: How: `concat`, `add`, `multiply`, `average` or `maximum`.
        axis: The axis along which `concat` joins; the others do not use it.
        **kwargs: As for every Keras layer: `name`, `dtype`, `trainable`.

    Raises:
        ValueError: If there are fewer than two branches or `merge` is another word; when it is built, if
            the branches' shapes do not go together.

    Example:
        >>> import keras
        >>> module = Parallel([keras.layers.Conv2D(16, 1), keras.layers.Conv2D(32, 3, padding="same")])
        >>> module.compute_output_shape((None, 28, 28, 3))
        (None, 28, 28, 48)
    """

    def __init__(
        self,
        branches: Sequence[keras.layers.Layer | Sequence[keras.layers.Layer]],
        merge: Merge = "concat",
        axis: int = -1,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if merge not in MERGES:
            raise ValueError(f"`merge` is one of {', '.join(MERGES)}; not {merge!r}")
        if len(branches) < 2:
            raise ValueError(f"parallel needs at least two branches; it was given {len(branches)}")
        ways = [[way] if isinstance(way, keras.layers.Layer) else way for way in branches]
        self.merge = merge
        self.axis = axis
        self.branches = [Chain(way, name=f"branch_{number}") for number, way in enumerate(ways)]
        self.merging = MERGES[merge](name=merge, **({"axis": axis} if merge == "concat" else {}))

    def build(self, input_shape: Shape) -> None:
        """Build every branch."""
        for branch in self.branches:
            branch.build(input_shape)
        self.merging.build([branch.compute_output_shape(input_shape) for branch in self.branches])
        self.freeze(*self.branches)

    def call(self, inputs: Any, training: bool | None = None) -> Any:
        """Merge the branches; Keras tells every layer the `training` given here."""
        return self.merging([branch(inputs) for branch in self.branches])

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Return the shape that merging gives."""
        shapes = [branch.compute_output_shape(input_shape) for branch in self.branches]
        return tuple(self.merging.compute_output_shape(shapes))

    def get_config(self) -> dict[str, Any]:
        """Return the branches as plain data, and how they merge."""
        branches = [serialized(branch.layers) for branch in self.branches]
        return {**super().get_config(), "branches": branches, "merge": self.merge, "axis": self.axis}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Make the layer from what `get_config` gives."""
        return cls(**{**config, "branches": [deserialized(branch) for branch in config["branches"]]})
