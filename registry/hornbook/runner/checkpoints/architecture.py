"""Architecture: a mark of what a recipe makes, by which a resumed run knows that it makes the same again."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

import keras

from hornbook.assembly.assembly import Assembly


def marks(assembly: Assembly) -> dict[str, str]:
    """A digest of each of a recipe's objects, of all that their configurations tell.

    Args:
        assembly: The objects.

    Returns:
        Digests by `model`, `optimizer` and `loss`; what tells no configuration is left out.
    """
    objects = {"model": assembly.model, "optimizer": assembly.optimizer, "loss": assembly.loss}
    return {name: digest for name, one in objects.items() if (digest := _digest(one))}


def _digest(made: Any) -> str:
    try:
        config = keras.saving.serialize_keras_object(made)
        names = {name: f"#{number}" for number, name in enumerate(dict.fromkeys(_names(config)))}
        text = json.dumps(_renamed(config, names), sort_keys=True, default=str)
    except Exception:  # whatever a plugin's class makes of its configuration
        return ""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _names(config: Any) -> Iterator[str]:
    """The names of objects, in order. Keras numbers those it gives itself on and on within a process."""
    if isinstance(config, Mapping):
        name = config.get("name")
        if isinstance(name, str):
            yield name
        for one in config.values():
            yield from _names(one)
    elif isinstance(config, (list, tuple)):
        for one in config:
            yield from _names(one)


def _renamed(config: Any, names: Mapping[str, str]) -> Any:
    if isinstance(config, Mapping):
        return {key: _renamed(one, names) for key, one in config.items()}
    if isinstance(config, (list, tuple)):
        return [_renamed(one, names) for one in config]
    return names.get(config, config) if isinstance(config, str) else config
