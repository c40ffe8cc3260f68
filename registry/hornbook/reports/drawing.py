"""Drawing all reports of a run: what has changed, each by itself, listed in `index.json`."""

import warnings
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from hornbook.problem import HornbookError
from hornbook.reports import index, store
from hornbook.reports.index import Entry
from hornbook.reports.known import REPORTS
from hornbook.reports.report import Report, Told
from hornbook.runner.journals.folder import RunFolder
from hornbook.whole_file import write_whole, written_whole

DRAWN = "drawn"
"""The name of the data that says from what each report was drawn."""


def draw(folder: RunFolder, afresh: bool = False) -> None:
    """Draw the reports of a run; see `hornbook.reports.draw`."""
    folder.reports.mkdir(parents=True, exist_ok=True)
    told, failed = Told(folder), store.failures(folder)
    before = {} if afresh else _before(folder)
    entries: list[Entry] = []
    after: dict[str, Any] = {}
    for report in REPORTS:
        reasons = [failed[name] for name in report.sources if name in failed]
        entry, stamp = _drawn(report, told, before, reasons)
        if entry is not None:
            entries.append(entry)
        if entry is None or not entry.reason:
            after[report.file] = {"stamp": stamp, "made": entry is not None}
    store.save(folder, DRAWN, after)
    index.write(folder, _once(entries))


def _drawn(
    report: Report, told: Told, before: Mapping[str, Any], reasons: list[str]
) -> tuple[Entry | None, Any]:
    """One report, drawn unless what it shows has not changed; with a stamp of what it shows."""
    file = told.folder.reports / report.file
    stamp = _stamp(report, told)
    known = before.get(report.file)
    entry = Entry(report.file, report.title, report.kind)
    if isinstance(known, dict) and known.get("stamp") == stamp and known.get("made") == file.is_file():
        return (entry if known["made"] else None), stamp
    try:
        content = report.make(told) if report.kind != "image" else _picture(report, told, file)
        if isinstance(content, str):
            write_whole(file, content, durable=False)
    except Exception as error:  # whatever is wrong with it, the others are drawn
        content, reasons = None, [_reason(error)]
    if content is None:
        file.unlink(missing_ok=True)
        return (Entry("", report.title, "failed", reasons[0]) if reasons else None), stamp
    return entry, stamp


def _picture(report: Report, told: Told, file: Path) -> Any:
    """Draw a picture and save it, whole or not at all."""
    from hornbook.runner.figures import save, style

    with style(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a letter that no font has is a box
        figure = report.make(told)
        if figure is None:
            return None
        with written_whole(file, durable=False) as stream:
            save(figure, stream)
    return figure


def _stamp(report: Report, told: Told) -> Any:
    """Something that changes whenever what a report shows does."""
    stamps: list[Any] = [store.stamp(told.folder, name) for name in report.sources]
    if report.from_journal:
        record = told.record
        stamps += [record.name, record.epochs, len(record.resumptions)]
    return stamps


def _before(folder: RunFolder) -> dict[str, Any]:
    with suppress(OSError, ValueError):
        return store.load(folder, DRAWN) or {}
    return {}


def _reason(error: Exception) -> str:
    if isinstance(error, HornbookError):
        problem = error.problems[0]
        return f"{problem.message}; {problem.hint}"
    return f"{type(error).__name__}: {' '.join(str(error).split())}"[:500]


def _once(entries: list[Entry]) -> list[Entry]:
    """The entries, those that failed for one reason in one."""
    reasons: dict[str, list[str]] = {}
    for one in entries:
        if one.reason:
            reasons.setdefault(one.reason, []).append(one.title)
    failed = [
        Entry("", ", ".join(dict.fromkeys(titles)), "failed", reason) for reason, titles in reasons.items()
    ]
    return [one for one in entries if not one.reason] + failed
