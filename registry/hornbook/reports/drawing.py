"""Drawing all reports of a run: what has changed, each by itself, listed in `index.json`."""

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from io import BytesIO
from typing import Any

from hornbook.problem import HornbookError
from hornbook.reports import index, store
from hornbook.reports.index import Entry
from hornbook.reports.known import REPORTS
from hornbook.reports.report import Report, Told
from hornbook.runner.journals.folder import RunFolder
from hornbook.whole_file import written_whole

DRAWN = "drawn"
"""The name of the data that says from what each report was drawn."""

_last: dict[str, tuple[Any, bytes]] = {}
"""Of reports that tell what they show: that, as this process drew it last, and the file's content."""


def draw(folder: RunFolder, afresh: bool = False) -> None:
    """Draw the reports of a run; see `hornbook.reports.draw`."""
    folder.reports.mkdir(parents=True, exist_ok=True)
    told, failed = Told(folder), store.failures(folder)
    before = {} if afresh else _before(folder)
    stamps = {report.file: _stamp(report, told, failed) for report in REPORTS}
    kept = {
        one.file: _entry(one) if before[one.file]["made"] else None
        for one in REPORTS
        if _is_drawn(one, told, stamps, before)
    }
    drawn = _all_drawn([one for one in REPORTS if one.file not in kept], told, failed)
    entries = {one.file: (kept | drawn)[one.file] for one in REPORTS}
    after = {
        file: {"stamp": stamps[file], "made": entry is not None}
        for file, entry in entries.items()
        if entry is None or not entry.reason
    }
    store.save(folder, DRAWN, after)
    index.write(folder, _once([entry for entry in entries.values() if entry is not None]))


def _is_drawn(report: Report, told: Told, stamps: Mapping[str, Any], before: Mapping[str, Any]) -> bool:
    """Whether what a report shows has not changed since it was drawn, or was found not to apply."""
    known = before.get(report.file)
    is_file = (told.folder.reports / report.file).is_file()
    return (
        isinstance(known, dict) and known.get("stamp") == stamps[report.file] and known.get("made") == is_file
    )


def _all_drawn(stale: Sequence[Report], told: Told, failed: Mapping[str, str]) -> dict[str, Entry | None]:
    """Draw reports, all pictures within one style: to enter it takes matplotlib milliseconds."""
    no_style: Exception | None = None
    with ExitStack() as style:
        if any(one.kind == "image" for one in stale):
            try:
                style.enter_context(_styled())
            except Exception as error:  # a matplotlib that is too old, or not built for this numpy
                no_style = error
        return {
            one.file: _drawn(one, told, failed, no_style if one.kind == "image" else None) for one in stale
        }


@contextmanager
def _styled() -> Iterator[None]:
    from hornbook.runner.figures import style

    with style(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a letter that no font has is a box
        yield


def _drawn(report: Report, told: Told, failed: Mapping[str, str], unable: Exception | None) -> Entry | None:
    """Draw one report, unless nothing of its kind can be drawn; none where it does not apply."""
    file = told.folder.reports / report.file
    reasons = [failed[name] for name in report.sources if name in failed]
    try:
        if unable is not None:
            raise unable
        content = _content(report, told)
        if content is not None:
            with written_whole(file, durable=False) as stream:
                stream.write(content)
    except Exception as error:  # whatever is wrong with it, the others are drawn
        content, reasons = None, [_reason(error)]
    if content is None:
        file.unlink(missing_ok=True)
        return Entry("", report.title, "failed", reasons[0]) if reasons else None
    return _entry(report)


def _content(report: Report, told: Told) -> bytes | None:
    """What the file of a report is to hold; none where it does not apply."""
    shown = report.shows(told) if report.shows else None
    known = _last.get(report.file)
    if known is not None and shown is not None and known[0] == shown:
        return known[1]
    made = report.make(told)
    if made is None:
        return None
    content = made.encode() if isinstance(made, str) else _png(made)
    if shown is not None:
        _last[report.file] = shown, content
    return content


def _png(figure: Any) -> bytes:
    from hornbook.runner.figures import save

    stream = BytesIO()
    save(figure, stream)
    return stream.getvalue()


def _entry(report: Report) -> Entry:
    return Entry(report.file, report.title, report.kind)


def _stamp(report: Report, told: Told, failed: Mapping[str, str]) -> Any:
    """Something that changes whenever what a report shows does, or why it cannot."""
    stamps: list[Any] = [failed.get(name, store.stamp(told.folder, name)) for name in report.sources]
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
