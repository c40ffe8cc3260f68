"""The process in which plugins are looked into, one fork each, so that none can harm a command or another.

`python -m hornbook.discovery.template FD` reads entry points as JSON lines from standard input and writes JSON
lines to the file descriptor: when a plugin's turn comes, when it is over, and when all is known of it.

This process itself runs no plugin's code. It looks at every plugin twice, each time in a fresh fork: first
before Keras is imported, which shows what the plugin's own module costs and does; then, when Keras is there
for all, at the targets of its components. So the seconds that Keras takes are spent once, and what one plugin
does to Keras, to another's modules, to threads or to the process ends with its fork.
"""

import json
import os
import selectors
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from hornbook.discovery import limits
from hornbook.discovery.codec import decode, decode_entry, encode
from hornbook.discovery.inspection import inspect_plugin
from hornbook.discovery.plugin import EntryPoint, Plugin, Stage
from hornbook.discovery.sources import sources

AT_ONCE = max(2, min(4, os.cpu_count() or 2))
"""Forks at a time: those that sleep then wait together."""
TICK = 0.05
"""Seconds between two looks at how much memory the forks take."""

Reached = Callable[[Stage], None]
Look = Callable[[EntryPoint, Reached], Plugin]


@dataclass(slots=True)
class _Fork:
    """A process that looks at one plugin."""

    entry: EntryPoint
    process: int
    findings: int
    deadline: float
    stage: Stage = "import"
    said: bytearray = field(default_factory=bytearray)
    found: bytes = b""


def main() -> None:
    """Look at the plugins named on standard input; see the module's docstring."""
    channel = int(sys.argv[1])
    entries = [decode_entry(json.loads(line)) for line in sys.stdin]
    number = {entry: index for index, entry in enumerate(entries)}

    def say(**what: Any) -> None:
        _say(channel, json.dumps(what).encode())

    def tell(plugin: Plugin) -> None:
        say(done=number[plugin.entry], found=encode(plugin))

    light = {}
    for plugin in _each(entries, _survey, channel, lambda one: say(begun=number[one])):
        if plugin.state == "ready" and plugin.components:
            light[plugin.entry] = plugin
            say(seen=number[plugin.entry])
        else:
            tell(plugin)
    if light:
        say(loading="keras")
        with suppress(Exception):  # what is wrong with it, every plugin that points at it will tell
            import keras  # noqa: F401

        def look(entry: EntryPoint, reached: Reached) -> Plugin:
            seen, found = light[entry], inspect_plugin(entry, reached=reached)
            return replace(found, import_seconds=seen.import_seconds, heavy=seen.heavy)

        for plugin in _each(list(light), look, channel, lambda one: say(begun=number[one])):
            tell(plugin)
    os._exit(0)


def _survey(entry: EntryPoint, reached: Reached) -> Plugin:
    return inspect_plugin(entry, targets=False, reached=reached)


def _each(
    entries: Sequence[EntryPoint], look: Look, channel: int, begun: Callable[[EntryPoint], None]
) -> Iterator[Plugin]:
    """Look at plugins, several at a time, each in a fork with its limits of time and memory."""
    waiting, running = deque(entries), list[_Fork]()
    with selectors.DefaultSelector() as ready:
        while waiting or running:
            while waiting and len(running) < AT_ONCE:
                begun(waiting[0])
                fork = _forked(waiting.popleft(), look, channel)
                ready.register(fork.findings, selectors.EVENT_READ, fork)
                running.append(fork)
            ready.select(TICK)
            for fork in list(running):
                if (plugin := _heard(fork)) is not None:
                    ready.unregister(fork.findings)
                    os.close(fork.findings)
                    running.remove(fork)
                    yield plugin


