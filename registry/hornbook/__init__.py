"""Hornbook: a plugin registry and recipe runner for Keras 3.

Importing this is light: no Keras, no backend and no plugin is loaded until something is asked for.
"""

from hornbook.api import (
    components,
    get,
    load,
    plugins,
    read,
    reproduce,
    resume,
    resume_sweep,
    run,
    runs,
    sweep,
)
from hornbook.component import Component, Kind, Parameter
from hornbook.hooks import hookimpl
from hornbook.problem import HornbookError, Problem

__all__ = [
    "Component",
    "HornbookError",
    "Kind",
    "Parameter",
    "Problem",
    "components",
    "get",
    "hookimpl",
    "load",
    "plugins",
    "read",
    "reproduce",
    "resume",
    "resume_sweep",
    "run",
    "runs",
    "sweep",
]
__version__ = "0.1.0"
