"""Inspecting plugins in a child process, each within a time limit, so that none can harm the command."""

import json
import os
import selectors
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from typing import IO, Any

from hornbook.discovery.codec import decode
from hornbook.discovery.plugin import EntryPoint, Plugin

SECONDS = 60.0
"""How long one plugin may take; the first includes the start of Python and the backend's import."""


def inspect(
    entries: Sequence[EntryPoint], progress: Callable[[EntryPoint], None] = lambda entry: None
) -> Iterator[Plugin]:
    """Inspect plugins in a child process; one that ends the child is left out and the rest goes on.

    Args:
        entries: The plugins to inspect.
        progress: Called with each plugin before it is inspected.

    Yields:
        Each plugin, as `hornbook.discovery.inspection.inspect_plugin` finds it.
    """
    waiting = list(entries)
    while waiting:
        for plugin in _one_child(waiting, progress):
            waiting.pop(0)
            yield plugin


def _one_child(entries: Sequence[EntryPoint], progress: Callable[[EntryPoint], None]) -> Iterator[Plugin]:
    """What one child finds until all are done or one of them ends it."""
    receiving, sending = os.pipe()
    with os.fdopen(receiving, "rb") as findings:
        child = subprocess.Popen(
            [sys.executable, "-m", "hornbook.discovery.inspection", str(sending)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=(sending,),
            env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
            start_new_session=True,
        )
        os.close(sending)
        try:
            _tell(child.stdin, entries)
            lines = _lines(findings)
            for entry in entries:
                progress(entry)
                found = _finding(lines, entry)
                if found is None:
                    yield _ended(entry, child)
                    return
                yield found
        finally:
            child.kill()
            child.wait()


def _tell(channel: IO[bytes] | None, entries: Sequence[EntryPoint]) -> None:
    assert channel is not None
    try:
        channel.write(b"".join(json.dumps(asdict(entry)).encode() + b"\n" for entry in entries))
        channel.close()
    except BrokenPipeError:
        return  # the child has ended; that is seen where its findings are missing


def _lines(findings: IO[bytes]) -> Iterator[bytes | None]:
    """Lines as they come; none once a line is not there in time or the child has ended."""
    os.set_blocking(findings.fileno(), False)
    buffer = b""
    with selectors.DefaultSelector() as ready:
        ready.register(findings, selectors.EVENT_READ)
        while True:
            deadline = time.monotonic() + SECONDS
            while b"\n" not in buffer:
                if not ready.select(max(0.0, deadline - time.monotonic())):
                    yield None
                    return
                more = findings.read(1 << 20)
                if not more:
                    yield None
                    return
                buffer += more
            line, _, buffer = buffer.partition(b"\n")
            yield line


def _finding(lines: Iterator[bytes | None], entry: EntryPoint) -> Plugin | None:
    for line in lines:
        if line is None:
            return None
        said: dict[str, Any] = json.loads(line)
        if "begun" not in said:
            return decode(said)
    return None


def _ended(entry: EntryPoint, child: subprocess.Popen[bytes]) -> Plugin:
    status = child.poll()
    cause = (
        f"it was not done within {SECONDS:.0f} seconds"
        if status is None
        else f"it ended the process that inspected it (status {status})"
    )
    return Plugin(entry=entry, state="broken", stage="import", cause=cause)
