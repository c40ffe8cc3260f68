"""The journal: a run's events, appended one JSON object a line and flushed. The truth about a run."""

import json
import math
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from hornbook.tracker import Event


class Journal:
    """Appends events to a run's journal.

    Args:
        file: The journal; made if it is missing.
    """

    def __init__(self, file: Path) -> None:
        self._file = file.open("a", encoding="utf-8")

    def write(self, event: str, **content: Any) -> Event:
        """Append an event and flush it.

        Args:
            event: Its type, such as `"epoch"`.
            **content: Plain data.

        Returns:
            The event as written, with its time in milliseconds.
        """
        written = {"event": event, "time": time.time_ns() // 1_000_000, **content}
        self._file.write(json.dumps(_writable(written)) + "\n")
        self._file.flush()
        return written

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


def read(file: Path) -> list[Event]:
    """The events of a journal, in order. A torn last line, left by a killed process, is dropped."""
    return list(read_from(file, 0))


def read_from(file: Path, start: int) -> Iterator[Event]:
    """The events of a journal from the one numbered `start` on."""
    with file.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if number < start:
                continue
            if not line.endswith("\n"):
                return
            try:
                yield json.loads(line, parse_constant=float)
            except ValueError:
                return


def mend(file: Path) -> bool:
    """Cut off a torn last line, so that a resumed run can go on writing behind whole ones.

    Returns:
        Whether there was one.
    """
    content = file.read_bytes()
    whole = content[: content.rfind(b"\n") + 1]
    if len(whole) == len(content):
        return False
    with file.open("r+b") as journal:
        journal.truncate(len(whole))
    return True


def number(value: Any) -> float:
    """A metric as it was before it was written down."""
    return float(value)
