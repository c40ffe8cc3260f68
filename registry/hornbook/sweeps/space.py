"""Space: what a sweep varies. `optimizer=sgd,adam`, `seed=1..5`, `optimizer.learning_rate=log:1e-4..1e-1`."""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from yaml import YAMLError

from hornbook.problem import HornbookError, Place, Problem
from hornbook.recipes.document import SequenceNode, plain
from hornbook.recipes.freezing import on_one_line
from hornbook.recipes.text import parse

DIGITS = 4
"""Significant digits of a number that is drawn at random: as many as one would type."""
MOST_VALUES = 10_000
"""Values that a range may have where all of them are gone through."""

_NUMBER = r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?"
_RANGE = re.compile(rf"(?!.*\.\.\.)(log:)?({_NUMBER})\.\.({_NUMBER})(?:\.\.({_NUMBER}))?")
_HINT = "write values (`-v optimizer=sgd,adam`) or a range (`-v seed=1..5`, `-v a.b=log:1e-4..1e-1`)"


@dataclass(frozen=True, slots=True)
class Range:
    """Numbers between two ends, both included.

    Args:
        low: The least.
        high: The greatest.
        log: Whether orders of magnitude count rather than differences.
        step: How far apart they are; none for any number between.
    """

    low: float
    high: float
    log: bool = False
    step: float | None = None

    @property
    def whole(self) -> bool:
        """Whether the numbers are whole ones."""
        return all(isinstance(one, int) for one in (self.low, self.high, self.step or 1))

    @property
    def countable(self) -> bool:
        """Whether there is an end to the numbers."""
        return self.step is not None or (self.whole and not self.log)

    def __str__(self) -> str:
        step = "" if self.step is None else f"..{self.step!r}"
        return f"{'log:' if self.log else ''}{self.low!r}..{self.high!r}{step}"

    def values(self) -> list[float]:
        """All numbers, where there is an end to them."""
        step = self.step or 1
        count = min(math.floor((self.high - self.low) / step + 1e-9) + 1, MOST_VALUES + 1)
        numbers = [self.low + number * step for number in range(count)]
        return numbers if self.whole else [_short(number, 12) for number in numbers]

    def draw(self, random: Random) -> float:
        """One of the numbers."""
        if self.countable:
            step = self.step or 1
            number = self.low + random.randint(0, math.floor((self.high - self.low) / step + 1e-9)) * step
            return number if self.whole else _short(number, 12)
        if self.log:
            number = math.exp(random.uniform(math.log(self.low), math.log(self.high)))
        else:
            number = random.uniform(self.low, self.high)
        if self.whole:
            return min(max(round(number), self.low), self.high)
        return min(max(_short(number, DIGITS), self.low), self.high)


def _short(number: float, digits: int) -> float:
    return float(f"{number:.{digits}g}")


@dataclass(frozen=True, slots=True)
class Variable:
    """One thing that a sweep varies.

    Args:
        path: Where it is in the recipe, such as `"optimizer.learning_rate"`.
        values: The values that it takes; none for a range.
        range: The range that it lies in; none for values.
    """

    path: str
    values: tuple[Any, ...] = ()
    range: Range | None = None

    @property
    def shown(self) -> list[Any]:
        """Its values as plain data; a range is one text."""
        return list(self.values) if self.range is None else [str(self.range)]

    def __str__(self) -> str:
        """As it is written after `-v`; reading that gives the same variable."""
        written = str(self.range) if self.range else on_one_line(list(self.values))
        return f"{self.path}={written}"

    def all_values(self) -> list[Any]:
        """All values.

        Raises:
            HornbookError: When there is no end to them.
        """
        if self.range is None:
            return list(self.values)
        if not self.range.countable:
            message = f"{self.range} has no end of values, and a grid goes through all of them"
            hint = "draw from it with `--random 20`, search in it with `--optimize METRIC`, or list values"
            raise HornbookError(_problem("HB543", message, str(self), hint))
        return list(self.range.values())

    def draw(self, random: Random) -> Any:
        """One of its values."""
        return random.choice(self.values) if self.range is None else self.range.draw(random)

    def extremes(self) -> list[Any]:
        """The values by which all others are judged: all that are listed, or the ends of a range."""
        return list(self.values) if self.range is None else [self.range.low, self.range.high]


