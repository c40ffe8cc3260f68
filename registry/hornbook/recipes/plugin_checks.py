"""What plugins find wrong with recipes that use them, through `hornbook_check_recipe`."""

from collections.abc import Iterator
from typing import Any

from hornbook.discovery import hooking
from hornbook.discovery.plugin import Plugin
from hornbook.problem import Problem
from hornbook.recipes.recipe import Recipe

HOOK = "hornbook_check_recipe"
COMMON = frozenset({"experiment", "tags"})
"""Options that every tracker may know; the core checks them."""
MOST = 1000
"""How many problems one plugin may report; an answer that never ends is cut here."""


def checking(recipe: Recipe, plugins: tuple[Plugin, ...]) -> tuple[Plugin, ...]:
    """The plugins that a recipe uses, by a component or an option of their trackers, and that check recipes."""
    used = {use.entry.plugin for use in recipe.uses()}
    options = recipe.tracking.keys() - COMMON
    return tuple(
        plugin
        for plugin in plugins
        if HOOK in plugin.hooks and (plugin.name in used or options & set(plugin.tracking))
    )


def found_by_plugins(recipe: Recipe, plugins: tuple[Plugin, ...]) -> Iterator[Problem]:
    """Ask the plugins that a recipe uses; only their light hook modules are imported.

    Args:
        recipe: The recipe.
        plugins: As `checking` gives them.

    Yields:
        Their problems; a warning for each plugin whose check fails, which stops nothing.
    """
    for plugin in plugins:
        failures: list[Problem] = []

        def failed(plugin: Plugin, error: Exception, failures: list[Problem] = failures) -> None:
            failures.append(_failure(plugin, f"{type(error).__name__}: {error}"))

        for answer in hooking.call([plugin], HOOK, failed, recipe=recipe):
            yield from _problems(plugin, answer, failures)
        yield from failures


def _problems(plugin: Plugin, answer: Any, failures: list[Problem]) -> Iterator[Problem]:
    try:
        for number, problem in enumerate(answer or ()):
            if not isinstance(problem, Problem) or number >= MOST:
                what = "too many problems" if number >= MOST else f"a {type(problem).__name__}, no Problem"
                failures.append(_failure(plugin, f"it yields {what}"))
                return
            yield problem
    except (Exception, SystemExit) as error:  # a generator runs only now
        failures.append(_failure(plugin, f"{type(error).__name__}: {error}"))


def _failure(plugin: Plugin, cause: str) -> Problem:
    words = " ".join(cause.split())[:300]
    return Problem(
        code="HB206",
        message=f"the check of the plugin {plugin.name!r} ({plugin.distribution} {plugin.version}) failed: {words}",
        hint="this stops nothing; tell whoever makes it",
        severity="warning",
    )
