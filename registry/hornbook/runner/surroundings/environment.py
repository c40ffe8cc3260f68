"""What a run runs on: Python, platform, backend, devices, the distributions in play and the commit."""

import json
import os
import platform
import sys
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from hornbook.catalog import Catalog
from hornbook.discovery.requirements import normal
from hornbook.recipes.recipe import Recipe
from hornbook.runner.journals.folder import RunFolder
from hornbook.runner.surroundings import devices
from hornbook.runner.surroundings.dependencies import in_play, installed

ALWAYS = ("keras", "numpy", "hornbook-registry", "hornbook-cli")
_PACKAGES = {"tensorflow": ("tensorflow", "tensorflow-cpu"), "jax": ("jax", "jaxlib"), "torch": ("torch",)}
SETTINGS = (
    *("TF_ENABLE_ONEDNN_OPTS", "TF_DETERMINISTIC_OPS", "TF_XLA_FLAGS", "XLA_FLAGS", "NVIDIA_TF32_OVERRIDE"),
    *("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "CUBLAS_WORKSPACE_CONFIG"),
)
"""Environment variables that change how a backend computes."""

_MOST_BYTES = 10_000_000
"""What `environment.json` may take."""


def used(recipe: Recipe) -> list[str]:
    """The distributions of the plugins that a recipe uses, in order."""
    return sorted({use.entry.distribution for use in recipe.uses()})


def essential(plugins: Iterable[str], backend: str) -> set[str]:
    """The distributions without which a run's model cannot be loaded, those that they require aside.

    Args:
        plugins: The distributions of the plugins that its recipe uses.
        backend: The Keras backend.
    """
    wanted = {*ALWAYS, *plugins, *_PACKAGES.get(backend, (backend,))} - {"hornbook-cli"}
    return {normal(name) for name in wanted}


def trackers(catalog: Catalog) -> list[str]:
    """The distributions whose plugins deliver runs, and those that they require."""
    offering = [
        plugin.distribution
        for plugin in catalog.plugins
        if plugin.state == "ready" and "hornbook_trackers" in plugin.hooks
    ]
    required = [name for one in installed(offering).values() for name in one.required]
    return sorted({normal(name) for name in (*offering, *required)})


def bystanders(recipe: Recipe, backend: str, catalog: Catalog) -> set[str]:
    """The distributions that change no result: those that deliver it, and nothing that computes needs.

    Args:
        recipe: What is carried out.
        backend: The Keras backend.
        catalog: The components there are.
    """
    return {"hornbook-cli", *trackers(catalog)} - in_play(essential(used(recipe), backend)).keys()


def describe(
    recipe: Recipe, delivering: Collection[str] = (), git: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The environment as plain data, for `environment.json`. The backend is imported by this.

    Args:
        recipe: What is carried out.
        delivering: The distributions of trackers, where the run is tracked.
        git: The commit of the working directory, as `hornbook.runner.surroundings.revision` found it.

    Returns:
        `python`, `implementation`, `platform`, `machine`, `backend`, `devices`, `settings`, `distributions`
        (versions by name), `editable` (those of them whose code may change without their version), `git`
        and `argv`.
    """
    import keras

    backend = keras.backend.backend()
    beside = installed(("hornbook-cli", *delivering))
    distributions = dict(sorted((in_play(essential(used(recipe), backend)) | beside).items()))
    return {
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "platform": platform.platform(),
        "machine": platform.machine(),
        "backend": backend,
        "devices": devices.describe(backend),
        "settings": {"floatx": keras.config.floatx(), **_settings()},
        "distributions": {name: one.version for name, one in distributions.items()},
        "editable": [name for name, one in distributions.items() if one.editable],
        "git": dict(git) if git else None,
        "argv": [part if "://" not in part else "…" for part in sys.argv],
    }


def known(folder: RunFolder) -> Mapping[str, Any]:
    """What a run ran on, as its `environment.json` tells; empty where that cannot be read."""
    try:
        if folder.environment.stat().st_size > _MOST_BYTES:
            return {}
        found = json.loads(folder.environment.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _settings() -> dict[str, str]:
    return {name: os.environ[name][:500] for name in SETTINGS if name in os.environ}
