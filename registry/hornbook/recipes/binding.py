"""Names -> components: every name in a tree bound, every parameter checked, all problems collected."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from hornbook.catalog import Catalog, Entry
from hornbook.component import KINDS, Parameter
from hornbook.discovery.plugin import OFFICIAL
from hornbook.home import expanded
from hornbook.names import article, did_you_mean
from hornbook.problem import Place, Problem
from hornbook.recipes.document import MappingNode, Node, ScalarNode, SequenceNode, node, plain
from hornbook.recipes.references import Fact
from hornbook.recipes.shape import long_form
from hornbook.recipes.text import MOST_PROBLEMS
from hornbook.recipes.use import Use

_NOTHING = object()
"""Stands for a parameter that has no value yet."""


@dataclass(frozen=True, slots=True)
class _LeftOut:
    """A component's parameters where a recipe leaves them out.

    Args:
        values: What each then is, `_NOTHING` where that is for the recipe or the target to say.
        defaults: What the target itself takes, so that it need not be handed over.
    """

    values: Mapping[str, Any]
    defaults: Mapping[str, Any]


@dataclass(slots=True)
class Binder:
    """Binds the names in trees to the components of a catalog.

    Args:
        catalog: The components there are.
        problems: What was found wrong so far.
    """

    catalog: Catalog
    problems: list[Problem] = field(default_factory=list)
    _defaults: dict[tuple[str, str], Any] = field(default_factory=dict)
    _entries: dict[int, "_LeftOut"] = field(default_factory=dict)

    def use(self, kind: str, tree: Node, path: str) -> Use | None:
        """Bind a component's name, or a mapping with `use` and parameters.

        Args:
            kind: The kind that has its place here.
            tree: The name or mapping.
            path: Where it is in the recipe.

        Returns:
            The use; none where there is a problem with it, which is then in `problems`.
        """
        tree = long_form(tree)
        if not isinstance(tree, MappingNode):
            self._fault(
                "HB211", f"here goes {article(kind)}: its name, or a mapping with `use`", tree.place, path
            )
            return None
        name = tree.get("use")
        if not (isinstance(name, ScalarNode) and isinstance(name.value, str)):
            where = name.place if name else tree.place
            message = f"the {kind} has no name" if name is None else f"the name of {article(kind)} is text"
            self._fault("HB212", message, where, path, f"write `use:` and the name; `hornbook list {kind}`")
            return None
        place, (kind, written) = kind, _explicit(kind, name.value)
        if not _fits(kind, place):
            hint = f"`hornbook list {place}` shows those there are"
            self._fault("HB214", f"here goes {article(place)}, not {article(kind)}", name.place, path, hint)
            return None
        if len(self.problems) >= MOST_PROBLEMS:
            return None
        entry = self.catalog.find(kind, written)
        if isinstance(entry, Problem):
            self.problems.append(replace(entry, place=name.place, path=path))
            return None
        left_out = self._left_out(entry)
        parameters = self._parameters(entry, tree.without("use"), path, left_out.values)
        given = frozenset(tree.entries) - {"use"}
        return Use(entry, parameters, left_out.defaults, name.place, path, written, given)

    def uses(self, kind: str, tree: Node | None, path: str) -> tuple[Use, ...]:
        """Bind a list of components; the empty list where there is nothing."""
        if tree is None:
            return ()
        if not isinstance(tree, SequenceNode):
            self._fault("HB213", f"here goes a list of {kind}s", tree.place, path, f"write [{plain(tree)}]")
            return ()
        bound = (self.use(kind, item, f"{path}.{index}") for index, item in enumerate(tree.items))
        return tuple(use for use in bound if use is not None)

    def _parameters(
        self, entry: Entry, given: MappingNode, path: str, left_out: Mapping[str, Any]
    ) -> dict[str, Any]:
        known, open_ended = entry.component.parameters, entry.component.open_ended
        values = dict(left_out)  # in the order of the constructor
        for name, value in given.entries.items():
            if name in known:
                values[name] = self._value(entry, known[name], value, f"{path}.{name}")
            elif open_ended:
                values[name] = self._value(entry, Parameter(name=name), value, f"{path}.{name}")
            else:
                hint = did_you_mean(name, list(known), f"`hornbook show {entry.full_name}`")
                message = f"{entry.kind} {entry.name!r} has no parameter {name!r}"
                self._fault("HB221", message, given.key_place(name), f"{path}.{name}", hint)
        for name in [name for name, value in values.items() if value is _NOTHING]:
            del values[name]
            if known[name].required:
                message = f"{entry.kind} {entry.name!r} needs the parameter {name!r}"
                self._fault("HB222", message, given.place, path, known[name].description)
        return values

    def _left_out(self, entry: Entry) -> "_LeftOut":
        """What holds of an entry's parameters where a recipe does not give them; the same for every use."""
        if id(entry) not in self._entries:
            component = entry.component
            values: dict[str, Any] = {}
            defaults: dict[str, Any] = {}
            for name, parameter in component.parameters.items():
                provided, preset = name in component.provided, name in component.defaults
                has_default = not parameter.required and not parameter.opaque
                if provided and not preset:
                    values[name] = Fact(component.provided[name])
                else:
                    values[name] = self._default(parameter) if has_default else _NOTHING
                if has_default and not provided and not preset:
                    defaults[name] = values[name]
            self._entries[id(entry)] = _LeftOut(values, defaults)
        return self._entries[id(entry)]

    def _default(self, parameter: Parameter) -> Any:
        """A default as a recipe would write it: a name of a component becomes a use of it."""
        value = parameter.default
        if parameter.kind is None or not isinstance(value, (str, dict)):
            return value
        key = (parameter.kind, repr(value))
        if key not in self._defaults:
            trial = Binder(self.catalog)
            bound = trial.use(parameter.kind, node(value), parameter.name)
            self._defaults[key] = value if trial.problems else bound
        return self._defaults[key]

    def _value(self, entry: Entry, parameter: Parameter, tree: Node, path: str) -> Any:
        kind = parameter.kind
        if isinstance(tree, SequenceNode):
            items = enumerate(tree.items)
            return [self._value(entry, parameter, item, f"{path}.{index}") for index, item in items]
        if isinstance(tree, MappingNode):
            if "use" in tree.entries:
                return self._component(entry, parameter, tree, path)
            if kind is not None:
                self._fault("HB212", f"the {kind} has no name", tree.place, path, "write `use:` and the name")
                return None
            return {
                key: self._value(entry, Parameter(name=key), item, f"{path}.{key}")
                for key, item in tree.entries.items()
            }
        value = tree.value
        if kind is not None and isinstance(value, str) and value != _unbound(parameter.default):
            return self.use(kind, tree, path)
        if kind is not None and isinstance(value, str):
            return self._default(parameter)
        self._check(entry, parameter, tree, path)
        if parameter.path and isinstance(value, str):
            return absolute(value, tree.place)
        return value

    def _component(self, entry: Entry, parameter: Parameter, tree: MappingNode, path: str) -> Use | None:
        if parameter.kind is not None:
            return self.use(parameter.kind, tree, path)
        name = plain(tree.entries["use"])
        kind, _ = _explicit("", name if isinstance(name, str) else "")
        if kind:
            return self.use(kind, tree, path)
        message = f"the parameter {parameter.name!r} of {entry.kind} {entry.name!r} takes no component"
        hint = "if it does, say of which kind: `use: layer:dense`"
        self._fault("HB223", message, tree.place, path, hint)
        return None

    def _check(self, entry: Entry, parameter: Parameter, scalar: ScalarNode, path: str) -> None:
        value = scalar.value
        if not isinstance(value, (bool, int, float, str)):
            return  # nothing, a fact, or an object handed over from Python: the constructor knows best
        named = f"{parameter.name!r} of {entry.kind} {entry.name!r}"
        if parameter.choices and value not in parameter.choices:
            choices = ", ".join(repr(choice) for choice in parameter.choices)
            hint = did_you_mean(str(value), [str(one) for one in parameter.choices])
            self._fault("HB224", f"{named} is one of {choices}, not {value!r}", scalar.place, path, hint)
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if isinstance(value, str) and not parameter.choices and not parameter.opaque:
            # Whether somebody else's parameter takes a word beside numbers is not for us to say.
            self._check_text(named, parameter, scalar, path, any_word=entry.plugin in OFFICIAL)
        if (parameter.minimum is not None or parameter.maximum is not None) and not number:
            self._fault("HB225", f"{named} is a number, not {value!r}", scalar.place, path)
        elif parameter.minimum is not None and not value >= parameter.minimum:  # nan is not either
            self._fault(
                "HB226", f"{named} is at least {parameter.minimum}, not {value!r}", scalar.place, path
            )
        elif parameter.maximum is not None and value > parameter.maximum:
            self._fault("HB226", f"{named} is at most {parameter.maximum}, not {value!r}", scalar.place, path)

    def _check_text(
        self, named: str, parameter: Parameter, scalar: ScalarNode, path: str, any_word: bool
    ) -> None:
        """Text where the default tells that none is taken: Python would take `"no"` for true."""
        default, value = parameter.default, scalar.value
        if isinstance(default, bool):
            if any_word or value.lower() in _TRUTH:
                hint = "in YAML 1.2, `no` and `off` are words: write true or false"
                self._fault("HB227", f"{named} is true or false, not {value!r}", scalar.place, path, hint)
        elif isinstance(default, (int, float)) and parameter.minimum is None and parameter.maximum is None:
            quoted = _reads_as_number(value)
            if any_word or quoted:
                hint = "write it without quotes" if quoted else ""
                self._fault("HB225", f"{named} is a number, not {value!r}", scalar.place, path, hint)

    def _fault(self, code: str, message: str, place: Place | None, path: str, hint: str = "") -> None:
        self.problems.append(Problem(code=code, message=message, hint=hint, place=place, path=path))


def _explicit(kind: str, name: str) -> tuple[str, str]:
    """A name that may tell its kind, as `layer:dense` does."""
    prefix, colon, rest = name.partition(":")
    return (prefix, rest) if colon and prefix in KINDS else (kind, name)


def _fits(kind: str, place: str) -> bool:
    """Whether a component of a kind may stand where another kind goes: a layer can be an activation."""
    same = KINDS[kind].type == KINDS[place].type
    return same or (place == "activation" and KINDS[kind].type == KINDS["layer"].type)


_TRUTH = frozenset({"yes", "no", "on", "off", "y", "n", "true", "false"})


def _reads_as_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _unbound(default: Any) -> Any:
    return default if isinstance(default, str) else None


def _folder(source: str) -> Path:
    return Path.cwd() if source.startswith(("-s ", "-v ")) else Path(source).absolute().parent


def absolute(path: str, place: Place | None) -> str:
    """A path that a recipe wrote, absolute: it is relative to the file that wrote it.

    Args:
        path: As written.
        place: Where it was written.

    Returns:
        The absolute path.
    """
    folder = _folder(place.source) if place else Path.cwd()
    return str((folder / expanded(path)).absolute())
