"""Being alone with something: a lock between processes, given up by the system when its holder dies."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows has none; nothing is locked there
    fcntl = None  # type: ignore[assignment]


@contextmanager
def alone(file: Path) -> Iterator[bool]:
    """Lock a file while the context lasts; never wait for whoever has it.

    Args:
        file: The file; made if it is missing, and left where it is.

    Yields:
        Whether no other process has it. Where files cannot be locked, such as on some network drives, yes.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle = file.open("a")
    except OSError:
        yield True
        return
    with handle:
        granted = True
        with suppress(OSError):
            granted = _lock(handle.fileno())
        yield granted


def _lock(number: int) -> bool:
    if fcntl is None:
        return True
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
