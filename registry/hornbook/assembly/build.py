"""A use of a component -> the Keras object."""

import importlib
from collections.abc import Callable, Mapping
from typing import Any

from hornbook.assembly.culprit import Culprit, Made, culprit, whole_tracebacks
from hornbook.component import KINDS
from hornbook.problem import HornbookError, Problem
from hornbook.recipes.references import Fact
from hornbook.recipes.use import Use

Watch = Callable[[Use, Any], None]
"""Told of every object that is made, the inner ones first."""


def build(use: Use, facts: Mapping[str, Any] | None, watch: Watch = lambda use, made: None) -> Any:
    """Make the object that a use describes, and those in its parameters first.

    Args:
        use: The component and its parameters.
        facts: What is known of the run, by the names of `hornbook.component.FACTS`. None where there
            is no run: a parameter that one would provide then keeps its own default, if it has one.
        watch: Called with every object made.

    Returns:
        The Keras object, of the kind's type; for an activation, the function or a layer.

    Raises:
        HornbookError: When a fact is not known, the target cannot be loaded, refuses its parameters,
            or yields something of another type.
    """
    target = _target(use)
    made_within: Made = {}

    def note(part: Use, made: Any) -> None:
        made_within[id(made)] = (part, made)
        watch(part, made)

    arguments = {
        name: _value(use, name, value, facts, note)
        for name, value in use.arguments.items()
        if facts is not None or not _left_to_default(use, name, value)
    }
    kind = KINDS[use.entry.kind]
    if not kind.called:
        return _function(target, arguments)
    try:
        with whole_tracebacks():
            made = target(**arguments)
    except HornbookError:
        raise
    except ImportError as error:
        raise HornbookError(_missing(use, error)) from error
    except Exception as error:
        part = culprit(error, made_within)
        if part is not None:
            raise HornbookError(_unfit(part, error)) from error
        shown = f"`hornbook show {use.entry.kind}:{use.entry.full_name}` lists its parameters"
        hint = f"{_blame(use)}; {shown}"
        message = f"{_named(use)} could not be made: {_words(error)}"
        raise HornbookError(_problem(use, "HB301", message, hint)) from error
    if not isinstance(made, _load(kind.type)):
        message = f"{_named(use)} yields {type(made).__name__}, which is no {kind.type.replace(':', '.')}"
        raise HornbookError(_problem(use, "HB302", message, _blame(use), unavailable=True))
    watch(use, made)
    return made


def _unfit(part: Culprit, error: Exception) -> Problem:
    """What could not take its place within the part that holds it."""
    shape = "" if part.shape is None else f" of shape {part.shape}"
    message = f"{_named(part.use)} cannot take its input{shape}: {_words(error)}"
    return _problem(part.use, "HB313", message, "`hornbook check --build` shows what each layer gives")


def _left_to_default(use: Use, name: str, value: Any) -> bool:
    parameter = use.entry.component.parameters.get(name)
    return isinstance(value, Fact) and parameter is not None and not parameter.required


def _value(use: Use, name: str, value: Any, facts: Mapping[str, Any] | None, watch: Watch) -> Any:
    if isinstance(value, Use):
        return build(value, facts, watch)
    if isinstance(value, Fact):
        return _fact(use, name, value, facts)
    if isinstance(value, Mapping):
        return {key: _value(use, name, one, facts, watch) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_value(use, name, one, facts, watch) for one in value]
    return value


def _fact(use: Use, name: str, fact: Fact, facts: Mapping[str, Any] | None) -> Any:
    known = (facts or {}).get(fact.name)
    if known is None:
        message = f"the parameter {name!r} of {_named(use)} takes {fact}, which is not known here"
        raise HornbookError(_problem(use, "HB303", message, f"give {name!r} a value"))
    return known


def _function(target: Callable[..., Any], arguments: Mapping[str, Any]) -> Callable[..., Any]:
    """A function as it is, or with parameters as a layer: a `partial` would not survive saving."""
    if not arguments:
        return target
    from hornbook.assembly.activation import ParameterizedActivation

    return ParameterizedActivation(target, dict(arguments))


def _target(use: Use) -> Any:
    try:
        return _load(use.entry.component.target)
    except ImportError as error:
        raise HornbookError(_missing(use, error)) from error
    except AttributeError as error:
        message = f"{_named(use)} is not where its plugin says: {_words(error)}"
        raise HornbookError(_problem(use, "HB304", message, _blame(use), unavailable=True)) from error
    except Exception as error:
        message = f"{_named(use)} could not be loaded: {type(error).__name__}: {_words(error)}"
        raise HornbookError(_problem(use, "HB306", message, _blame(use), unavailable=True)) from error


def _load(target: str) -> Any:
    module, _, attribute = target.partition(":")
    return getattr(importlib.import_module(module), attribute)


def _missing(use: Use, error: ImportError) -> Problem:
    wanted = f"pip install {error.name.partition('.')[0]}" if error.name else _blame(use)
    message = f"{_named(use)} needs something that is not installed: {_words(error)}"
    return _problem(use, "HB305", message, wanted, unavailable=True)


def _problem(use: Use, code: str, message: str, hint: str = "", unavailable: bool = False) -> Problem:
    return Problem(
        code=code, message=message, hint=hint, place=use.place, path=use.path, unavailable=unavailable
    )


def _named(use: Use) -> str:
    return f"{use.entry.kind} {use.entry.name!r}"


def _blame(use: Use) -> str:
    return f"it comes from {use.entry.distribution} {use.entry.version}"


def _words(error: BaseException) -> str:
    """An exception's message on one line, cut where nobody would read on."""
    words = " ".join(str(error).split()) or type(error).__name__
    return words if len(words) <= 500 else words[:500] + " …"
