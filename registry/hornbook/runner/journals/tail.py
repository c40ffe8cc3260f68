"""Tail: a journal read again and again while it grows, each time only what was appended to it since."""

from pathlib import Path
from typing import NamedTuple

from hornbook.runner.journals.journal import Reading, examine
from hornbook.tracker import Event

KEPT = 8
"""How many journals are remembered, those read last."""
_END = 64
"""By how many bytes at its end what was read before is known again."""


class _Known(NamedTuple):
    reading: Reading
    end: bytes


_known: dict[Path, _Known] = {}


def read(file: Path) -> list[Event]:
    """The events of a journal, in order, up to the first line that is none; see `journal.examine`.

    Args:
        file: The journal.

    Returns:
        The same events that `journal.read` gives.
    """
    known = _known.pop(file, None)
    # A journal that was cut off or written anew no longer has what was read before.
    grown = known is not None and _end(file, known.reading.size) == known.end
    reading = examine(file, known.reading if known and grown else None)
    _known[file] = _Known(reading, _end(file, reading.size))
    while len(_known) > KEPT:
        del _known[next(iter(_known))]
    return list(reading.events)


def _end(file: Path, size: int) -> bytes:
    with file.open("rb") as journal:
        journal.seek(max(0, size - _END))
        return journal.read(min(size, _END))
