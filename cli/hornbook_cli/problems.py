"""Showing problems: where, what, what to do about it, and the line that it is about."""

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from hornbook.problem import Place, Problem
from hornbook_cli.inert import inert
from hornbook_cli.terminal import styled

_COLORS = {"error": "red", "warning": "yellow", "note": "cyan"}
_MOST_BYTES = 1_000_000
_CONTEXT = 60
"""Columns of a long line that are shown on either side of what it is about."""


def lines(problem: Problem, excerpt: bool = True) -> Iterator[str]:
    """Lay a problem out.

    Args:
        problem: The problem.
        excerpt: Whether to show the line of text that it is about.

    Yields:
        `file:line:column: severity: message [code]`, the hint, and the line with a caret under it.
    """
    where = f"{_where(problem.place)}: " if problem.place else ""
    severity = styled(problem.severity, fg=_COLORS[problem.severity], bold=True)
    yield f"{where}{severity}: {inert(problem.message)} {styled(f'[{problem.code}]', dim=True)}"
    if problem.hint:
        yield f"  {inert(problem.hint)}"
    if excerpt and problem.place and not _typed(problem.place):
        yield from _excerpt(problem.place)


def as_data(problem: Problem) -> dict[str, object]:
    """A problem as `check --json` writes it."""
    place = problem.place
    return {
        "file": place.source if place else None,
        "line": place.line if place else None,
        "column": place.column if place else None,
        "path": problem.path,
        "severity": problem.severity,
        "code": problem.code,
        "message": problem.message,
        "hint": problem.hint,
    }


def tally(problems: Iterable[Problem]) -> str:
    """How many problems there are of each severity, as in `2 errors, 1 warning`."""
    severities = [problem.severity for problem in problems]
    counts = [(severities.count(one), one) for one in ("error", "warning", "note")]
    return ", ".join(f"{amount} {name}{'s' if amount > 1 else ''}" for amount, name in counts if amount)


def _typed(place: Place) -> bool:
    """Whether the text was typed on the command line rather than read from a file."""
    return place.source.startswith("-")


def _where(place: Place) -> str:
    return inert(place.source if _typed(place) else str(place))


def _excerpt(place: Place) -> Iterator[str]:
    text = _file_lines(place.source)
    if not 0 < place.line <= len(text):
        return
    line, column = text[place.line - 1], place.column - 1
    begin = max(0, column - _CONTEXT)
    shown = inert(line[begin : column + _CONTEXT]).rstrip()
    before = len(inert(line[begin:column]))
    number = f"{place.line:>5} | "
    yield styled(number, dim=True) + shown
    yield " " * (len(number) + before) + styled("^", fg="green", bold=True)


@cache
def _file_lines(source: str) -> list[str]:
    """The lines of a file; none where it cannot be read now. Tabs take one column, as in places."""
    try:
        with Path(source).open("rb") as file:
            text = file.read(_MOST_BYTES).decode("utf-8-sig", "replace")
    except (OSError, ValueError):
        return []
    return text.replace("\t", " ").splitlines()
