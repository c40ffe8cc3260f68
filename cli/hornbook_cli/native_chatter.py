"""Keeping a backend's chatter off the terminal while it starts.

TensorFlow's native code writes notices about oneDNN and CUDA straight to file descriptor 2 before it heeds any
setting, so the descriptor itself is turned aside for as long. What is written meanwhile is not shown, except
with `--debug`, where nothing is turned aside. Python's own `sys.stderr` keeps reaching the terminal.
"""

import os
import sys
from types import TracebackType


class Hushed:
    """Turns file descriptor 2 aside until `end`; also as a context.

    Args:
        wanted: Whether to do so at all.
    """

    def __init__(self, wanted: bool = True) -> None:
        self._wanted = wanted and _is_descriptor_2()
        self._saved = -1

    def __enter__(self) -> "Hushed":
        if self._wanted:
            sys.stderr.flush()
            self._stream = sys.stderr
            self._saved = os.dup(2)
            aside = os.open(os.devnull, os.O_WRONLY)
            os.dup2(aside, 2)
            os.close(aside)
            sys.stderr = os.fdopen(
                os.dup(self._saved), "w", buffering=1, encoding=self._stream.encoding, errors="replace"
            )
        return self

    def end(self) -> None:
        """Let file descriptor 2 through again; does nothing the second time."""
        if self._saved < 0:
            return
        sys.stderr.close()
        sys.stderr = self._stream
        os.dup2(self._saved, 2)
        os.close(self._saved)
        self._saved = -1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()


def _is_descriptor_2() -> bool:
    try:
        return sys.stderr.fileno() == 2
    except (OSError, ValueError, AttributeError):
        return False
