"""Where things are kept: the index, and the tracking store."""

import os
import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote, urlsplit

from hornbook.discovery import storage
from hornbook_cli.checkup.finding import Finding, Part

VARIABLE, DEFAULT = "MLFLOW_TRACKING_URI", "sqlite:///mlflow.db"
ROOM = 10_000_000
"""Bytes that must be free for the index to be written."""
_SERVERS = ("http", "https", "databricks", "uc", "databricks-uc")
_DATABASES = ("postgresql", "mysql", "mssql")


def look_at_index() -> Part:
    """Look at whether the index is there and can be written."""
    found, _ = storage.read()
    preferred = next(storage.places())
    findings = []
    if found is None:
        message = f"there is no index: it cannot be kept in {preferred.parent}, so each command takes seconds"
        findings.append(Finding("error", message, "make room there, or export XDG_CACHE_HOME=/some/folder"))
    elif not _takes_files(preferred.parent):
        message = f"the index cannot be written to {preferred.parent}"
        held = "; it is kept with temporary files" if found != preferred else ""
        findings.append(
            Finding("warning", message + held, "make it writable, or export XDG_CACHE_HOME=/some/folder")
        )
    elif _free(preferred.parent) < ROOM:
        message = f"there is hardly any room left for the index in {preferred.parent}"
        findings.append(Finding("warning", message, "make room there, or export XDG_CACHE_HOME=/some/folder"))
    return Part("index", f"{found}, fresh" if found else "none", tuple(findings))


def look_at_tracking() -> Part:
    """Look at where runs are tracked: the form of the address, and whether a file can be written there."""
    uri = os.environ.get(VARIABLE) or DEFAULT
    said_by = f"{VARIABLE} says" if os.environ.get(VARIABLE) else "by default"
    if find_spec("mlflow") is None:
        findings: Iterator[Finding] = iter(
            [
                Finding(
                    "note", "MLflow is not installed, so runs are not tracked", "pip install hornbook-mlflow"
                )
            ]
        )
    else:
        findings = _tracking(uri)
    return Part("tracking", f"{_without_password(uri)} ({said_by})", tuple(findings))


def _tracking(uri: str) -> Iterator[Finding]:
    scheme = urlsplit(uri).scheme.partition("+")[0]
    remedy = f"unset {VARIABLE}, or export {VARIABLE}={DEFAULT}"
    if scheme == "sqlite":
        yield from _sqlite(uri, remedy)
    elif scheme in ("", "file"):
        message = f"{uri!r} is a folder, which MLflow no longer takes as a tracking store"
        yield Finding("error", message, remedy)
    elif scheme in ("http", "https") and not urlsplit(uri).hostname:
        yield Finding("error", f"{uri!r} names no server", f"export {VARIABLE}=http://localhost:5000")
    elif scheme not in (*_SERVERS, *_DATABASES):
        yield Finding("error", f"{uri!r} is no tracking store that MLflow knows", remedy)


def _sqlite(uri: str, remedy: str) -> Iterator[Finding]:
    path = unquote(uri.partition("://")[2].partition("?")[0]).removeprefix("/")
    if not path:
        return  # a database in memory
    file = Path(path)
    if not file.exists():
        if not _takes_files(file.absolute().parent):
            yield Finding("error", f"the tracking store {file} cannot be made there", remedy)
    elif not (os.access(file, os.W_OK) and _takes_files(file.absolute().parent)):
        # SQLite writes its journal beside the file.
        yield Finding("error", f"the tracking store {file} cannot be written to", f"chmod u+w {file}")
    elif file.stat().st_size and not _is_sqlite(file):
        yield Finding("error", f"{file} is no SQLite database", remedy)


def _is_sqlite(file: Path) -> bool:
    try:
        with file.open("rb") as content:
            return content.read(16) == b"SQLite format 3\0"
    except OSError:
        return False


def _takes_files(folder: Path) -> bool:
    """Whether files can be made in a folder, or the folder in those above it."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)


def _free(folder: Path) -> float:
    try:
        room = os.statvfs(folder)
    except OSError:
        return float("inf")
    return float(room.f_bavail * room.f_frsize)


def _without_password(uri: str) -> str:
    return re.sub(r"//[^/@]*@", "//…@", uri)
