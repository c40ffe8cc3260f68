"""The shapes and types that a model takes and gives, as plain data, for whoever serves it."""

from typing import Any

import keras


def signature(model: keras.Model) -> dict[str, Any] | None:
    """The model's inputs and outputs.

    Args:
        model: Built.

    Returns:
        `{"inputs": [{"name", "dtype", "shape"}], "outputs": [...]}`, -1 for the batch axis; none where
        the model does not know.
    """
    try:
        inputs, outputs = model.inputs, model.outputs
    except AttributeError:
        return None
    if not inputs or not outputs:
        return None
    return {
        "inputs": [_described(one, len(inputs) > 1) for one in inputs],
        "outputs": [_described(one, len(outputs) > 1) for one in outputs],
    }


def _described(tensor: Any, named: bool) -> dict[str, Any]:
    shape = [-1 if size is None else int(size) for size in tensor.shape]
    name = tensor.name if named else None
    return {"name": name, "dtype": keras.backend.standardize_dtype(tensor.dtype), "shape": shape}
