"""Plain data as text: JSON for programs, and values as a recipe writes them."""

import json
import math
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hornbook.problem import HornbookError, Problem

SCHEMA_VERSION = 1
"""The version of what `--json` prints."""


def print_json(content: Mapping[str, Any]) -> None:
    """Print one JSON object on one line, `schema_version` in front."""
    whole = {"schema_version": SCHEMA_VERSION, **content}
    try:
        text = json.dumps(whole, allow_nan=False)
    except ValueError:
        text = json.dumps(_finite(whole))
    sys.stdout.write(f"{text}\n")  # JSON has no colours that a pipe would want removed


def refuse_to_overwrite(file: Path, force: bool) -> None:
    """Keep a file that is there, unless the user said otherwise.

    Raises:
        HornbookError: When it is there.
    """
    if file.exists() and not force:
        message = f"{file} is there already"
        hint = "name another file, or write over it with --force"
        raise HornbookError(Problem(code="HB604", message=message, hint=hint))


def inline(value: Any) -> str:
    """A value as a recipe would write it, on one line.

    Example:
        >>> inline({"use": "adam", "epsilon": 1e-07, "nesterov": True, "name": None})
        '{use: adam, epsilon: 1e-07, nesterov: true, name: null}'
    """
    if isinstance(value, str):
        return value if _plain(value) else json.dumps(value, ensure_ascii=False)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {inline(one)}" for key, one in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(inline(one) for one in value) + "]"
    return repr(value) if isinstance(value, float) else json.dumps(value, default=str)


def number(value: float) -> str:
    """A metric, short enough to read and exact enough to compare.

    Example:
        >>> number(0.983333), number(1.5e-06), number(12345.678)
        ('0.9833', '1.500e-06', '12345.7')
    """
    if value == 0 or 1e-3 <= abs(value) < 1e3:
        return f"{value:.4f}"
    return f"{value:.1f}" if 1e3 <= abs(value) < 1e6 else f"{value:.3e}"


def duration(seconds: float) -> str:
    """A length of time, as precise as one wants to know it.

    Example:
        >>> duration(0.043), duration(8.26), duration(75), duration(7384)
        ('0.04 s', '8.3 s', '1 min 15 s', '2 h 03 min')
    """
    if seconds < 1:
        return f"{seconds:.2f} s"
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest:02} s"
    return f"{minutes // 60} h {minutes % 60:02} min"


def count(amount: int, what: str, several: str = "") -> str:
    """An amount of something, in the singular or the plural.

    Example:
        >>> count(1, "problem"), count(2, "loss", "losses")
        ('1 problem', '2 losses')
    """
    return f"{amount:,} {what if amount == 1 else several or what + 's'}"


def _plain(text: str) -> bool:
    """Whether YAML reads a text as itself without quotes."""
    reserved = text.lower() in ("", "null", "true", "false", "~")
    word = text.replace("_", "a").replace("/", "a").replace(".", "a").replace("-", "a").replace(" ", "a")
    return not reserved and word.isalnum() and text[0].isalpha() and not text.endswith(" ")


def _finite(value: Any) -> Any:
    """JSON has no word for what is not finite; null stands for it."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, Mapping):
        return {key: _finite(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(one) for one in value]
    return value
