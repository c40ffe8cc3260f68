"""Which plugins the user wants at all. Those left out are never imported."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hornbook.problem import HornbookError, Problem

ONLY, WITHOUT = "HORNBOOK_PLUGINS", "HORNBOOK_DISABLE"
SETTINGS = Path("pyproject.toml")


@dataclass(frozen=True, slots=True)
class Selection:
    """A choice of plugins.

    Args:
        only: The plugins that are wanted; none means all.
        without: The plugins that are not.
        said_by: Who made the choice, for people to read.
    """

    only: frozenset[str] | None = None
    without: frozenset[str] = frozenset()
    said_by: str = ""

    def refusal(self, plugin: str) -> str:
        """Why a plugin is left out; empty when it is not."""
        if self.only is not None and plugin not in self.only:
            return f"{self.said_by} does not name it"
        return f"{self.said_by} leaves it out" if plugin in self.without else ""


def selection() -> Selection:
    """The choice that is in force: the environment's, else that of `pyproject.toml` in the working directory.

    `HORNBOOK_PLUGINS=a,b` wants only these (empty: none at all), `HORNBOOK_DISABLE=a,b` all but these. In
    `pyproject.toml`, `[tool.hornbook]` takes the lists `plugins` and `disable`.

    Returns:
        The choice.

    Raises:
        HornbookError: When `[tool.hornbook]` says something else.
    """
    if ONLY in os.environ:
        return Selection(only=_names(os.environ[ONLY].split(",")), said_by=ONLY)
    if os.environ.get(WITHOUT):
        return Selection(without=_names(os.environ[WITHOUT].split(",")), said_by=WITHOUT)
    settings = _settings()
    if not settings:
        return Selection()
    only = settings.get("plugins")
    without = _names(settings.get("disable", ()))
    return Selection(None if only is None else _names(only), without, f"{SETTINGS} in this folder")


def _names(names: Iterable[str]) -> frozenset[str]:
    return frozenset(name.strip() for name in names if name.strip())


def _settings() -> dict[str, Any]:
    try:
        text = SETTINGS.read_bytes()
    except OSError:
        return {}
    if b"tool.hornbook" not in text:
        return {}
    import tomllib

    try:
        settings = tomllib.loads(text.decode()).get("tool", {}).get("hornbook", {})
    except (ValueError, AttributeError):
        return {}  # somebody else's broken file is not for us to judge
    if not isinstance(settings, dict):
        settings = {"hornbook": settings}
    wrong = [
        key
        for key, value in settings.items()
        if key not in ("plugins", "disable")
        or not (isinstance(value, list) and all(isinstance(name, str) for name in value))
    ]
    if wrong:
        message = f"[tool.hornbook] in {SETTINGS} takes the lists `plugins` and `disable`, not {wrong[0]!r}"
        raise HornbookError(Problem(code="HB011", message=message))
    return dict(settings)
