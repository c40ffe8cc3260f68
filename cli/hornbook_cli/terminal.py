"""Writing to the terminal or a pipe: how wide it is, whether it takes colours, and how to tell."""

import os
import sys
from typing import IO, Any

import click

COMPLETING = "_HORNBOOK_COMPLETE"
"""The environment variable by which a shell asks for completions."""


def out(text: str = "") -> None:
    """Write a line of data to standard output."""
    click.echo(text, color=_colors())


def err(text: str = "", newline: bool = True) -> None:
    """Write what is not data to standard error."""
    click.echo(text, err=True, nl=newline, color=_colors())


def styled(text: str, **style: Any) -> str:
    """A text in a style, as `click.style` takes it; where colours are not wanted `out` and `err` drop it."""
    return click.style(text, **style)


def width(stream: IO[str] | None = None) -> int | None:
    """How many columns a stream has: none where it is no terminal, so nothing has to be cut.

    Args:
        stream: Standard output if left out.
    """
    if not is_terminal(sys.stdout if stream is None else stream):
        return None
    import shutil

    return max(40, shutil.get_terminal_size().columns)


def is_terminal(stream: IO[str]) -> bool:
    """Whether a person is looking."""
    try:
        return stream.isatty()
    except ValueError:  # closed
        return False


def can_rewrite(stream: IO[str]) -> bool:
    """Whether a line can be written over again."""
    return is_terminal(stream) and os.environ.get("TERM") != "dumb"


def shortened(text: str, columns: int | None) -> str:
    """A text cut to some columns, with `…` where something is missing.

    Args:
        text: One line.
        columns: How many it may take; none for no limit.

    Example:
        >>> shortened("a learning rate schedule", 12)
        'a learning …'
    """
    if columns is None or len(text) <= columns:
        return text
    return text[: max(0, columns - 1)] + "…"


def _colors() -> bool | None:
    """Whether colours are wanted; none leaves it to whether a terminal is there."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return True if os.environ.get("FORCE_COLOR") else None
