"""Text from data and recipes, made harmless for pictures and Markdown: shown as it is, and never layout."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

NOTHING = "—"
"""Stands in a cell of a table that has no value."""

# Control characters, the invisible ones that turn or join text, and halves of surrogate pairs.
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]+")
# What Markdown reads as layout within a line; a `.`, `:` or `@` may make a link of what looks like one.
_SPECIAL = re.compile(r"([\\`*_\[\]|~$.:@])")


def inert(text: Any, limit: int = 60) -> str:
    r"""Put text on one line, without what is not to be seen, and no longer than there is room.

    Args:
        text: Whatever a recipe, a dataset or a journal says.
        limit: The most characters; at least 1.

    Returns:
        The text, with `…` where it was cut.

    Example:
        >>> inert("a\nlong\x1b[31m name", 8)
        'a long …'
    """
    line = _UNSEEN.sub(" ", str(text)[: 4 * limit + 100]).strip()
    return line if len(line) <= limit else line[: limit - 1] + "…"


def escaped(text: Any, limit: int = 60) -> str:
    r"""Put text on one line, and escape all that Markdown or HTML would read as layout.

    Example:
        >>> print(escaped("<b>5 * 3</b> | $x$"))
        &lt;b&gt;5 \* 3&lt;/b&gt; \| \$x\$
    """
    line = _SPECIAL.sub(r"\\\1", inert(text, limit))
    return line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def table(header: Sequence[str], rows: Iterable[Sequence[str]], numbers: int = 0) -> list[str]:
    """A table in Markdown.

    Args:
        header: What stands above the columns.
        rows: Cells, escaped where they are not our own words.
        numbers: How many of the last columns are set flush right.

    Returns:
        Lines.
    """
    words = len(header) - numbers
    rule = ["---"] * words + ["---:"] * numbers
    return [f"| {' | '.join(row)} |" for row in (header, rule, *rows)]


def of_examples(told: Mapping[str, Any]) -> str:
    """Which examples a report speaks of.

    Args:
        told: `split`, `shown` and `total`, as `Answers.described` gives them.

    Example:
        >>> of_examples({"split": "validation", "shown": 10_000, "total": 50_000})
        '10,000 of 50,000 examples of the validation split'
        >>> of_examples({"split": "test", "shown": 45, "total": 45})
        '45 examples of the test split'
    """
    shown, total, split = int(told["shown"]), int(told["total"]), inert(told["split"])
    part = "" if shown == total else f" of {total:,}"
    split = "training" if split == "train" else split
    return f"{shown:,}{part} example{'' if total == 1 else 's'} of the {split} split"


def number(value: float) -> str:
    """A number as one reads it.

    Example:
        >>> number(0.123456), number(12345.678), number(3.0)
        ('0.1235', '1.235e+04', '3')
    """
    return f"{value:.4g}"
