"""Which backend Keras will take, found without importing Keras or any backend."""

import json
import os
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

BACKENDS = ("tensorflow", "jax", "torch")
"""The backends that Hornbook works on."""


class Choice(NamedTuple):
    """A backend and who chose it.

    Args:
        backend: Its name.
        said_by: For people to read; empty where nobody did and Keras takes its own default.
    """

    backend: str
    said_by: str


def chosen() -> Choice:
    """The backend that Keras will take: `KERAS_BACKEND`, else what `keras.json` says, else TensorFlow."""
    if os.environ.get("KERAS_BACKEND"):
        return Choice(os.environ["KERAS_BACKEND"], "KERAS_BACKEND")
    home = os.environ.get("KERAS_HOME")
    file = Path(home) / "keras.json" if home else Path("~/.keras/keras.json").expanduser()
    try:
        said = json.loads(file.read_bytes()).get("backend")
    except (OSError, ValueError, AttributeError, RuntimeError):
        said = None
    return Choice(said, str(file)) if isinstance(said, str) and said else Choice(BACKENDS[0], "")


def installed() -> list[str]:
    """The backends that are there to be imported."""
    return [backend for backend in BACKENDS if find_spec(backend) is not None]


def usable() -> str:
    """The chosen backend where it is installed, else one that is; to read constructors, any will do."""
    wanted, there = chosen().backend, installed()
    return wanted if wanted in there or not there else there[0]
