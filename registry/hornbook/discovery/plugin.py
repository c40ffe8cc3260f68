"""Plugin: what is known of one installed plugin, whatever state it is in."""

from dataclasses import dataclass
from typing import Literal

from hornbook.component import Component

State = Literal["ready", "disabled", "incompatible", "broken", "conflicting"]
Stage = Literal["", "metadata", "import", "hooks", "declaration", "target"]

OFFICIAL = frozenset(
    {
        "losses",
        "optimizers",
        "schedulers",
        "augmenters",
        "layers",
        "metrics",
        "callbacks",
        "datasets",
        "models",
        "mlflow",
    }
)
"""Plugin names that only the distribution `hornbook-<name>` may bear."""


@dataclass(frozen=True, slots=True)
class EntryPoint:
    """Where a distribution says that its plugin is. Nothing is imported to know this.

    Args:
        name: The plugin's name.
        module: The module that implements the hooks.
        distribution: The distribution's name.
        version: The distribution's version.
        requires: What the distribution requires, as its metadata writes it.
        location: The folder of the distribution's metadata.
        stamp: Changes whenever the distribution is installed anew.
        fault: Why the metadata cannot be used, if so.
    """

    name: str
    module: str
    distribution: str
    version: str
    requires: tuple[str, ...] = ()
    location: str = ""
    stamp: int = 0
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Command:
    """A command that a plugin adds to the command line, loaded only when it is typed."""

    name: str
    target: str
    help: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plugin:
    """One plugin as found.

    Args:
        entry: Where it is and what it comes from.
        state: `ready`, or why it is not.
        stage: At which stage it broke.
        cause: In one line, what is wrong with it.
        hooks: The hooks that it implements.
        components: What it contributes, each with all its parameters.
        recipes: The recipe files that it ships.
        commands: The commands that it adds.
        tracking: The keys under `tracking:` that its trackers understand.
        import_seconds: How long its module took to import, in a process with nothing else loaded.
        heavy: What that brought in which a light module leaves to its targets, such as `"tensorflow"`.
        sources: The files that it was read from, each with its modification time in nanoseconds.
    """

    entry: EntryPoint
    state: State = "ready"
    stage: Stage = ""
    cause: str = ""
    hooks: tuple[str, ...] = ()
    components: tuple[Component, ...] = ()
    recipes: tuple[str, ...] = ()
    commands: tuple[Command, ...] = ()
    tracking: tuple[str, ...] = ()
    import_seconds: float = 0.0
    heavy: tuple[str, ...] = ()
    sources: tuple[tuple[str, int], ...] = ()

    @property
    def name(self) -> str:
        """The plugin's name, as in `name/component`."""
        return self.entry.name

    @property
    def distribution(self) -> str:
        """The distribution that it comes from."""
        return self.entry.distribution

    @property
    def version(self) -> str:
        """The version of that distribution."""
        return self.entry.version
