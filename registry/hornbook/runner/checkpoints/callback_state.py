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
        For each, its class and what of its state is neither plain data nor arrays.
    """
    for callback in callbacks:
        try:
            odd = [str(name) for name, value in _state(callback).items() if not _kept(callback, name, value)]
        except Exception:  # a plugin's callback may know its state only once it has been in a training
            continue
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
    state = _state(callback)
    kept = {name: value for name, value in state.items() if _kept(callback, name, value)}
    if _speaks(callback) and len(kept) < len(state):  # a part of what it says would only mislead it
        return {}
    return {name: _packed(value, f"{key}/{name}", arrays) for name, value in kept.items()}


def set_callback_state(callback: Any, state: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> None:
    """Give a callback back what it had learnt; after its `on_train_begin`, which forgets it."""
    unpacked = {name: _unpacked(value, arrays) for name, value in state.items()}
    if callable(getattr(callback, "set_state", None)):
        if unpacked:
            callback.set_state(unpacked)
    else:
        # Keras turns the sign of min_delta once it knows the direction, in the first epoch.
        if getattr(callback, "monitor_op", callback) is None:
            unpacked.pop("min_delta", None)
        vars(callback).update(unpacked)


def _speaks(callback: Any) -> bool:
    """Whether a callback says itself what its state is."""
    return callable(getattr(callback, "get_state", None))


def _state(callback: Any) -> dict[str, Any]:
    if _speaks(callback):
        return dict(callback.get_state())
    return {
        name: value for name, value in vars(callback).items() if name not in _OTHERS and not _is_code(value)
    }


def _is_code(value: Any) -> bool:
    """Whether something does something and learns nothing: metrics and layers can be called too, and learn."""
    return isinstance(value, type) or (callable(value) and not hasattr(value, "variables"))


def _kept(callback: Any, name: Any, value: Any) -> bool:
    """Whether a checkpoint can hold a piece of a callback's state, and give it back.

    A variable of a callback that does not speak for itself would come back as an array, which cannot be assigned to.
    """
    return isinstance(name, str) and _keepable(value, variables=_speaks(callback))


def _keepable(value: Any, variables: bool) -> bool:
    if isinstance(value, (list, tuple)):
        return all(_keepable(one, variables) for one in value)
    if isinstance(value, Mapping):
        return all(isinstance(name, str) and _keepable(one, variables) for name, one in value.items())
    if _is_tensor(value):
        return variables or not hasattr(value, "assign")
    return value is None or isinstance(value, (bool, int, float, str, np.ndarray, np.generic))


def _is_tensor(value: Any) -> bool:
    return isinstance(value, keras.Variable) or bool(keras.ops.is_tensor(value))


def _packed(value: Any, key: str, arrays: dict[str, np.ndarray]) -> Any:
    if isinstance(value, (np.ndarray, np.generic)) or _is_tensor(value):
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
