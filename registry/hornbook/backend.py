"""Which backend Keras will take, found and chosen without importing Keras or any backend."""

import os
import sys
from pathlib import Path
from typing import Any, NamedTuple

from hornbook.home import expanded
from hornbook.problem import HornbookError, Problem

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
    import json

    if os.environ.get("KERAS_BACKEND"):
        return Choice(os.environ["KERAS_BACKEND"], "KERAS_BACKEND")
    home = os.environ.get("KERAS_HOME")
    file = Path(home) / "keras.json" if home else expanded("~/.keras/keras.json")
    try:
        said = json.loads(file.read_bytes()).get("backend")
    except (OSError, ValueError, AttributeError, RuntimeError):
        said = None
    return Choice(said, str(file)) if isinstance(said, str) and said else Choice(BACKENDS[0], "")


def installed() -> list[str]:
    """The backends that are there to be imported."""
    from importlib.util import find_spec

    return [backend for backend in BACKENDS if find_spec(backend) is not None]


def usable() -> str:
    """The chosen backend where it is installed, else one that is; to read constructors, any will do."""
    wanted, there = chosen().backend, installed()
    return wanted if wanted in there or not there else there[0]


def wanted(backend: str | None = None, like: Any = None) -> str:
    """The backend that a process is to take in which Keras is not imported yet.

    Args:
        backend: `tensorflow`, `jax` or `torch`; none leaves it to `KERAS_BACKEND`, then to `like`, then to Keras.
        like: The backend of what is to be gone on with, where that is known.

    Returns:
        The backend's name.

    Raises:
        HornbookError: When it is not installed.
    """
    before = like if like in BACKENDS and not os.environ.get("KERAS_BACKEND") else None
    name = str(backend or before or chosen().backend)
    if name in BACKENDS and name not in installed():
        message = f"the backend {name!r} is not installed"
        optional = f"pip install 'hornbook[{name}]' (in a clone: `uv run --extra {name} hornbook …`)"
        way = "pip install tensorflow" if name == "tensorflow" else optional
        hint = f"{way}, or choose another with --backend or KERAS_BACKEND"
        raise HornbookError(Problem(code="HB508", message=message, hint=hint, unavailable=True))
    return name


def choose(backend: str | None = None, like: Any = None) -> str:
    """Choose the backend of this process, before Keras is imported; see `wanted`.

    Returns:
        The backend's name: where Keras is imported already, of the one that it has.

    Raises:
        HornbookError: When it is not installed, or Keras has another one already.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    if "keras" in sys.modules:
        return _kept(backend)
    name = wanted(backend, like)
    if name != chosen().backend:
        os.environ["KERAS_BACKEND"] = name
    return name


def _kept(backend: str | None) -> str:
    """The backend that Keras has, unless another is asked for."""
    import keras

    taken = str(keras.backend.backend())
    if backend not in (None, taken):
        message = f"Keras runs on {taken} already, and cannot change to {backend}"
        raise HornbookError(Problem(code="HB503", message=message, hint=f"set KERAS_BACKEND={backend}"))
    return taken
