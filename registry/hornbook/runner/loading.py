"""Loading the model of a run, together with the plugins whose classes it is made of."""

import importlib
import json
import zipfile
from collections.abc import Collection, Iterator
from contextlib import suppress
from typing import Any

import keras

from hornbook.catalog import Catalog, catalog
from hornbook.problem import HornbookError, Problem
from hornbook.runner.journals.folder import RunFolder
from hornbook.runner.journals.record import record


def load_model(folder: RunFolder) -> keras.Model:
    """Load the model that a run saved.

    Args:
        folder: The run's folder.

    Returns:
        The model, compiled as it was trained.

    Raises:
        HornbookError: When the run saved none, a plugin it needs is missing, or it cannot be read.
    """
    if not folder.model.is_file():
        message = f"the run {folder.id} has saved no model"
        raise HornbookError(
            Problem(code="HB504", message=message, hint="`hornbook runs` tells how runs ended")
        )
    installed = catalog()
    registered = _registered_names(folder)
    _import_owners(registered, record(folder).details.get("plugins", {}), installed)
    missing = sorted(name for name in registered if keras.saving.get_registered_object(name) is None)
    if missing:
        raise HornbookError(_missing(folder, missing))
    try:
        return keras.saving.load_model(folder.model)
    except Exception as error:
        message = f"the model of {folder.id} cannot be loaded: {' '.join(str(error).split())[:500]}"
        raise HornbookError(Problem(code="HB506", message=message), exit_code=1) from error


def _registered_names(folder: RunFolder) -> set[str]:
    """The classes that are not Keras' own: `package>Name`, all over the model's configuration."""
    try:
        with zipfile.ZipFile(folder.model) as archive:
            config = json.loads(archive.read("config.json"))
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        message = f"{folder.model} is not a saved Keras model: {error}"
        raise HornbookError(Problem(code="HB505", message=message), exit_code=1) from None
    return set(_names(config))


def _names(config: Any) -> Iterator[str]:
    if isinstance(config, dict):
        name = config.get("registered_name")
        if isinstance(name, str) and ">" in name:
            yield name
        for value in config.values():
            yield from _names(value)
    elif isinstance(config, list):
        for value in config:
            yield from _names(value)


def _import_owners(names: set[str], plugins: Collection[str], installed: Catalog) -> None:
    """Import the modules that register the classes named.

    A class is mostly registered under the name of its package; else a plugin that the run used has it.
    """
    packages = {name.partition(">")[0] for name in names}
    modules = {"hornbook.assembly.activation"} if "hornbook" in packages else set()
    for entry in installed.entries:
        module = entry.component.target.partition(":")[0]
        package = module.partition(".")[0]
        if package in packages or (entry.plugin in plugins and package != "keras"):
            modules.add(module)
    for module in sorted(modules):
        # One that cannot be imported here may not be needed: the classes still missing are named.
        with suppress(Exception):
            importlib.import_module(module)


def _missing(folder: RunFolder, names: list[str]) -> Problem:
    """Name what the model lacks, and where the run had it from."""
    had = record(folder).details.get("plugins", {})
    listed = ", ".join(names)
    origin = "; ".join(f"{name}: {distribution}" for name, distribution in had.items())
    return Problem(
        code="HB507",
        message=f"the model of {folder.id} needs {listed}, which no installed plugin has",
        hint=f"the run had its parts from {origin}",
        unavailable=True,
    )