def read_variables(written: Iterable[str] | Mapping[str, Any]) -> list[Variable]:
    """Read what a sweep varies.

    Args:
        written: Each as after `-v`: `"optimizer=sgd,adam"`, `"units=[16, 32]"`, `"seed=1..5"`. Or a mapping of
            paths to lists of values, or to texts as after the `=`.

    Returns:
        The variables, in the order written.

    Raises:
        HornbookError: With everything that is wrong with them.
    """
    texts = [_text(*one) for one in written.items()] if isinstance(written, Mapping) else list(written)
    found: list[Variable] = []
    problems: list[Problem] = []
    for text in texts:
        try:
            variable = _variable(text)
        except HornbookError as error:
            problems.extend(error.problems)
            continue
        if variable.path in [one.path for one in found]:
            problems.append(_problem("HB542", f"{variable.path!r} is varied twice", text, "write it once"))
        found.append(variable)
    if problems:
        raise HornbookError(problems)
    return found


def _text(path: str, values: Any) -> str:
    if isinstance(values, str):
        return f"{path}={values}"
    several = isinstance(values, Iterable) and not isinstance(values, Mapping)
    # Arrays and numbers of NumPy become lists and numbers of Python.
    listed = [one.tolist() if hasattr(one, "tolist") else one for one in (values if several else [values])]
    try:
        return f"{path}={on_one_line(listed)}"
    except YAMLError:
        message = f"the values of {path!r} cannot be written in a recipe: {listed!r:.200}"
        hint = "numbers, words, truth values, lists and mappings can; a component goes by its name"
        raise HornbookError(_problem("HB542", message, path, hint)) from None


def _variable(text: str) -> Variable:
    path, equals, values = text.partition("=")
    path, values = path.strip(), values.strip()
    if not equals or not all(path.split(".")):
        raise HornbookError(_problem("HB542", f"{text!r} is nothing to vary", text, _HINT))
    if not values:
        raise HornbookError(_problem("HB542", f"{path!r} is given no values", text, _HINT))
    if (match := _RANGE.fullmatch(values)) is not None:
        return Variable(path, range=_range(match, text))
    listed = _listed(values, text)
    if not listed:
        raise HornbookError(_problem("HB542", f"{path!r} is given no values", text, _HINT))
    for number, value in enumerate(listed):
        if value in listed[:number] and type(value) in [type(one) for one in listed[:number]]:
            message = f"{on_one_line(value)} is twice among the values of {path!r}"
            raise HornbookError(_problem("HB542", message, text, "every value is tried once"))
    return Variable(path, tuple(listed))


def _listed(values: str, text: str) -> list[Any]:
    """The values between commas; where they are one list, its elements."""
    tree = parse(f"[{values}]", f"-v {text}")
    items = tree.items if isinstance(tree, SequenceNode) else ()
    if len(items) == 1 and isinstance(items[0], SequenceNode):
        items = items[0].items
    return [plain(item) for item in items]


def _range(match: re.Match[str], text: str) -> Range:
    log, low, high, step = match.groups()
    range_ = Range(_number(low), _number(high), log is not None, None if step is None else _number(step))
    if not range_.low < range_.high or not math.isfinite(range_.high - range_.low):
        raise _refused(f"{range_} ends before it begins", text)
    if range_.log and range_.low <= 0:
        raise _refused(f"{range_} has no logarithm: its ends must be above 0", text)
    if range_.step is not None and (range_.log or range_.step <= 0):
        raise _refused(f"{range_}: a step is above 0, and not for a range with `log:`", text)
    return range_


def _refused(message: str, text: str) -> HornbookError:
    return HornbookError(_problem("HB542", message, text, _HINT))


def _number(text: str) -> float:
    return int(text) if re.fullmatch(r"[-+]?[0-9]+", text) else float(text)


def _problem(code: str, message: str, text: str, hint: str) -> Problem:
    path = text.partition("=")[0].strip()
    return Problem(code=code, message=message, hint=hint, place=Place(f"-v {text}", 1, 4), path=path)


def told(values: Mapping[str, Any]) -> Iterator[str]:
    """Values as one would type them: `optimizer=sgd`, `seed=1`."""
    for path, value in values.items():
        yield f"{path}={on_one_line(value)}"


def short_names(paths: Iterable[str]) -> dict[str, str]:
    """Paths as short as tells them apart, by path.

    Example:
        >>> short_names(["optimizer.learning_rate", "layers.0.units", "layers.1.units"])
        {'optimizer.learning_rate': 'learning_rate', 'layers.0.units': '0.units', 'layers.1.units': '1.units'}
    """
    every = list(paths)
    return {path: next(_endings(path, every)) for path in every}


def _endings(path: str, every: Sequence[str]) -> Iterator[str]:
    steps = path.split(".")
    for start in range(len(steps) - 1, 0, -1):
        ending = steps[start:]
        if sum(other.split(".")[start - len(steps) :] == ending for other in every) == 1:
            yield ".".join(ending)
    yield path
