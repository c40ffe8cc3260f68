"""Randomness: the generators that anybody's code may draw from, beside those that belong to layers."""

import random
from collections.abc import Mapping
from typing import Any

import keras
import numpy as np

_GLOBAL = "randomness/keras"
_TORCH = "randomness/torch"


def randomness(arrays: dict[str, np.ndarray]) -> dict[str, Any]:
    """The state of the generators of Python, numpy, Keras and PyTorch.

    Args:
        arrays: Where arrays are put.

    Returns:
        What is no array, as plain data.
    """
    name, keys, position, has_gauss, cached = np.random.get_state(legacy=True)
    arrays["randomness/numpy"] = np.asarray(keys)
    if (generator := _keras_generator()) is not None:
        arrays[_GLOBAL] = keras.ops.convert_to_numpy(generator.state.value)
    if keras.backend.backend() == "torch":
        _take_torch(arrays)
    return {"python": random.getstate(), "numpy": [name, position, has_gauss, cached]}


def set_randomness(state: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> None:
    """Put the generators back.

    Args:
        state: As `randomness` returned it.
        arrays: What it put aside.
    """
    python, (name, position, has_gauss, cached) = state["python"], state["numpy"]
    random.setstate((python[0], tuple(python[1]), python[2]))
    np.random.set_state((name, arrays["randomness/numpy"], position, has_gauss, cached))
    if _GLOBAL in arrays and (generator := _keras_generator(made=True)) is not None:
        generator.state.assign(arrays[_GLOBAL])
    if _TORCH in arrays:
        _set_torch(arrays)


def _keras_generator(made: bool = False) -> Any:
    """The generator that `keras.random` draws from where it is given no seed; none where nobody did yet.

    Keras has no public way to it.
    """
    try:
        from keras.src.backend.common import global_state
        from keras.src.random import seed_generator
    except ImportError:  # another version of Keras keeps it elsewhere
        return None
    if made:
        return seed_generator.global_seed_generator()
    return global_state.get_global_attribute(seed_generator.GLOBAL_SEED_GENERATOR)


def _take_torch(arrays: dict[str, np.ndarray]) -> None:
    import torch

    arrays[_TORCH] = torch.get_rng_state().numpy()
    if torch.cuda.is_available():
        for number, state in enumerate(torch.cuda.get_rng_state_all()):
            arrays[f"{_TORCH}/cuda/{number}"] = state.numpy()


def _set_torch(arrays: Mapping[str, np.ndarray]) -> None:
    import torch

    torch.set_rng_state(torch.from_numpy(arrays[_TORCH].copy()))
    for number in range(torch.cuda.device_count()):
        state = arrays.get(f"{_TORCH}/cuda/{number}")
        if state is not None:
            torch.cuda.set_rng_state(torch.from_numpy(state.copy()), number)
