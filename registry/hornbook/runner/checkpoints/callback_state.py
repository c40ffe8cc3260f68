"""What a callback has learnt in training: what its `get_state` says, else its plain attributes."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import keras
import numpy as np

_OTHERS = ("_model", "params", "validation_data")
"""What Keras itself hands to every callback."""


def unkept(callbacks: Sequence[keras.callbacks.Callback]) -> Iterator[str]:
    """The callbacks whose state cannot be kept, so that a resumed run may differ.

    Args:
        callbacks: The recipe's callbacks.

    Yields:
        For each, its class and the attributes that are neither plain data nor arrays.
    """
    for callback in callbacks:
        if callable(getattr(callback, "get_state", None)):
            continue
        odd = [name for name, value in _attributes(callback).items() if not _keepable(value)]
        if odd:
            yield f"{type(callback).__name__} ({', '.join(odd)})"


def callback_state(callback: Any, key: str, arrays: dict[str, np.ndarray]) -> dict[str, Any]:
    """The state of a callback as plain data, its arrays put aside.

    Args:
        callback: The callback.
        key: Under which its arrays are put.
        arrays: Where they are put.

    Returns:
        Plain data.
    """
    if callable(getattr(callback, "get_state", None)):
        return {name: _packed(value, f"{key}/{name}", arrays) for name, value in callback.get_state().items()}
    kept = {name: value for name, value in _attributes(callback).items() if _keepable(value)}
    return {name: _packed(value, f"{key}/{name}", arrays) for name, value in kept.items()}


def set_callback_state(callback: Any, state: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> None:
    """Give a callback back what it had learnt; after its `on_train_begin`, which forgets it."""
    unpacked = {name: _unpacked(value, arrays) for name, value in state.items()}
    if callable(getattr(callback, "set_state", None)):
        callback.set_state(unpacked)
    else:
        # Keras turns the sign of min_delta once it knows the direction, in the first epoch.
        if getattr(callback, "monitor_op", callback) is None:
            unpacked.pop("min_delta", None)
        vars(callback).update(unpacked)


def _attributes(callback: Any) -> dict[str, Any]:
    return {
        name: value for name, value in vars(callback).items() if name not in _OTHERS and not callable(value)
    }


def _keepable(value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        return all(map(_keepable, value))
    if isinstance(value, Mapping):
        return all(isinstance(name, str) and _keepable(one) for name, one in value.items())
    return value is None or isinstance(value, (bool, int, float, str, np.ndarray, np.generic))


def _packed(value: Any, key: str, arrays: dict[str, np.ndarray]) -> Any:
    if isinstance(value, (np.ndarray, np.generic)) or keras.ops.is_tensor(value):
        arrays[key] = np.asarray(keras.ops.convert_to_numpy(value))
        return {"array": key}
    if isinstance(value, (list, tuple)):
        items = [_packed(one, f"{key}/{n}", arrays) for n, one in enumerate(value)]
        return {"items": items} | ({"tuple": True} if isinstance(value, tuple) else {})
    if isinstance(value, Mapping):
        return {"named": {name: _packed(one, f"{key}/{name}", arrays) for name, one in value.items()}}
    return {"value": value}


def _unpacked(packed: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> Any:
    if "array" in packed:
        array = arrays[packed["array"]]
        return array if array.ndim else array[()]
    if "items" in packed:
        items = [_unpacked(one, arrays) for one in packed["items"]]
        return tuple(items) if packed.get("tuple") else items
    if "named" in packed:
        return {name: _unpacked(one, arrays) for name, one in packed["named"].items()}
    return packed["value"]
