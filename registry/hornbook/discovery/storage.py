"""The file of the index: where it lies, and how it is read and written. What it holds is `index`'s affair.

Its first line names the format and a checksum of the rest, so that a damaged or truncated file is none. A file
that another user could have written is none either. Writing is atomic: whoever reads at the same time sees
the old content or the new.
"""

import os
import stat
import sys
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

FORMAT = b"hornbook-index-2"
MOST_BYTES = 100_000_000
"""A larger file than this is not read: it is not ours."""


def places() -> Iterator[Path]:
    """Where the index of this Python environment may lie, the best place first.

    The user's cache directory; where that cannot be written to, a folder of the user's own under the
    system's folder for temporary files.
    """
    environment = zlib.crc32(f"{sys.prefix} {sys.version}".encode(errors="surrogateescape"))
    name = f"index-{environment:08x}.json"
    cache = _cache()
    if cache is not None:
        yield cache / "hornbook" / name
    import tempfile  # only for whoever has no cache: it takes milliseconds

    yield Path(tempfile.gettempdir()) / f"hornbook-{os.getuid()}" / name


def _cache() -> Path | None:
    """The user's cache directory; none where the user has no home."""
    if sys.platform == "linux":  # the same as platformdirs says, without the milliseconds it takes to import
        given = os.environ.get("XDG_CACHE_HOME", "")
        folder = Path(given or os.path.expanduser("~/.cache"))  # noqa: PTH111 - a home may be unknown
    else:
        from platformdirs import user_cache_path

        folder = user_cache_path()
    return folder if folder.is_absolute() else None


def read() -> tuple[Path | None, bytes]:
    """The index as it was last written.

    Returns:
        The file and its content; no file and nothing where there is none that can be trusted.
    """
    for file in places():
        content = _trusted(file)
        if content:
            return file, content
    return None, b""


def _trusted(file: Path) -> bytes:
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NONBLOCK)
    except OSError:
        return b""
    try:
        found = os.fstat(descriptor)
        mine = found.st_uid in (os.getuid(), 0) and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
        if not (stat.S_ISREG(found.st_mode) and mine and found.st_size <= MOST_BYTES):
            return b""
        with open(descriptor, "rb", closefd=False) as content:
            first, _, rest = content.read().partition(b"\n")
    except (OSError, MemoryError):
        return b""
    finally:
        os.close(descriptor)
    return rest if first == heading(rest) else b""


def write(rest: bytes) -> Path | None:
    """Write the index to the first place that takes it.

    Args:
        rest: What to write.

    Returns:
        The file; none where no place takes it, and the index is done without.
    """
    content = heading(rest) + b"\n" + rest
    return next((file for file in places() if _written(file, content)), None)


def _written(file: Path, content: bytes) -> bool:
    import tempfile

    beside = None
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if file.parent.stat().st_uid != os.getuid():
            return False  # somebody else made the folder, and could put another file into this one's place
        descriptor, beside = tempfile.mkstemp(dir=file.parent)
        with open(descriptor, "wb") as text:  # noqa: PTH123
            text.write(content)
        os.replace(beside, file)  # noqa: PTH105
    except OSError:  # no room, no permission
        if beside is not None:
            with suppress(OSError):
                os.unlink(beside)  # noqa: PTH108
        return False
    return True


def heading(rest: bytes) -> bytes:
    """The first line of a file, by which it is seen whether the rest is as it was written.

    Args:
        rest: All that comes after that line and its end.
    """
    return b"%s %d %08x" % (FORMAT, len(rest), zlib.crc32(rest))


def location() -> Path:
    """Where the index lies, or would be written to first."""
    return read()[0] or next(places())