def _forked(entry: EntryPoint, look: Look, channel: int) -> _Fork:
    findings, sending = os.pipe()
    process = os.fork()
    if process == 0:
        try:
            os.setsid()
            os.close(channel)
            os.close(findings)
            _report(look(entry, lambda stage: _say(sending, stage.encode())), sending)
        finally:
            os._exit(1)
    os.close(sending)
    os.set_blocking(findings, False)
    return _Fork(entry, process, findings, time.monotonic() + limits.seconds())


def _report(plugin: Plugin, sending: int) -> None:
    """Write what was found, and end whatever the plugin has left running."""
    try:
        line = json.dumps(encode(plugin)).encode()
    except Exception as error:
        line = _without_content(plugin, f"what it declares cannot be written down: {error!r}"[:500])
    if len(line) > limits.MOST_BYTES:
        fault = f"its declarations take {len(line):,} bytes; {limits.MOST_BYTES:,} is the most"
        line = _without_content(plugin, fault)
    _say(sending, line)
    os._exit(0)


def _without_content(plugin: Plugin, fault: str) -> bytes:
    less = Plugin(
        entry=plugin.entry, state="broken", stage="declaration", cause=fault, sources=plugin.sources
    )
    return json.dumps(encode(less)).encode()


def _say(sending: int, line: bytes) -> None:
    line += b"\n"
    while line:
        line = line[os.write(sending, line) :]


def _heard(fork: _Fork) -> Plugin | None:
    """What is now known of a fork's plugin; none while it is at work within its limits."""
    gone = _gone(fork)  # asked first: what it said before it went is then there to be read
    silent = _listen(fork)
    if fork.found:
        _end(fork)
        try:
            return replace(decode(json.loads(fork.found)), entry=fork.entry)
        except Exception as error:
            return _broken(fork, f"what it declares cannot be read: {type(error).__name__}")
    if gone or silent:
        return _broken(fork, f"it ended the process that looked into it ({_end(fork)})")
    if len(fork.said) > limits.MOST_BYTES:
        _end(fork)
        return _broken(fork, "its declarations have no end")
    if time.monotonic() > fork.deadline:
        _end(fork)
        return _broken(fork, f"it was not done within {limits.seconds():g} seconds")
    if _megabytes(fork.process) > limits.megabytes() + _megabytes(os.getpid()):
        _end(fork)
        return _broken(fork, f"it took more than {limits.megabytes():,.0f} megabytes of memory")
    return None


def _listen(fork: _Fork) -> bool:
    """Read what a fork has said since; whether it will say no more."""
    while len(fork.said) <= limits.MOST_BYTES and not fork.found:
        try:
            more = os.read(fork.findings, 1 << 20)
        except BlockingIOError:
            return False
        if not more:
            return True
        *lines, fork.said = (fork.said + more).split(b"\n")
        for line in map(bytes, lines):
            if line.startswith(b"{"):
                fork.found = line
            else:
                fork.stage = "target" if line == b"target" else "hooks"
    return False


def _gone(fork: _Fork) -> bool:
    """Whether the fork has ended, though a process that it left behind keeps the pipe open."""
    return os.waitid(os.P_PID, fork.process, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _end(fork: _Fork) -> str:
    """End a fork and all that it started, and say how it ended."""
    with suppress(OSError):
        os.killpg(fork.process, signal.SIGKILL)
    with suppress(OSError):
        os.kill(fork.process, signal.SIGKILL)
    status = os.waitstatus_to_exitcode(os.waitpid(fork.process, 0)[1])
    return f"exit status {status}" if status >= 0 else signal.Signals(-status).name


def _broken(fork: _Fork, cause: str) -> Plugin:
    found = sources(fork.entry)
    return Plugin(entry=fork.entry, state="broken", stage=fork.stage, cause=cause, sources=found)


def _megabytes(process: int) -> float:
    """The memory that a process holds; 0 where the system does not tell, and the time limit has to do."""
    try:
        with open(f"/proc/{process}/statm", "rb") as file:  # noqa: PTH123
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    except (OSError, ValueError, IndexError):
        return 0.0


if __name__ == "__main__":
    main()
