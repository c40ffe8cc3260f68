"""Pictures in the terminal, where it can show them: the protocols of iTerm2 and kitty."""

import base64
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

from hornbook_cli.terminal import is_terminal

Protocol = Literal["iterm", "kitty"]

_PIECE = 4096
"""Characters that kitty takes at once."""


def show(file: Path) -> bool:
    """Show a PNG file in the terminal.

    Args:
        file: The file.

    Returns:
        Whether it was shown: no where output is no terminal, or one that shows no pictures.
    """
    protocol = understood(os.environ) if is_terminal(sys.stdout) else None
    if protocol is None:
        return False
    for piece in escapes(file.read_bytes(), protocol):
        sys.stdout.write(piece)
    sys.stdout.write("\n")
    sys.stdout.flush()
    return True


def understood(environment: Mapping[str, str]) -> Protocol | None:
    """The protocol that a terminal understands, going by the environment; none within tmux or screen.

    Example:
        >>> understood({"TERM_PROGRAM": "iTerm.app"})
        'iterm'
    """
    if "TMUX" in environment or "STY" in environment:
        return None
    term, program = environment.get("TERM", ""), environment.get("TERM_PROGRAM", "")
    if "KITTY_WINDOW_ID" in environment or term in ("xterm-kitty", "xterm-ghostty"):
        return "kitty"
    if program in ("iTerm.app", "WezTerm", "mintty") or environment.get("LC_TERMINAL") == "iTerm2":
        return "iterm"
    return None


def escapes(png: bytes, protocol: Protocol) -> Iterator[str]:
    """What to write to the terminal for a picture.

    Args:
        png: The file's content.
        protocol: As `understood` tells it.

    Yields:
        Escape sequences.
    """
    text = base64.b64encode(png).decode()
    if protocol == "iterm":
        yield f"\x1b]1337;File=inline=1;size={len(png)};preserveAspectRatio=1:{text}\x07"
        return
    pieces = [text[begin : begin + _PIECE] for begin in range(0, len(text), _PIECE)]
    for number, piece in enumerate(pieces):
        first = "a=T,f=100," if number == 0 else ""
        yield f"\x1b_G{first}m={int(number < len(pieces) - 1)};{piece}\x1b\\"
