"""The group of all commands. A command is imported when it is typed, never to be listed."""

import importlib
import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

import click
from click.shell_completion import CompletionItem

from hornbook.discovery.plugin import OFFICIAL, Command, Plugin
from hornbook.names import did_you_mean
from hornbook.problem import HornbookError, Problem
from hornbook_cli.edge import UNAVAILABLE, guarded
from hornbook_cli.inert import inert
from hornbook_cli.terminal import COMPLETING

SECTIONS: Mapping[str, Mapping[str, str]] = {
    "Find components": {
        "list": "List the components there are, by kind.",
        "search": "Search the components by words.",
        "show": "Show a component: its parameters, and how a recipe uses it.",
        "plugins": "List the installed plugins and their state.",
        "doctor": "Say what is wrong with the installation, and what to do about it.",
    },
    "Write recipes": {
        "check": "Say everything that is wrong with recipes, before anything is loaded.",
        "explain": "Explain the code of a problem, and how to mend it.",
        "freeze": "Write a recipe out whole, with every default, and where each value comes from.",
        "diff": "Say what two recipes or runs differ in, defaults included.",
        "preview": "Draw a recipe's learning rate and its augmented examples.",
        "schema": "Write the JSON Schema by which editors complete and check recipes.",
        "new": "Write a recipe for your data, to begin with.",
        "copy": "Copy a recipe that a plugin ships.",
    },
    "Run recipes": {
        "run": "Carry out a recipe.",
        "resume": "Go on with a run that was killed, interrupted or failed; or give it more epochs.",
        "reproduce": "Carry a run out once more, and say whether the result is the same.",
        "sweep": "Carry out a recipe with many values of its settings, and compare.",
        "sweeps": "List sweeps, or show the leaderboard of one.",
        "runs": "List runs and what came of them.",
        "report": "Draw the reports of a run, and say where they are.",
        "evaluate": "Measure the model of a run again, on its own data or other.",
        "predict": "Predict with the model of a run.",
        "sync": "Deliver to the trackers what is still owed of runs.",
    },
    "Set up": {
        "completion": "Print what lets a shell complete commands and names.",
    },
}
"""Our own commands with their one-line help; each is `command` in the module of its name."""

OWN = {name: line for section in SECTIONS.values() for name, line in section.items()}


class Hornbook(click.Group):
    """All commands: our own, and those of plugins as the index lists them."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> NoReturn:
        """Run the command line and exit; no error leaves here but as a message and an exit code."""
        arguments, debug = _without_debug(sys.argv[1:] if args is None else args)
        if COMPLETING in os.environ:
            import hornbook_cli.completing  # noqa: F401 - tells click how bash is to be answered
        inherited = super().main

        def action() -> object:
            return inherited(arguments, prog_name or "hornbook", complete_var, standalone_mode=False, **extra)

        sys.exit(guarded(action, debug))

    def invoke(self, ctx: click.Context) -> None:
        """Invoke the command that was typed; what it returns is nobody's exit code."""
        try:
            super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:  # whoever read the output has enough, which is no error
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands."""
        return [*OWN, *plugin_commands()]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name, imported now."""
        if cmd_name in OWN:
            module = importlib.import_module(f"hornbook_cli.commands.{cmd_name}")
            own: click.Command = module.command
            return own
        offers = _offers().get(cmd_name, [])
        return _imported(cmd_name, offers) if offers else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that was typed; where there is none, the nearest."""
        typed = args[0]
        if ctx.resilient_parsing or typed.startswith("-") or self.get_command(ctx, typed):
            return super().resolve_command(ctx, args)
        near = did_you_mean(typed, self.list_commands(ctx), "`hornbook --help` lists the commands")
        raise click.UsageError(f"there is no command {inert(typed)!r}; {near}{_unusable()}", ctx)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands, by section, without importing any."""
        added = {name: command.help for name, (_, command) in plugin_commands().items()}
        for title, commands in {**SECTIONS, "From plugins": added}.items():
            if commands:
                with formatter.section(title):
                    formatter.write_dl([(inert(name), inert(line)) for name, line in commands.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The commands that begin with what was typed, without importing any."""
        helps = OWN | {name: command.help for name, (_, command) in plugin_commands().items()}
        found = [CompletionItem(name, help=line) for name, line in helps.items()]
        options = click.Command.shell_complete(self, ctx, incomplete)
        return [item for item in found if item.value.startswith(incomplete)] + options


def plugin_commands() -> dict[str, tuple[Plugin, Command]]:
    """The commands that plugins add, by name, but for those that two plugins claim."""
    return {name: offers[0] for name, offers in sorted(_offers().items()) if len(offers) == 1}


def _offers() -> dict[str, list[tuple[Plugin, Command]]]:
    """Who offers which command. Ours come first, then those of official plugins; load order never counts."""
    from hornbook_cli.looking import installed

    offers: dict[str, list[tuple[Plugin, Command]]] = {}
    for plugin in installed().plugins:
        for command in plugin.commands if plugin.state == "ready" else ():
            if command.name not in OWN:
                offers.setdefault(command.name, []).append((plugin, command))
    for name, several in offers.items():
        official = [offer for offer in several if offer[0].name in OFFICIAL]
        offers[name] = official if len(official) == 1 else several
    return offers


def _imported(name: str, offers: list[tuple[Plugin, Command]]) -> click.Command:
    """A plugin's command.

    Raises:
        HornbookError: When it cannot be had; that it is listed harms no other command.
    """
    if len(offers) > 1:
        owners = " and ".join(f"{plugin.name} ({plugin.distribution})" for plugin, _ in offers)
        message = f"the command {name!r} is offered by more than one plugin: {owners}"
        raise _unavailable(message, "uninstall one of them")
    plugin, offered = offers[0]
    origin = f"the command {name!r} of {plugin.distribution} {plugin.version}"
    module, _, attribute = offered.target.partition(":")
    try:
        command = getattr(importlib.import_module(module), attribute)
    except (Exception, SystemExit) as error:
        message = f"{origin} cannot be loaded: {type(error).__name__}: {error}"
        raise _unavailable(message, "`hornbook plugins` shows the state of every plugin") from error
    if not isinstance(command, click.Command):
        raise _unavailable(f"{origin} is no command: {offered.target} is a {type(command).__name__}")
    return command


def _unavailable(message: str, hint: str = "") -> HornbookError:
    return HornbookError(Problem(code="HB205", message=message, hint=hint), exit_code=UNAVAILABLE)


def _unusable() -> str:
    from hornbook_cli.looking import installed

    names = [plugin.name for plugin in installed().plugins if plugin.state not in ("ready", "disabled")]
    return f"; not usable now: {inert(', '.join(names))} (`hornbook plugins` tells why)" if names else ""


def _without_debug(arguments: Sequence[str]) -> tuple[list[str], bool]:
    """`--debug` works wherever it stands: it is typed after something went wrong, at the end."""
    end = list(arguments).index("--") if "--" in arguments else len(arguments)
    before = [argument for argument in arguments[:end] if argument != "--debug"]
    return before + list(arguments[end:]), len(before) < end
