"""A recipe's model, built without data: what each layer gives, and how many parameters it has."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import keras

from hornbook.assembly.build import build
from hornbook.problem import HornbookError, Problem
from hornbook.recipes.checks.known import Known, known
from hornbook.recipes.recipe import Recipe
from hornbook.recipes.use import Use


@dataclass(frozen=True, slots=True)
class Row:
    """One layer of a model.

    Args:
        name: The layer's name within the model.
        use: The part of the recipe that it was made from; the model itself where it made the layer.
        shape: The shape of its output, none for the batch axis; none where it is not known.
        parameters: How many numbers it holds.
    """

    name: str
    use: Use
    shape: tuple[int | None, ...] | None
    parameters: int


def layout(recipe: Recipe) -> list[Row]:
    """Build a recipe's model on symbolic tensors, and hold its outputs against the loss.

    Args:
        recipe: The recipe.

    Returns:
        A row for each layer, in order.

    Raises:
        HornbookError: When a layer cannot take what the one before it gives, at the layer's line; or
            when what the model needs to know of the data is known only once it is loaded.
    """
    everything = known(recipe)
    made: dict[int, Use] = {}
    kept: list[Any] = []  # so that no identity is used twice

    def watch(use: Use, part: Any) -> None:
        made[id(part)] = use
        kept.append(part)

    model = build(recipe.model, _facts(everything), watch)
    _compare(model, everything)
    return [
        Row(layer.name, made.get(id(layer), recipe.model), _output_shape(layer), layer.count_params())
        for layer in model.layers
        if not isinstance(layer, keras.layers.InputLayer)
    ]


def _facts(everything: Known) -> Mapping[str, Any]:
    model = everything.recipe.model
    for parameter, fact in model.entry.component.provided.items():
        if model.parameters.get(parameter) is not None and fact not in everything.facts:
            given = everything.value(model.parameters[parameter])
            if given is None:
                raise HornbookError(
                    Problem(
                        code="HB314",
                        message=f"the model cannot be built without data: {fact!r} is not known before it is loaded",
                        hint=f"give {parameter!r} a value, or leave `--build` out",
                        place=model.place,
                        path=model.path,
                        severity="note",
                    )
                )
    return everything.facts


def _output_shape(layer: keras.layers.Layer) -> tuple[int | None, ...] | None:
    try:
        shape = layer.output.shape
    except (AttributeError, ValueError):  # it has several outputs, or was never called
        return None
    return tuple(shape)


def _compare(model: keras.Model, everything: Known) -> None:
    """Let the loss compare two rows of the model's outputs with labels of the shape that they will have."""
    width, form = everything.facts.get("data.outputs"), everything.labels
    outputs = model.outputs[0] if len(model.outputs or ()) == 1 else None
    if outputs is None or None in outputs.shape[1:] or (form != "integer" and not isinstance(width, int)):
        return
    shape = () if form == "integer" else (width,)
    loss = build(everything.recipe.loss, everything.facts)
    labels = keras.ops.zeros((2, *shape), dtype="int32" if form == "integer" else "float32")
    try:
        loss(labels, keras.ops.zeros((2, *outputs.shape[1:]), dtype=outputs.dtype))
    except Exception as error:
        use = everything.recipe.loss
        words = " ".join(str(error).split())[:300]
        message = (
            f"loss {use.entry.name!r} cannot compare labels of shape {(None, *shape)} "
            f"with the model's outputs of shape {tuple(outputs.shape)}: {words}"
        )
        hint = "`flatten` or a pooling layer before the last one gives one row of numbers"
        raise HornbookError(
            Problem(code="HB315", message=message, hint=hint, place=use.place, path=use.path)
        ) from error
