"""The shape of a model's inputs, as a run or a recipe gives it."""

from collections.abc import Mapping, Sequence

Shape = Sequence[int | None]


def single_shape(model: str, input_shape: Shape | Mapping[str, Shape]) -> tuple[int | None, ...]:
    """Return the shape of the one input that a model takes.

    Args:
        model: The model's name, for the message.
        input_shape: Without the batch axis; a mapping of shapes where the data has several inputs.

    Returns:
        The shape.

    Raises:
        ValueError: If there are several inputs.
    """
    if isinstance(input_shape, Mapping):
        named = ", ".join(map(str, input_shape))
        raise ValueError(f"{model} takes one input, and the data has several ({named}); use another model")
    return tuple(input_shape)
