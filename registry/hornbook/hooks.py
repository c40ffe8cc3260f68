"""The hooks that a plugin may implement. Hooks return data; none is handed a registry to write into.

A plugin is a distribution with an entry point in the group `hornbook` that names a light module:

    [project.entry-points.hornbook]
    acme = "keras_acme.hornbook"

and in that module, functions marked with `hookimpl`:

    from hornbook import declare, hookimpl

    @hookimpl
    def hornbook_components():
        yield declare.loss("focal", "keras_acme.losses:Focal", labels="one_hot")
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pluggy

if TYPE_CHECKING:
    from hornbook.component import Component
    from hornbook.problem import Problem
    from hornbook.recipes.recipe import Recipe
    from hornbook.runner.run import Run
    from hornbook.tracker import Tracker

GROUP = "hornbook"
"""The entry point group in which plugins are found."""

hookspec = pluggy.HookspecMarker(GROUP)
hookimpl = pluggy.HookimplMarker(GROUP)


@hookspec
def hornbook_components() -> Iterable[Component]:  # type: ignore[empty-body]
    """Yield the components that the plugin contributes; made with `hornbook.declare`."""


@hookspec
def hornbook_recipes() -> Iterable[Path]:  # type: ignore[empty-body]
    """Yield the recipe files that the plugin ships; `hornbook run NAME` finds them by stem."""


@hookspec
def hornbook_commands() -> Iterable[Mapping[str, str]]:  # type: ignore[empty-body]
    """Yield commands for the command line, loaded only when typed.

    Each is `{"name": "ui", "target": "package.module:command", "help": "One line."}`, where the target
    is a click command.
    """


@hookspec
def hornbook_check_recipe(recipe: Recipe) -> Iterable[Problem]:  # type: ignore[empty-body]
    """Yield what is wrong with a recipe that uses this plugin, beyond what the core finds."""


@hookspec
def hornbook_trackers() -> Iterable[Tracker]:  # type: ignore[empty-body]
    """Yield trackers: each delivers the journals of runs to a store of its own."""


@hookspec
def hornbook_run_started(run: Run) -> None:
    """Called when training is about to start."""


@hookspec
def hornbook_epoch_ended(run: Run, epoch: int, logs: Mapping[str, Any]) -> None:
    """Called after each epoch (counted from 1) with its metrics."""


@hookspec
def hornbook_run_ended(run: Run, outcome: str) -> None:
    """Called once when a run has ended, with its outcome."""
