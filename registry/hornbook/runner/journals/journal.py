"""The journal: a run's events, appended one JSON object a line and flushed. The truth about a run."""

import errno
import json
import math
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hornbook.tracker import Event


class Journal:
    """Appends events to a run's journal.

    Args:
        file: The journal; made if it is missing.
    """

    def __init__(self, file: Path) -> None:
        self._file = file.open("ab", buffering=0)

    def write(self, event: str, **content: Any) -> Event:
        """Append an event, whole or not at all.

        Args:
            event: Its type, such as `"epoch"`.
            **content: Plain data.

        Returns:
            The event as written, with its time in milliseconds.

        Raises:
            OSError: When it cannot be written, such as on a full disk; the journal is as it was then.
        """
        written = {"event": event, "time": time.time_ns() // 1_000_000, **content}
        self._append((json.dumps(_writable(written)) + "\n").encode("utf-8"))
        return written

    def _append(self, line: bytes) -> None:
        size = os.fstat(self._file.fileno()).st_size
        rest = line
        try:
            while rest:
                rest = rest[self._file.write(rest) :]
        except OSError:
            with suppress(OSError):
                self._file.truncate(size)
            raise

    def settle(self) -> None:
        """Have what was written brought to the disk, where a power cut leaves it."""
        try:
            os.fsync(self._file.fileno())
        except OSError as error:
            if error.errno != errno.EINVAL:  # a pipe or a device has nothing to bring there
                raise

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def _writable(value: Any) -> Any:
    """JSON has no word for what is not finite; `"nan"`, `"inf"` and `"-inf"` stand for it."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, Mapping):
        return {key: _writable(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_writable(one) for one in value]
    return value


@dataclass(frozen=True, slots=True)
class Reading:
    """What a journal holds.

    Args:
        events: Its events, in order, up to the first line that is none.
        size: How many bytes they take.
        rest: How many bytes lie behind them: what a killed process tore, or what a disk damaged.
        lines: On how many lines those lie.
    """

    events: tuple[Event, ...]
    size: int = 0
    rest: int = 0
    lines: int = 0

    @property
    def damage(self) -> str:
        """What could not be read, in words; empty where all could."""
        if not self.rest:
            return ""
        if self.lines == 1:
            return f"its last line is torn, and left out ({self.rest:,} bytes)"
        where = len(self.events) + 1
        return f"it cannot be read from line {where:,} on, and that is left out ({self.rest:,} bytes)"


def examine(file: Path, known: Reading | None = None) -> Reading:
    """Read a journal, and say what of it could not be read.

    Args:
        file: The journal.
        known: What was read of it before; only what lies behind is read now.

    Returns:
        What it holds.
    """
    events = list(known.events) if known else []
    size = known.size if known else 0
    with file.open("rb") as lines:
        lines.seek(size)
        for line in lines:
            event = _event(line)
            if event is None:
                left = lines.read()
                return Reading(tuple(events), size, len(line) + len(left), 1 + len(left.splitlines()))
            events.append(event)
            size += len(line)
    return Reading(tuple(events), size)


def _event(line: bytes) -> Event | None:
    """The event on a line; none where the line is torn, or tells of none."""
    if not line.endswith(b"\n"):
        return None
    try:
        event = json.loads(line, parse_constant=float)
    except (ValueError, RecursionError):
        return None
    return event if isinstance(event, dict) and isinstance(event.get("event"), str) else None


def read(file: Path) -> list[Event]:
    """The events of a journal, in order, up to the first line that is none; see `examine`."""
    return list(examine(file).events)


def read_from(file: Path, start: int) -> Iterator[Event]:
    """The events of a journal from the one numbered `start` on."""
    yield from examine(file).events[start:]


def mend(file: Path) -> bool:
    """Cut off what cannot be read, so that a resumed run can go on writing behind whole lines.

    More than the one line that a killed process tears is kept beside the journal, as `journal.damaged`.

    Returns:
        Whether there was something.
    """
    found = examine(file)
    if not found.rest:
        return False
    with file.open("r+b") as journal:
        if found.lines > 1:
            journal.seek(found.size)
            file.with_name("journal.damaged").write_bytes(journal.read())
        journal.truncate(found.size)
    return True


def number(value: Any) -> float:
    """A metric as it was before it was written down."""
    return float(value)
