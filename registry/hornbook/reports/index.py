"""The list of a run's reports: `index.json`."""

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from hornbook.whole_file import write_json

if TYPE_CHECKING:
    from pathlib import Path

    from hornbook.runner.journals.folder import RunFolder


@dataclass(frozen=True, slots=True)
class Entry:
    """One report of a run.

    Args:
        file: The file's name in the folder of reports; empty where it could not be made.
        title: What it is, in a few words.
        kind: `image`, `markdown`, `json`, or `failed`.
        reason: Why it could not be made; empty where it was.
    """

    file: str
    title: str
    kind: str
    reason: str = ""


def write(folder: "RunFolder", entries: list[Entry]) -> None:
    """Write the list, whole or not at all."""
    listed = [
        {key: value for key, value in asdict(one).items() if key != "reason" or value} for one in entries
    ]
    write_json(_file(folder), listed, durable=False)


def contents(folder: "RunFolder") -> list[Entry]:
    """The reports of a run, those that failed too.

    Args:
        folder: The run's folder.

    Returns:
        The reports, in the order in which to look at them; none where none were drawn.
    """
    try:
        listed = json.loads(_file(folder).read_text("utf-8"))
        return [Entry(**{key: str(value) for key, value in one.items()}) for one in listed]
    except (OSError, ValueError, TypeError, AttributeError):
        return []


def _file(folder: "RunFolder") -> "Path":
    return folder.reports / "index.json"
