"""What a run ran on: Python, platform, backend and the distributions in play."""

import platform
import sys
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from typing import Any

ALWAYS = ("keras", "numpy", "hornbook-registry", "hornbook-cli")
BACKENDS = {"tensorflow": ("tensorflow", "tensorflow-cpu"), "jax": ("jax", "jaxlib"), "torch": ("torch",)}


def distributions(plugins: Iterable[str], backend: str) -> dict[str, str]:
    """The distributions in play, each with its version.

    Args:
        plugins: The distributions of the plugins that the recipe uses.
        backend: The Keras backend.

    Returns:
        Versions by distribution, ordered by name.
    """
    wanted = {*ALWAYS, *plugins, *BACKENDS.get(backend, (backend,))}
    return {name: found for name in sorted(wanted) if (found := _version(name))}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def describe(plugins: Iterable[str], backend: str) -> dict[str, Any]:
    """The environment as plain data, for `environment.json`."""
    return {
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "platform": platform.platform(),
        "machine": platform.machine(),
        "backend": backend,
        "distributions": distributions(plugins, backend),
        "argv": [part if "://" not in part else "…" for part in sys.argv],
    }
