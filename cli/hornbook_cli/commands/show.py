"""`hornbook show`: everything that is known of a component."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import click

from hornbook.catalog import Catalog, Entry
from hornbook.component import KINDS, Parameter
from hornbook.names import did_you_mean
from hornbook.problem import HornbookError, Problem
from hornbook_cli.exemplified import Exemplified
from hornbook_cli.inert import inert
from hornbook_cli.looking import described, installed
from hornbook_cli.options import ComponentName, json_option
from hornbook_cli.snippet import snippet
from hornbook_cli.table import table
from hornbook_cli.terminal import out, styled, width
from hornbook_cli.writing import inline, print_json


@click.command(
    "show",
    cls=Exemplified,
    examples=[
        "hornbook show huber",
        "hornbook show losses/huber",
        "hornbook show activation:relu",
    ],
)
@click.argument("name", type=ComponentName())
@json_option
def command(name: str, as_json: bool) -> None:
    """Show a component: its parameters, and how a recipe uses it.

    NAME is bare, with its plugin, with its kind, or with both. Components of several kinds that share a
    name are all shown.
    """
    catalog = installed()
    entries = named(catalog, name)
    if as_json:
        objects = [_whole(entry) for entry in entries]
        print_json(objects[0] if len(objects) == 1 else {"components": objects})
        return
    for number, entry in enumerate(entries):
        if number:
            out()
        for line in _card(entry, catalog):
            out(line)
    if len(entries) > 1:
        kinds = " or ".join(f"{entry.kind}:{entry.name}" for entry in entries)
        out(styled(f"\nTo see one of them: {inert(kinds)}", dim=True))


def named(catalog: Catalog, name: str) -> list[Entry]:
    """The components that a name means, of whatever kinds.

    Args:
        catalog: The components there are.
        name: `huber`, `losses/huber`, `loss:huber` or `loss:losses/huber`.

    Returns:
        One component a kind, at least one.

    Raises:
        HornbookError: When there is none, or a name of a kind has several offers.
    """
    prefix, colon, bare = name.partition(":")
    kinds = [prefix] if colon and prefix in KINDS else list(KINDS)
    if colon and prefix not in KINDS:
        hint = did_you_mean(prefix, list(KINDS), f"the kinds are {', '.join(KINDS)}")
        raise HornbookError(Problem(code="HB200", message=f"there is no kind {prefix!r}", hint=hint))
    answers = [catalog.find(kind, bare if colon else name) for kind in kinds]
    entries = [answer for answer in answers if isinstance(answer, Entry)]
    problems = [answer for answer in answers if isinstance(answer, Problem)]
    if entries:
        return entries
    if len(kinds) == 1:
        raise HornbookError(problems, exit_code=3)
    raise HornbookError(_unknown(catalog, name, problems), exit_code=3)


def _unknown(catalog: Catalog, name: str, problems: Sequence[Problem]) -> Problem:
    """One problem for a name that no kind has: about its plugin where that is at fault."""
    for kind, problem in zip(KINDS, problems, strict=True):
        if problem.code != "HB201":
            reason = problem.message.removeprefix(f"there is no {kind} {name!r}")
            return replace(problem, message=f"there is no component {name!r}{reason}")
    every = sorted({known for kind in KINDS for known in catalog.names(kind)})
    hint = did_you_mean(name, every, "`hornbook search` finds components by words")
    return Problem(code="HB201", message=f"there is no component {name!r}", hint=hint)


def _whole(entry: Entry) -> dict[str, object]:
    return described(entry) | {
        "parameters": [
            {
                "name": parameter.name,
                "default": _preset(entry, parameter),
                "required": parameter.required and parameter.name not in entry.component.provided,
                "description": parameter.description,
            }
            for parameter in entry.component.parameters.values()
        ]
    }


def _card(entry: Entry, catalog: Catalog) -> Iterator[str]:
    component = entry.component
    prefix = "data " if entry.kind == "dataset" else ""
    yield f"{styled(inert(entry.name), bold=True)}  {styled(entry.kind, fg='cyan')}"
    if component.summary:
        yield f"  {inert(component.summary)}"
    yield ""
    facts = (
        ("full name", entry.full_name),
        ("also called", ", ".join(component.aliases)),
        ("from", f"{entry.distribution} {entry.version}"),
        ("target", component.target),
        ("labels", component.labels or ""),
        ("reference", component.reference),
        ("tags", ", ".join(component.tags)),
        ("backends", ", ".join(component.backends)),
        ("use instead", component.replaced_by),
        *((f"{prefix}{name.replace('_', ' ')}", _fact(value)) for name, value in component.facts.items()),
    )
    yield from table([(name, value) for name, value in facts if value], width(), indent=2, wrap=True)
    if component.parameters:
        yield f"\n{styled('Parameters', bold=True)}"
        rows = [_row(entry, parameter) for parameter in component.parameters.values()]
        yield from table(rows, width(), ("name", "default", "takes", ""), indent=2, wrap=True)
    if component.open_ended:
        yield "  and others, which are handed on"
    yield f"\n{styled('In a recipe', bold=True)}"
    yield from (f"  {inert(line)}" for line in snippet(entry, catalog))


def _row(entry: Entry, parameter: Parameter) -> tuple[str, str, str, str]:
    return parameter.name, _default(entry, parameter), _takes(parameter), parameter.description


def _default(entry: Entry, parameter: Parameter) -> str:
    provided = entry.component.provided.get(parameter.name)
    if provided and parameter.name not in entry.component.defaults:
        return f"${{{provided}}}"
    if parameter.required:
        return "required"
    return "an object" if parameter.opaque else inline(parameter.default)


def _preset(entry: Entry, parameter: Parameter) -> Any:
    """The default as data: for what the run fills in, the reference to the fact that it takes."""
    provided = entry.component.provided.get(parameter.name)
    return f"${{{provided}}}" if provided and not parameter.default else parameter.default


def _takes(parameter: Parameter) -> str:
    if parameter.choices:
        return " | ".join(map(inline, parameter.choices))
    if parameter.kind == "scheduler":
        return "a number or scheduler"
    if parameter.kind:
        return f"{'an' if parameter.kind[0] in 'aio' else 'a'} {parameter.kind}"
    if parameter.path:
        return "a path"
    least, most = parameter.minimum, parameter.maximum
    if least is not None and most is not None:
        return f"{least:g} to {most:g}"
    if least is not None:
        return f"{least:g} or more"
    return f"up to {most:g}" if most is not None else ""


def _fact(value: Any) -> str:
    if isinstance(value, Mapping):
        return inline(value)
    if isinstance(value, (list, tuple)) and len(value) > 12:
        return inline(list(value[:10]))[:-1] + f", … {len(value)} in all]"
    return inline(value)
