"""Looking inside one plugin: import it, call its hooks, look at its targets. Runs in a process of its own.

A plugin's code may do anything here: what it raises, `SystemExit` and `KeyboardInterrupt` too, is a finding.
What only another process can see, that it hangs, exits or eats memory, `hornbook.discovery.template` sees.
"""

import importlib
import inspect
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from importlib.metadata import Distribution, PackageNotFoundError, PathDistribution, distribution
from pathlib import Path
from typing import Any, TypeVar

import pluggy
from packaging.requirements import Requirement

from hornbook import hooks
from hornbook.component import KINDS, Component
from hornbook.discovery.limits import LONGEST_TEXT, MOST
from hornbook.discovery.plugin import Command, EntryPoint, Plugin, Stage
from hornbook.discovery.signature import complete
from hornbook.discovery.sources import sources
from hornbook.discovery.validation import faults, shortened, trimmed

Yielded = TypeVar("Yielded")
HEAVY = ("keras", "tensorflow", "jax", "torch", "numpy", "scipy", "sklearn", "pandas", "mlflow")
"""What no plugin's light module should import."""


class _Fault(Exception):
    """A plugin is not usable, with the stage at which that showed."""

    def __init__(self, stage: Stage, cause: str) -> None:
        super().__init__(cause)
        self.stage, self.cause = stage, cause


def inspect_plugin(
    entry: EntryPoint, targets: bool = True, reached: Callable[[Stage], None] = lambda stage: None
) -> Plugin:
    """Import a plugin and see what it contributes.

    All or nothing: one invalid component and the plugin contributes none.

    Args:
        entry: The plugin's entry point.
        targets: Whether to look at the components' targets too, which imports Keras.
        reached: Told of the stages after `import` as they begin.

    Returns:
        The plugin, `ready` or `broken`; never an exception.
    """
    before = set(sys.modules)
    started = time.perf_counter()
    own = _own_packages(entry)
    found = Plugin(entry=entry, state="broken", sources=())
    try:
        module = _attempt("import", lambda: importlib.import_module(entry.module))
        found = replace(
            found,
            import_seconds=time.perf_counter() - started,
            heavy=tuple(name for name in HEAVY if name in sys.modules and name not in before),
        )
        reached("hooks")
        contributed = _contributed(entry, module, own)
        if targets:
            reached("target")
            components = tuple(_completed(component) for component in contributed["components"])
            contributed["components"] = components
        return replace(found, state="ready", sources=sources(entry, own), **contributed)
    except _Fault as fault:
        cause = shortened(fault.cause, LONGEST_TEXT)
        return replace(found, stage=fault.stage, cause=cause, sources=sources(entry, own))


def _contributed(entry: EntryPoint, module: Any, own: set[str]) -> dict[str, Any]:
    """What the hooks of a plugin's module give, by the field of `Plugin` that holds it."""
    manager = _registered(entry, module)
    trackers = _listed(manager, "hornbook_trackers")
    return {
        "hooks": tuple(name for name in _specified() if getattr(manager.hook, name).get_hookimpls()),
        "components": _components(entry, manager, own),
        "recipes": _attempt("declaration", lambda: tuple(map(_recipe, _listed(manager, "hornbook_recipes")))),
        "commands": _attempt(
            "declaration", lambda: tuple(map(_command, _listed(manager, "hornbook_commands")))
        ),
        "tracking": _attempt("hooks", lambda: tuple(str(key) for one in trackers for key in one.options)),
    }


def _attempt(stage: Stage, action: Any) -> Any:
    try:
        return action()
    except _Fault:
        raise
    except BaseException as error:
        words = " ".join(_words(error).split())
        raise _Fault(stage, f"{type(error).__name__}: {words}" if words else type(error).__name__) from error


def _words(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # an exception of the plugin's own making
        return ""


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


def _recipe(path: Any) -> str:
    file = Path(path)
    if not (file.is_absolute() and file.is_file()):
        raise _Fault("declaration", f"it ships the recipe {str(file)!r}, which is not there")
    return str(file)


def _command(said: Any) -> Command:
    command = Command(**said)
    if not all(isinstance(text, str) for text in (command.name, command.target, command.help)):
        raise _Fault("declaration", f"the command {command.name!r} is not described in text")
    return replace(command, help=shortened(command.help, LONGEST_TEXT))


def _components(entry: EntryPoint, manager: pluggy.PluginManager, own: set[str]) -> tuple[Component, ...]:
    declared = _listed(manager, "hornbook_components")
    packages = _attempt("metadata", lambda: _packages(entry, own))
    wrong = _attempt("declaration", lambda: [one for each in declared for one in faults(each, packages)])
    wrong += _repeated(declared) if not wrong else []
    if wrong:
        more = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
        raise _Fault("declaration", shortened(wrong[0], LONGEST_TEXT - 20) + more)
    return tuple(map(trimmed, declared))


def _repeated(components: list[Component]) -> list[str]:
    """What a plugin says twice: one name for two components, or one component two times."""
    seen: dict[tuple[str, str], int] = {}
    wrong = []
    for number, component in enumerate(components):
        for name in (component.name, *component.aliases):
            first = seen.setdefault((component.kind, name), number)
            if first != number:
                targets = f"{components[first].target!r} and {component.target!r}"
                wrong.append(f"{component.kind} {name!r} names both {targets}")
    return wrong


def _completed(component: Component) -> Component:
    named = f"{component.kind} {component.name!r}"
    target = _attempt("target", lambda: load_target(component.target))
    if not callable(target):
        raise _Fault("target", f"{named}: {component.target} is not callable")
    kind = KINDS[component.kind]
    if kind.called and inspect.isclass(target) and not issubclass(target, load_target(kind.type)):
        raise _Fault("target", f"{named}: {component.target} is no {kind.type.replace(':', '.')}")
    completed: Component = _attempt("target", lambda: complete(component, target))
    for said, names in (("presets", component.defaults), ("provides", component.provided)):
        unknown = [name for name in names if name not in completed.parameters]
        if unknown and not completed.open_ended:
            raise _Fault("target", f"{named} {said} {unknown[0]!r}, which {component.target} does not take")
    return completed


def load_target(target: str) -> Any:
    """The object that a target names.

    Args:
        target: As `"package.module:Attribute"`; checked beforehand.

    Returns:
        The attribute of the module.
    """
    module, _, attribute = target.partition(":")
    return getattr(importlib.import_module(module), attribute)


def _own_packages(entry: EntryPoint) -> set[str]:
    """The top-level packages of the plugin's own distribution. An editable install tells none of them."""
    try:
        own = set(_top_levels(PathDistribution(Path(entry.location)))) if entry.location else set()
    except Exception:  # damaged metadata; what can be said of it is said where it is read
        own = set()
    return own | {entry.module.partition(".")[0]}


def _packages(entry: EntryPoint, own: set[str]) -> set[str]:
    """Where the plugin's targets may live: its own packages, Keras, and what it requires."""
    packages = own | {"keras"}
    for requirement in entry.requires:
        try:
            packages.update(_top_levels(distribution(Requirement(requirement).name)))
        except PackageNotFoundError:
            continue
    return packages - {"hornbook"}


def _top_levels(of: Distribution) -> Iterator[str]:
    for file in of.files or ():
        top = file.parts[0]
        if len(file.parts) > 1 and top.isidentifier():
            yield top
        elif top.endswith(".py"):
            yield top.removesuffix(".py")
