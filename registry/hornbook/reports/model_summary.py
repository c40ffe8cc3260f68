"""The model layer by layer, with what it is trained with: `summary.md`."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from hornbook.reports.report import Report, Source, Told
from hornbook.reports.store import Data
from hornbook.reports.text import NOTHING, escaped, inert, table

if TYPE_CHECKING:
    import keras

    from hornbook.recipes.recipe import Recipe
    from hornbook.reports.scene import Scene

MOST_LAYERS = 500
DEEPEST = 4
"""How far layers within layers are followed."""


def gather(scene: "Scene") -> Data:
    """The layers of the built model, and the recipe's words for all else."""
    model = scene.session.assembly.model
    layers: list[dict[str, Any]] = []
    for layer, depth in _layers(model, 0):
        if len(layers) == MOST_LAYERS:
            break
        layers.append(_described(layer, depth))
    return {
        "name": scene.session.recipe.name,
        "inputs": _shapes(getattr(model, "inputs", None)),
        "outputs": _shapes(getattr(model, "outputs", None)),
        "layers": layers,
        "more": max(0, sum(1 for _ in _layers(model, 0)) - len(layers)),
        "trainable": _count(model.trainable_variables),
        "frozen": _count(model.non_trainable_variables),
        "bytes": sum(_size(one) * _width(one) for one in model.variables),
        "words": _words(scene.session.recipe),
    }


def _layers(parent: "keras.layers.Layer", depth: int) -> Iterator[tuple["keras.layers.Layer", int]]:
    """Every layer, those within layers behind the one that holds them, and how deep it lies."""
    import keras

    # What a layer holds is its `layers` only where it is a model; Keras' own summary looks no further.
    inner = getattr(parent, "layers", None) or getattr(parent, "_layers", None) or ()
    for layer in inner:
        if isinstance(layer, keras.layers.Layer) and not isinstance(layer, keras.layers.InputLayer):
            yield layer, depth
            if depth < DEEPEST:
                yield from _layers(layer, depth + 1)


def _described(layer: "keras.layers.Layer", depth: int) -> dict[str, Any]:
    return {
        "name": layer.name,
        "type": type(layer).__name__,
        "depth": depth,
        "shape": _output_shape(layer),
        "parameters": layer.count_params() if layer.built else None,
        "trainable": bool(layer.trainable),
    }


def _output_shape(layer: "keras.layers.Layer") -> Any:
    """The shape that a layer gives: as it was called, else as it would from the shape that it was built for."""
    try:
        return _plain(layer.output.shape)
    except (AttributeError, ValueError):  # it is called by another layer, or gives several outputs
        pass
    try:
        built = layer.get_build_config() or {}
        return _plain(layer.compute_output_shape(built["input_shape"]))
    except Exception:  # a layer may not know, in any way
        return None


def _plain(shape: Any) -> list[int | None] | None:
    sizes = list(shape)
    return [None if one is None else int(one) for one in sizes]


def _shapes(tensors: Any) -> list[Any]:
    return [_plain(one.shape) for one in tensors or ()]


def _count(variables: Any) -> int:
    return sum(_size(one) for one in variables)


def _size(variable: Any) -> int:
    size = 1
    for one in variable.shape:
        size *= int(one)
    return size


def _width(variable: Any) -> int:
    """Bytes a number."""
    digits = "".join(one for one in str(variable.dtype) if one.isdigit())
    return max(1, int(digits or 8) // 8)


def _words(recipe: "Recipe") -> dict[str, Any]:
    """The recipe's other parts, as one would write them by hand."""
    from hornbook.recipes.freezing import on_one_line

    parts: dict[str, Any] = {
        "data": recipe.data,
        "augment": recipe.augment,
        "loss": recipe.loss,
        "optimizer": recipe.optimizer,
        "metrics": recipe.metrics,
        "callbacks": recipe.callbacks,
    }
    training = recipe.training
    written = {key: on_one_line(_lean(value)) for key, value in parts.items() if value}
    return {**written, "training": f"{training.epochs} epochs, {training.batch_size} examples a batch"}


def _lean(value: Any) -> Any:
    """Plain data, less what is a component's own default or filled in by the run."""
    from hornbook.recipes.freezing import plain_value
    from hornbook.recipes.references import Fact
    from hornbook.recipes.use import Use

    if isinstance(value, Use):
        provided = value.entry.component.provided
        arguments = {
            name: _lean(one)
            for name, one in value.arguments.items()
            if not (isinstance(one, Fact) and provided.get(name) == one.name)
        }
        name = value.written or value.entry.name
        return {"use": name, **arguments} if arguments else name
    if isinstance(value, (list, tuple)):
        return [_lean(one) for one in value]
    if isinstance(value, Mapping):
        return {key: _lean(one) for key, one in value.items()}
    return plain_value(value)


def page(told: Told) -> str | None:
    """The page."""
    data = told.data("model")
    if data is None:
        return None
    total = data["trainable"] + data["frozen"]
    lines = [f"# Model: {escaped(data['name'])}", ""]
    lines += [f"**{total:,} parameters**, {_memory(data['bytes'])}: {_parts(data)}.", ""]
    if data["inputs"] and data["outputs"]:
        inputs, outputs = (", ".join(map(_shape, data[key])) for key in ("inputs", "outputs"))
        lines += [f"Takes {inputs}, gives {outputs}; `None` may be any size.", ""]
    lines += table(("layer", "type", "output shape", "parameters"), map(_row, data["layers"]), 1)
    if data["more"]:
        lines += ["", f"… and {data['more']:,} layers more."]
    lines += ["", "## Trained with", ""]
    lines += table(("", ""), ((key, _code(value)) for key, value in data["words"].items()))
    return "\n".join(lines) + "\n"


def _parts(data: Mapping[str, Any]) -> str:
    return f"{data['trainable']:,} trainable, {data['frozen']:,} not"


def _row(layer: Mapping[str, Any]) -> tuple[str, str, str, str]:
    name = "↳ " * int(layer["depth"]) + escaped(layer["name"])
    shape = _shape(layer["shape"]) if layer["shape"] is not None else NOTHING
    count = NOTHING if layer["parameters"] is None else f"{layer['parameters']:,}"
    return name, escaped(layer["type"]), shape, count if layer["trainable"] else f"{count} (frozen)"


def _shape(sizes: list[int | None]) -> str:
    return f"`({', '.join(map(str, sizes))})`"


def _code(text: str) -> str:
    """Text as code in a cell of a table, where only the backtick and the pipe mean something."""
    return "`" + inert(text, 1000).replace("`", "'").replace("|", "\\|") + "`"


def _memory(size: int) -> str:
    for unit in ("bytes", "kB", "MB"):
        if size < 1000:
            return f"{size:.3g} {unit}"
        size /= 1000  # type: ignore[assignment]
    return f"{size:.3g} GB"


SOURCES = (Source("model", "begun", gather),)
REPORTS = (Report("summary.md", "The model, layer by layer", "markdown", ("model",), page),)
