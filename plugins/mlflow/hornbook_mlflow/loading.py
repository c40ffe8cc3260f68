"""How MLflow loads a model that holds classes from plugins: their modules first, so that Keras knows them.

This is the `loader_module` of such models in MLflow's `python_function` flavour. A model of Keras' own
classes names `mlflow.keras` there and needs nothing of Hornbook.
"""

import json
import re
import zipfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

_DOTTED = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")


def own_modules(file: Path) -> list[str]:
    """Name the modules to import before Keras can load a model.

    Keras finds a registered class only once its module is imported, and does not import it itself.

    Args:
        file: A `.keras` file.

    Returns:
        The modules of all registered classes in it that are not Keras' own, sorted.
    """
    with zipfile.ZipFile(file) as archive:
        config = json.loads(archive.read("config.json"))
    return sorted({module for module in _registered(config) if _DOTTED.fullmatch(module)})


def _registered(config: Any) -> Iterator[str]:
    if isinstance(config, dict):
        package = str(config.get("registered_name")).rpartition(">")[0]
        module = config.get("module")
        if package and isinstance(module, str) and module.partition(".")[0] not in ("keras", "builtins"):
            yield module
        config = list(config.values())
    if isinstance(config, list):
        for part in config:
            yield from _registered(part)


def _load_pyfunc(path: str) -> Any:
    """Load a model for MLflow's `python_function` flavour; MLflow calls this by its name."""
    import mlflow.keras
    from mlflow.models import Model

    for module in Model.load(path).flavors["keras"]["own_modules"]:
        import_module(module)
    return mlflow.keras._load_pyfunc(path)
