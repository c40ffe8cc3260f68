"""Files written whole: whoever reads one sees its old content or its new, never half of it."""

import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any


@contextmanager
def written_whole(file: Path, durable: bool = True) -> Iterator[IO[bytes]]:
    """A stream whose content takes a file's place once the context is left, unless an exception leaves it.

    Unlike a file of `tempfile`, it has the permissions that the user's mask leaves: a team reads what it shares.

    Args:
        file: The file; its folder is made where it is missing.
        durable: Whether the content is to survive a power cut. To wait for the disk takes some milliseconds.

    Yields:
        The stream, to be written to and read from.

    Raises:
        OSError: When it cannot be written; what was there before is there still.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.{secrets.token_hex(4)}.part")
    try:
        with part.open("x+b") as stream:
            yield stream
            stream.flush()
            if durable:
                os.fsync(stream.fileno())
        part.replace(file)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def settle(path: Path) -> None:
    """Have a file, or the record that a folder keeps of its files, brought to the disk, as far as that can be had."""
    with suppress(OSError):  # not every file system can
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def write_whole(file: Path, text: str, durable: bool = True) -> None:
    """Write text to a file, whole or not at all; see `written_whole`."""
    with written_whole(file, durable) as stream:
        stream.write(text.encode())


def write_json(file: Path, data: Any, durable: bool = True) -> None:
    """Write plain data to a file as JSON, whole or not at all; see `written_whole`."""
    write_whole(file, json.dumps(data, indent=2) + "\n", durable)
