"""Looking inside one plugin: import it, call its hooks, look at its targets. Runs in a child process.

`python -m hornbook.discovery.inspection` reads entry points as JSON lines from standard input and writes,
to the file descriptor it is given, one line before and one line after each plugin. The parent watches
the lines: a plugin that hangs, exits or eats memory costs only itself.
"""

import importlib
import json
import os
import sys
import time
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any, TypeVar

import pluggy
from packaging.requirements import Requirement

from hornbook import hooks
from hornbook.component import Component
from hornbook.discovery.codec import decode_entry, encode
from hornbook.discovery.plugin import Command, EntryPoint, Plugin, Stage
from hornbook.discovery.signature import complete
from hornbook.discovery.validation import faults

Yielded = TypeVar("Yielded")
MOST = 10_000
"""No plugin may yield more than this from one hook: an output that never ends is a fault."""


class _Fault(Exception):
    """A plugin is not usable, with the stage at which that showed."""

    def __init__(self, stage: Stage, cause: str) -> None:
        super().__init__(cause)
        self.stage, self.cause = stage, cause


def inspect_plugin(entry: EntryPoint) -> Plugin:
    """Import a plugin and see what it contributes.

    All or nothing: one invalid component and the plugin contributes none.

    Args:
        entry: The plugin's entry point.

    Returns:
        The plugin, `ready` or `broken`; never an exception.
    """
    started = time.perf_counter()
    try:
        module = _attempt("import", lambda: importlib.import_module(entry.module))
        seconds = time.perf_counter() - started
        manager = _registered(entry, module)
        components = _components(entry, manager)
        recipes = _listed(manager, "hornbook_recipes")
        commands = _listed(manager, "hornbook_commands")
        trackers = _listed(manager, "hornbook_trackers")
        return Plugin(
            entry=entry,
            hooks=tuple(name for name in _specified() if getattr(manager.hook, name).get_hookimpls()),
            components=components,
            recipes=tuple(str(path) for path in recipes),
            commands=_attempt("declaration", lambda: tuple(Command(**command) for command in commands)),
            tracking=_attempt("hooks", lambda: tuple(key for one in trackers for key in one.options)),
            import_seconds=seconds,
            sources=_sources(entry),
        )
    except _Fault as fault:
        return Plugin(
            entry=entry, state="broken", stage=fault.stage, cause=fault.cause, sources=_sources(entry)
        )


def _attempt(stage: Stage, action: Any) -> Any:
    try:
        return action()
    except _Fault:
        raise
    except (Exception, SystemExit) as error:
        words = " ".join(str(error).split())
        raise _Fault(stage, f"{type(error).__name__}: {words}" if words else type(error).__name__) from error


def _specified() -> list[str]:
    return [name for name in vars(hooks) if name.startswith("hornbook_")]


def _registered(entry: EntryPoint, module: Any) -> pluggy.PluginManager:
    manager = pluggy.PluginManager(hooks.GROUP)
    manager.add_hookspecs(hooks)
    _attempt("hooks", lambda: manager.register(module, entry.name))
    unknown = [name for name in _implementations(module) if name not in _specified()]
    if unknown:
        from hornbook.names import nearest

        better = nearest(unknown[0], _specified())
        remedy = f"; did you mean {better[0]!r}?" if better else ""
        raise _Fault("hooks", f"there is no hook {unknown[0]!r}{remedy}")
    _attempt("hooks", manager.check_pending)
    return manager


def _implementations(module: Any) -> list[str]:
    marker = f"{hooks.GROUP}_impl"
    return [name for name, value in vars(module).items() if getattr(value, marker, None) is not None]


def _listed(manager: pluggy.PluginManager, hook: str) -> list[Any]:
    answers = _attempt("hooks", getattr(manager.hook, hook))
    return [one for answer in answers for one in _attempt("hooks", lambda a=answer: _bounded(hook, a))]


def _bounded(hook: str, answer: Iterable[Yielded] | None) -> list[Yielded]:
    listed: list[Yielded] = []
    for one in answer or ():
        listed.append(one)
        if len(listed) > MOST:
            raise _Fault("hooks", f"{hook} yields more than {MOST:,} things")
    return listed


def _components(entry: EntryPoint, manager: pluggy.PluginManager) -> tuple[Component, ...]:
    declared = _listed(manager, "hornbook_components")
    packages = _packages(entry)
    wrong = [fault for component in declared for fault in faults(component, packages)]
    wrong += _repeated(declared) if not wrong else []
    if wrong:
        more = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
        raise _Fault("declaration", wrong[0] + more)
    return tuple(_completed(component) for component in declared)


def _repeated(components: list[Component]) -> list[str]:
    seen: dict[tuple[str, str], Component] = {}
    wrong = []
    for component in components:
        for name in (component.name, *component.aliases):
            first = seen.setdefault((component.kind, name), component)
            if first is not component:
                wrong.append(
                    f"{component.kind} {name!r} names both {first.target!r} and {component.target!r}"
                )
    return wrong


def _completed(component: Component) -> Component:
    target = _attempt("target", lambda: load_target(component.target))
    if not callable(target):
        raise _Fault("target", f"{component.kind} {component.name!r}: {component.target} is not callable")
    return _attempt("target", lambda: complete(component, target))  # type: ignore[no-any-return]


def load_target(target: str) -> Any:
    """The object that a target names.

    Args:
        target: As `"package.module:Attribute"`; checked beforehand.

    Returns:
        The attribute of the module.
    """
    module, _, attribute = target.partition(":")
    return getattr(importlib.import_module(module), attribute)


def _packages(entry: EntryPoint) -> set[str]:
    """Where the plugin's targets may live: its own package, Keras, and what it requires."""
    packages = {entry.module.partition(".")[0], "keras"}
    for requirement in entry.requires:
        packages.update(_top_levels(Requirement(requirement).name))
    return packages - {"hornbook"}


def _top_levels(name: str) -> Iterator[str]:
    try:
        files = distribution(name).files or ()
    except PackageNotFoundError:
        return
    for file in files:
        top = file.parts[0]
        if len(file.parts) > 1 and top.isidentifier():
            yield top
        elif top.endswith(".py"):
            yield top.removesuffix(".py")


def _sources(entry: EntryPoint) -> tuple[tuple[str, int], ...]:
    """The plugin's own files, so that an edited one is read again."""
    package = sys.modules.get(entry.module.partition(".")[0])
    folders = [Path(folder) for folder in getattr(package, "__path__", ())]
    files = [file for folder in folders for file in (folder, *sorted(folder.rglob("*.py")))][:500]
    if not folders and getattr(package, "__file__", None):
        files = [Path(str(package.__file__))]  # type: ignore[union-attr]
    return tuple((str(file), file.stat().st_mtime_ns) for file in files)


def main() -> None:
    """Inspect the plugins named on standard input; see the module's docstring."""
    with os.fdopen(int(sys.argv[1]), "w", encoding="utf-8") as findings:

        def say(line: str) -> None:
            findings.write(line + "\n")
            findings.flush()

        for line in sys.stdin:
            entry = decode_entry(json.loads(line))
            say(json.dumps({"begun": entry.name}))
            say(json.dumps(encode(inspect_plugin(entry))))
        findings.flush()
        os._exit(0)  # a thread that a plugin left behind must not keep the process


if __name__ == "__main__":
    main()
