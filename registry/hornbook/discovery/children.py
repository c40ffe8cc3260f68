"""Having plugins looked into by another process, which is not trusted to live."""

import json
import os
import selectors
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from typing import IO, Any

from hornbook.backend import usable
from hornbook.discovery import limits
from hornbook.discovery.codec import decode
from hornbook.discovery.plugin import EntryPoint, Plugin
from hornbook.discovery.sources import sources

LOADING = 120.0
"""Seconds that Python and Keras may take to start."""


def inspect(
    entries: Sequence[EntryPoint], progress: Callable[[EntryPoint], None] = lambda entry: None
) -> Iterator[Plugin]:
    """Look into plugins; see `hornbook.discovery.template` for how.

    Args:
        entries: The plugins to look into.
        progress: Called with each plugin before it is looked into.

    Yields:
        Each plugin, as `hornbook.discovery.inspection.inspect_plugin` finds it, in no particular order.
    """
    if not entries:
        return
    missing = dict.fromkeys(entries)
    at_work: set[EntryPoint] = set()
    stuck = ""
    for said in _said(entries):
        stuck = f"importing {said['loading']} came to no end" if "loading" in said else ""
        if "begun" in said:
            at_work.add(entries[said["begun"]])
            progress(entries[said["begun"]])
        elif "seen" in said:
            at_work.discard(entries[said["seen"]])
        elif "done" in said:
            entry = entries[said["done"]]
            at_work.discard(entry)
            missing.pop(entry, None)
            yield replace(decode(said["found"]), entry=entry)
    if stuck or (missing and len(entries) == 1):
        cause = stuck or "it ended the process that looked into it"
        for entry in missing:
            yield Plugin(entry=entry, state="broken", stage="import", cause=cause, sources=sources(entry))
        return
    # Something ended the whole process: one of those at work, each of which now gets one to itself.
    innocent = [entry for entry in missing if entry not in at_work]
    together = len(innocent) < len(entries)
    for some in [innocent, *([one] for one in at_work)] if together else [[one] for one in innocent]:
        yield from inspect(some, progress)


def _said(entries: Sequence[EntryPoint]) -> Iterator[dict[str, Any]]:
    """What the other process says of plugins until it is done, has ended, or has long been silent."""
    receiving, sending = os.pipe()
    with os.fdopen(receiving, "rb", buffering=0) as findings:
        child = subprocess.Popen(
            [sys.executable, "-m", "hornbook.discovery.template", str(sending)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=(sending,),
            env=_environment(),
            start_new_session=True,
        )
        os.close(sending)
        try:
            _tell(child.stdin, entries)
            for line in _lines(findings):
                yield json.loads(line)
        finally:
            child.kill()
            child.wait()


def _environment() -> Mapping[str, str]:
    """To look at constructors takes no device and one thread; any backend that is there will do."""
    return os.environ | {
        "KERAS_BACKEND": usable(),
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "-1",
        "JAX_PLATFORMS": "cpu",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }


def _tell(channel: IO[bytes] | None, entries: Sequence[EntryPoint]) -> None:
    assert channel is not None
    try:
        channel.write(b"".join(json.dumps(asdict(entry)).encode() + b"\n" for entry in entries))
        channel.close()
    except BrokenPipeError:
        return  # it has ended; that is seen where its findings are missing


def _lines(findings: IO[bytes]) -> Iterator[bytes]:
    """Lines as they come, until there are no more or none has come for too long."""
    buffer = b""
    with selectors.DefaultSelector() as ready:
        ready.register(findings, selectors.EVENT_READ)
        deadline = time.monotonic() + LOADING
        while ready.select(max(0.0, deadline - time.monotonic())):
            more = findings.read(1 << 20)
            if not more:
                return
            *lines, buffer = (buffer + more).split(b"\n")
            yield from lines
            if lines:
                deadline = time.monotonic() + LOADING + limits.seconds()
