"""Names and values in the form that MLflow takes.

MLflow allows letters, digits, `_`, `-`, `.`, space and `/` in the names of parameters, metrics and tags,
and limits how long names and values are. A name that it refuses has the offending characters replaced by
`_` and four characters of a digest appended, so two different names never become one. A value that is too
long is cut with a visible mark and kept whole in an artifact. Nothing is altered in silence.
"""

import hashlib
import json
import posixpath
import re
from collections.abc import Iterable, Mapping
from typing import Any

from hornbook.tracker import Event

NAME_LIMIT = 240
"""MLflow's limit is 250; the rest is for what is added, such as `/train`."""

PARAMETER_LIMIT = 6000
TAG_LIMIT = 8000
WHOLE_VALUES = "whole_values.json"
"""The artifact that keeps the values that were too long, by name."""

_MARK = f" … [cut; whole in {WHOLE_VALUES}]"
_REFUSED = re.compile(r"[^\w.\- /]")


def allowed_name(name: str) -> str:
    """Give the name under which MLflow takes something.

    Args:
        name: Any name.

    Returns:
        The name itself where MLflow allows it; else one like it that no other name is given.

    Example:
        >>> allowed_name("accuracy"), allowed_name("top[5]")
        ('accuracy', 'top_5_-e910')
    """
    plain = _REFUSED.sub("_", name)
    # MLflow reads names as paths, and refuses those that would lead elsewhere.
    if posixpath.normpath(plain) != plain or plain.startswith(("/", "..")) or plain == ".":
        plain = plain.replace("/", "_").strip(".") or "_"
    if plain == name and len(name) <= NAME_LIMIT:
        return name
    return f"{plain[: NAME_LIMIT - 5]}-{hashlib.sha256(name.encode('utf-8', 'replace')).hexdigest()[:4]}"


def metric_name(name: str) -> str:
    """Name an epoch's metric: `accuracy/train` for `accuracy`, `accuracy/val` for `val_accuracy`.

    MLflow's page of charts has a section for each word before a `/`, so the two stand side by side.

    Example:
        >>> metric_name("val_accuracy"), metric_name("learning_rate")
        ('accuracy/val', 'learning_rate')
    """
    if name == "learning_rate":
        return name
    base = name.removeprefix("val_")
    return f"{allowed_name(base)}/{'train' if base == name else 'val'}"


def altered_names(events: Iterable[Event]) -> dict[str, str]:
    """Give the names of metrics that MLflow does not allow, each with the one it has there."""
    metrics = (event.get("metrics") or {} for event in events if event["event"] in ("epoch", "ended"))
    names = {name.removeprefix("val_") for values in metrics for name in values}
    return {name: allowed_name(name) for name in sorted(names) if allowed_name(name) != name}


def as_text(value: Any) -> str:
    """Write a plain value as text: strings as they are, all else as JSON, much as YAML would."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    # A database keeps neither zeros nor halves of surrogate pairs.
    return text.replace("\0", "\\0").encode("utf-8", "replace").decode("utf-8")


def as_json(value: Any, indent: int | None = None) -> str:
    """Write plain data as JSON that people can read; only halves of surrogate pairs are escaped."""
    text = json.dumps(value, ensure_ascii=False, indent=indent, default=str)
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def fitted(values: Mapping[str, Any], limit: int, whole: dict[str, Any]) -> dict[str, str]:
    """Make names and values such as MLflow takes.

    Args:
        values: Values by name.
        limit: How many characters a value may have.
        whole: Receives every value that was too long, and every value whose name was altered.

    Returns:
        Text by name.
    """
    fits = {}
    for name, value in values.items():
        key, text = allowed_name(name), as_text(value)
        if key != name or len(text) > limit:
            whole[name] = value
        fits[key] = text if len(text) <= limit else text[: limit - len(_MARK)] + _MARK
    return fits
