"""Observers: the hooks of plugins that are told of a run. What goes wrong in one is a warning."""

from collections.abc import Callable
from typing import Any

from hornbook.catalog import Catalog
from hornbook.discovery import hooking
from hornbook.discovery.plugin import Plugin


class Observers:
    """Tells plugins of a run.

    Args:
        catalog: The plugins there are.
        warn: Told, in a line, of a hook that failed.
    """

    def __init__(self, catalog: Catalog, warn: Callable[[str], None]) -> None:
        self._plugins = catalog.plugins
        self._warn = warn

    def tell(self, hook: str, **arguments: Any) -> None:
        """Call a hook of all plugins that have it."""
        list(hooking.call(self._plugins, hook, self._failed, **arguments))

    def _failed(self, plugin: Plugin, error: Exception) -> None:
        self._warn(f"the plugin {plugin.name} ({plugin.distribution} {plugin.version}): {error}")
