"""Problem: one diagnosis, with where it is, what is wrong and what to do. Errors are values until the edge."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a text something stands.

    Args:
        source: The file's path, or what else the text came from, such as `-s optimizer=sgd`.
        line: Counted from 1.
        column: Counted from 1, in characters.
    """

    source: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.source}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong.

    Args:
        code: A stable code such as `"HB201"`.
        message: What is wrong, in one sentence.
        hint: What to do about it; the nearest right name, or the next command to type.
        place: Where it is, if it is in a text.
        path: The path within the recipe, such as `"model.layers.3.units"`.
        severity: An `error` stops the command; a `warning` or `note` does not.
        unavailable: Whether something is missing from the installation rather than wrong in the text.
    """

    code: str
    message: str
    hint: str = ""
    place: Place | None = None
    path: str = ""
    severity: Severity = "error"
    unavailable: bool = False

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        hint = f"\n  {self.hint}" if self.hint else ""
        return f"{where}{self.severity}: {self.message} [{self.code}]{hint}"


class HornbookError(Exception):
    """What Hornbook's functions raise: one or several problems, and the exit code they amount to.

    Args:
        problems: The problems; at least one.
        exit_code: 1 the run failed, 2 the recipe or the usage is wrong, 3 a plugin or component is
            unavailable, 4 tracking was not delivered. From the problems where it is left out.
    """

    def __init__(self, problems: Problem | Iterable[Problem], exit_code: int | None = None) -> None:
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        errors = [problem for problem in self.problems if problem.severity == "error"]
        unavailable = bool(errors) and all(problem.unavailable for problem in errors)
        self.exit_code = exit_code if exit_code is not None else (3 if unavailable else 2)
        super().__init__("\n".join(map(str, self.problems)))
