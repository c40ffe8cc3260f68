"""Constructor -> parameters: names, defaults and descriptions, from the signature and the docstring."""

import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from hornbook.component import Component, Parameter, conventional_kind
from hornbook.discovery.choices import choices

Signature = tuple[dict[str, Parameter], bool]


def complete(component: Component, target: Callable[..., Any]) -> Component:
    """Add to a component what its target tells: parameters, their descriptions, and the summary.

    Args:
        component: As declared.
        target: The class or function that the component's target names.

    Returns:
        The component with every parameter, in the order of the constructor.
    """
    if component.kind == "activation" and not inspect.isclass(target):
        found, open_ended = parameters(target)
        found.pop(next(iter(found), ""), None)  # the first is the tensor that it is applied to
    else:
        found, open_ended = parameters(target)
    for name in component.parameters:
        found.setdefault(name, Parameter(name=name))
    return replace(
        component,
        summary=component.summary or _summary(target),
        parameters={name: _declared(component, parameter) for name, parameter in found.items()},
        open_ended=open_ended,
    )


def _declared(component: Component, parameter: Parameter) -> Parameter:
    """What the declaration says of a parameter, over what the constructor says."""
    name = parameter.name
    said = component.parameters.get(name, Parameter())
    preset = name in component.defaults
    default = plain(component.defaults[name]) if preset else parameter.default
    return replace(
        said,
        name=name,
        default=default,
        opaque=parameter.opaque and not preset,
        required=parameter.required and not preset,
        description=said.description or parameter.description,
        kind=said.kind or conventional_kind(name),
        choices=said.choices or parameter.choices,
    )


def parameters(target: Callable[..., Any]) -> Signature:
    """The parameters that a class or function takes by name.

    Where a constructor ends in `**kwargs`, the optional ones of its bases are added, as far as they go
    and as far as the constructor does not hand them over itself.

    Args:
        target: A class or a function.

    Returns:
        The parameters by name, and whether others are taken too.
    """
    if not inspect.isclass(target):
        return _of(target)
    found: dict[str, Parameter] = {}
    handed_over: set[str] = set()
    open_ended = False
    for base in target.__mro__:
        constructor = base.__dict__.get("__init__") or base.__dict__.get("__new__")
        if base is object or not inspect.isfunction(constructor):
            continue
        own, open_ended = _of(constructor, inspect.getdoc(base) or "")
        first = not found
        for name, parameter in own.items():
            if first or not (name in found or name in handed_over or parameter.required):
                found[name] = parameter
        # Keras' bases end in **kwargs and then refuse what they do not know.
        if not open_ended:
            break
        handing = [keyword for call in _calls_of_base(constructor) for keyword in call.keywords]
        if handing and all(keyword.arg is not None for keyword in handing):
            break  # its base is handed nothing but these, whatever it could take
        handed_over |= {keyword.arg for keyword in handing if keyword.arg is not None}
    return found, open_ended and not _within_keras(target)


def _calls_of_base(constructor: Callable[..., Any]) -> list[ast.Call]:
    """Where a constructor calls its base's, as in `super().__init__(rank=2, **kwargs)`."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(constructor)))
    except (OSError, SyntaxError, TypeError):
        return []
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "__init__"
    ]


def _within_keras(target: type) -> bool:
    return any(base.__module__.partition(".")[0] == "keras" for base in target.__mro__)


def _of(function: Callable[..., Any], documentation: str = "") -> Signature:
    described = dict(_items((documentation or inspect.getdoc(function) or "").splitlines()))
    found: dict[str, Parameter] = {}
    open_ended = False
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.kind is parameter.VAR_KEYWORD:
            open_ended = True
        elif name == "self" or parameter.kind in (parameter.VAR_POSITIONAL, parameter.POSITIONAL_ONLY):
            continue
        else:
            required = parameter.default is parameter.empty
            default = None if required else parameter.default
            found[name] = Parameter(
                name=name,
                default=plain(default),
                required=required,
                description=_first_sentence(described.get(name, "")),
                choices=choices(described.get(name, ""), default),
                opaque=not is_plain(default),
            )
    return found, open_ended


def is_plain(value: Any) -> bool:
    """Whether a value is plain data: what JSON, and so a recipe, can write."""
    if isinstance(value, (list, tuple)):
        return all(map(is_plain, value))
    if isinstance(value, Mapping):
        return all(isinstance(key, str) and is_plain(one) for key, one in value.items())
    return value is None or isinstance(value, (bool, int, float, str))


def plain(value: Any) -> Any:
    """A value as plain data; what is not plain becomes its name or its `repr`."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    return getattr(value, "__name__", None) or repr(value)


def _summary(target: Any) -> str:
    documentation = inspect.getdoc(target) or ""
    return documentation.partition("\n\n")[0].replace("\n", " ").strip()[:200]


_SECTION = re.compile(r"\s*(Args|Arguments|Parameters):\s*$")
_ITEM = re.compile(r"(?P<indent>\s+)`?\*{0,2}(?P<name>\w+)`?\s*(\([^)]*\))?:\s*(?P<text>.*)$")


def descriptions(documentation: str) -> dict[str, str]:
    """The first sentence on each argument, from a docstring in Google's style.

    Args:
        documentation: A docstring, its common indentation removed.

    Returns:
        Sentences by argument name.

    Example:
        >>> descriptions(inspect.cleandoc(descriptions.__doc__))["documentation"]
        'A docstring, its common indentation removed.'
    """
    return {name: _first_sentence(text) for name, text in _items(documentation.splitlines())}


def _items(lines: list[str]) -> Iterator[tuple[str, str]]:
    section = next((number for number, line in enumerate(lines) if _SECTION.match(line)), len(lines))
    outer = len(lines[section]) - len(lines[section].lstrip()) if section < len(lines) else 0
    indent, name, text = "", "", ""
    for line in lines[section + 1 :]:
        if line.strip() and len(line) - len(line.lstrip()) <= outer:
            break
        item = _ITEM.match(line)
        if item and (not indent or item["indent"] == indent):
            if name:
                yield name, text
            indent, name, text = item["indent"], item["name"], item["text"]
        else:
            text = f"{text} {line.strip()}"
    if name:
        yield name, text


def _first_sentence(text: str) -> str:
    words = " ".join(text.split())
    sentence = re.split(r"(?<=[.!?])\s", words, maxsplit=1)[0]
    return sentence[:300]
