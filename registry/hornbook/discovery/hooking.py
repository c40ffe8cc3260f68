"""Calling the hooks of ready plugins, each on its own, so that one that fails harms no other."""

import importlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pluggy

from hornbook import hooks
from hornbook.discovery.plugin import Plugin

Failed = Callable[[Plugin, Exception], None]
"""Told of a plugin whose hook raised."""


def call(plugins: Iterable[Plugin], hook: str, failed: Failed, **arguments: Any) -> Iterator[Any]:
    """Call a hook of every ready plugin that implements it.

    Args:
        plugins: The installed plugins.
        hook: The hook's name, such as `"hornbook_trackers"`.
        failed: Called with a plugin that raises, and what it raised; the others are called all the same.
        **arguments: What the hook takes.

    Yields:
        What each plugin answers.
    """
    for plugin in plugins:
        if plugin.state != "ready" or hook not in plugin.hooks:
            continue
        try:
            manager = pluggy.PluginManager(hooks.GROUP)
            manager.add_hookspecs(hooks)
            manager.register(importlib.import_module(plugin.entry.module), plugin.name)
            yield from getattr(manager.hook, hook)(**arguments)
        except SystemExit as error:
            failed(plugin, RuntimeError(f"it asked to exit with {error.code!r}"))
        except Exception as error:
            failed(plugin, error)
