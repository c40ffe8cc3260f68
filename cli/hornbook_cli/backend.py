"""Choosing the Keras backend and saying so when it is not there, before anything imports it."""

import json
import os
from importlib.util import find_spec
from pathlib import Path

from hornbook.problem import HornbookError, Problem
from hornbook.runner.run import choose_backend
from hornbook_cli.options import BACKENDS


def prepare_backend(backend: str | None) -> str:
    """Choose a backend for this process.

    Args:
        backend: `tensorflow`, `jax` or `torch`; none leaves it to `KERAS_BACKEND`, then to Keras.

    Returns:
        The backend's name.

    Raises:
        HornbookError: When it is not installed.
    """
    wanted = backend or os.environ.get("KERAS_BACKEND") or _configured()
    if wanted in BACKENDS and find_spec(wanted) is None:
        message = f"the backend {wanted!r} is not installed"
        package = "tensorflow" if wanted == "tensorflow" else f"'hornbook[{wanted}]'"
        hint = f"pip install {package}, or choose another with --backend"
        raise HornbookError(Problem(code="HB508", message=message, hint=hint, unavailable=True))
    choose_backend(backend)
    return wanted


def _configured() -> str:
    """The backend that Keras' own settings name; TensorFlow where they name none."""
    folder = os.environ.get("KERAS_HOME") or Path.home() / ".keras"
    try:
        return str(json.loads(Path(folder, "keras.json").read_bytes())["backend"])
    except (OSError, ValueError, LookupError, TypeError):
        return "tensorflow"
