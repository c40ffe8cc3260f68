"""Pieces of Markdown as MLflow's pages show it. Whatever came from elsewhere is escaped."""

import re
from collections.abc import Mapping
from typing import Any

_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!|~>])")
# Control characters, the invisible ones that turn or join text, and halves of surrogate pairs.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]+")


def plain(text: Any, limit: int = 300) -> str:
    """Put text on one line, without control characters and backticks, for use within code."""
    line = _UNSEEN.sub(" ", str(text)).replace("`", "'").strip()
    return line if len(line) <= limit else line[: limit - 1] + "…"


def escape(text: Any, limit: int = 2000) -> str:
    r"""Put text on one line, and escape all that Markdown or HTML would read as layout.

    Example:
        >>> print(escape("<b>5 * 3</b>"))
        &lt;b&gt;5 \* 3&lt;/b&gt;
    """
    line = _UNSEEN.sub(" ", str(text)).strip()
    line = line if len(line) <= limit else line[: limit - 1] + "…"
    line = _SPECIAL.sub(r"\\\1", line)
    return line.replace("&", "&amp;").replace("<", "&lt;").replace("\\>", "&gt;")


def link(text: Any, address: str) -> str:
    """A link to an address that was made here, its parts quoted."""
    return f"[{escape(text, 100)}]({address})"


def code(*lines: str) -> str:
    """A block of code."""
    return "\n".join(("```", *lines, "```"))


def score(metric: str, value: float | str | None) -> str:
    """A metric and its value, as precise as one wants to read it."""
    return f"{escape(metric)} {'unknown' if value is None else format(float(value), '.4g')}"


def bound(kind: str, limit: float | str) -> str:
    """What a metric must reach."""
    words = {"min": "at least", "max": "at most"}.get(kind, escape(kind))
    return f"{words} {float(limit):.4g}"


def shape(sizes: Any) -> str:
    """The shape of one example, or of each of several inputs."""
    if isinstance(sizes, Mapping):
        return ", ".join(f"{escape(name)} {shape(size)}" for name, size in sizes.items())
    times = " \N{MULTIPLICATION SIGN} "
    return times.join("any" if size is None else str(size) for size in sizes) or "one number"


def duration(seconds: float) -> str:
    """A length of time.

    Example:
        >>> duration(12.34), duration(75), duration(7384)
        ('12.3 s', '1 min 15 s', '2 h 3 min')
    """
    if seconds < 60:
        return f"{seconds:.3g} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"
