"""Paths that begin with somebody's home."""

import os.path
from pathlib import Path


def expanded(path: str | Path) -> Path:
    """A path with `~` and `~name` written out; where there is no such home it stays as it is, and is a file's name.

    Example:
        >>> expanded("~nobody-of-that-name/data.csv").parts[0]
        '~nobody-of-that-name'
    """
    return Path(os.path.expanduser(path))  # noqa: PTH111 - Path.expanduser raises for a home that is not there
