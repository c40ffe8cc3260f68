"""A word on plugins that cannot be used: one line where nobody asked for them, an error where somebody did."""

from collections.abc import Sequence

import click

from hornbook.discovery.plugin import Plugin
from hornbook.names import did_you_mean
from hornbook.problem import HornbookError, Problem
from hornbook_cli.edge import UNAVAILABLE
from hornbook_cli.inert import inert
from hornbook_cli.terminal import err, shortened, styled

REQUESTED, TOLD = "hornbook.requested", "hornbook.told"
_SHOWING_ALL = ("plugins", "doctor")
_MOST_NAMED = 5
_LONGEST_CAUSE = 120


def answer_for(plugins: Sequence[Plugin]) -> None:
    """Say which plugins cannot be used, once a command; nothing where data or completions are printed.

    Args:
        plugins: The installed plugins.

    Raises:
        HornbookError: When `--plugins` names one that is not installed or cannot be used.
    """
    context = click.get_current_context(silent=True)
    if context is None or context.parent is None or context.resilient_parsing:
        return
    if context.info_name in _SHOWING_ALL or context.meta.get(TOLD):
        return
    context.meta[TOLD] = True
    _hold_to_request(context.meta.get(REQUESTED, ()), plugins)
    unusable = [plugin for plugin in plugins if plugin.state not in ("ready", "disabled")]
    if unusable and not context.params.get("as_json"):
        err(f"{styled('warning', fg='yellow', bold=True)}: {_line(unusable)}")


def _line(unusable: Sequence[Plugin]) -> str:
    if len(unusable) == 1:
        plugin = unusable[0]
        cause = shortened(inert(plugin.cause), _LONGEST_CAUSE)
        named = f"the plugin {inert(plugin.name)} ({inert(plugin.distribution)} {inert(plugin.version)})"
        return f"{named} is {plugin.state}: {cause}; `hornbook doctor` tells what to do"
    names = ", ".join(inert(plugin.name) for plugin in unusable[:_MOST_NAMED])
    more = f" and {len(unusable) - _MOST_NAMED} more" if len(unusable) > _MOST_NAMED else ""
    return f"{len(unusable)} plugins cannot be used: {names}{more}; `hornbook plugins` tells why"


def _hold_to_request(requested: Sequence[str], plugins: Sequence[Plugin]) -> None:
    from hornbook.discovery.remedies import remedy

    problems = []
    for name in requested:
        named = [plugin for plugin in plugins if plugin.name == name]
        if not named:
            near = did_you_mean(name, [plugin.name for plugin in plugins], "`hornbook plugins` lists them")
            problems.append(
                Problem(code="HB203", message=f"no plugin {name!r} is installed", hint=near, unavailable=True)
            )
        for plugin in named:
            if plugin.state != "ready":
                origin = f"{plugin.distribution} {plugin.version}"
                message = f"the plugin {name!r} ({origin}) is {plugin.state}: {plugin.cause}"
                problems.append(Problem(code="HB204", message=message, hint=remedy(plugin), unavailable=True))
    if problems:
        raise HornbookError(problems, exit_code=UNAVAILABLE)
