"""A run's progress on standard error: one line that is rewritten, or one line an epoch where nobody looks."""

import math
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from hornbook.tracker import Event
from hornbook_cli.inert import inert
from hornbook_cli.terminal import can_rewrite, err, shortened, width
from hornbook_cli.writing import duration, number

_BARS = (20, 10, 0)
"""How long the bar may be; where there is little room, metrics come first."""
_LAST = {
    True: "delivering the run to its tracker… (Ctrl-C leaves that to `hornbook sync`)",
    False: "drawing the run's reports… (Ctrl-C leaves that to `hornbook report`)",
}


class Progress:
    """Shows the events of a run as they happen.

    Args:
        epochs: How many epochs the run is to train.
        quiet: Whether to show nothing.
        tracked: Whether the run is delivered to trackers.
    """

    def __init__(self, epochs: int, quiet: bool, tracked: bool = True) -> None:
        self._epochs = epochs
        self._tracked = tracked
        self._quiet = quiet
        self._live = not quiet and can_rewrite(sys.stderr)
        self._began = 0.0
        self._first = 0.0
        self._metrics: Mapping[str, Any] = {}

    def say(self, text: str) -> None:
        """Show what is being done now, on a terminal."""
        if self._live:
            self._rewrite(text)

    def __call__(self, event: Event) -> None:
        """Show an event of the run."""
        # Whoever read standard error may have gone; the run does not end for that.
        with suppress(OSError, ValueError):
            if event["event"] == "started":
                self._began = time.monotonic()
                self.say("training…")
            elif event["event"] == "resumed":
                self._resumed(event)
            elif event["event"] == "step":
                self._step(event)
            elif event["event"] == "epoch":
                self._epoch(event)
            elif event["event"] == "ended":
                self.say(_LAST[self._tracked])

    def clear(self) -> None:
        """Take the live line away."""
        if self._live:
            with suppress(OSError, ValueError):
                err("\r\x1b[K", newline=False)

    def _resumed(self, event: Event) -> None:
        if not self._quiet:
            step = f", step {event['step']}" if event["step"] else ""
            place = f"epoch {event['epoch']}{step}" if event["epoch"] or step else "the beginning"
            again = f"; what follows up to epoch {event['recorded']} is done again"
            self.clear()
            err(f"going on from {place}{again if event['recorded'] > event['epoch'] else ''}")

    def _step(self, event: Event) -> None:
        steps = event.get("steps")
        if self._live and steps:
            done = event["epoch"] - 1 + event["step"] / steps
            self._bar(event["epoch"], done, f"step {event['step']}/{steps}  ")

    def _epoch(self, event: Event) -> None:
        epoch = event["epoch"]
        self._first = self._first or time.monotonic()
        self._metrics = event["metrics"]
        if self._live:
            self._bar(epoch, epoch, "")
        elif not self._quiet:
            digits = len(str(self._epochs))
            took = duration(float(event["seconds"]))
            err(f"epoch {epoch:{digits}}/{self._epochs}  {took}  {_line(self._metrics)}")

    def _bar(self, epoch: int, done: float, step: str) -> None:
        """Rewrite the line, with as much as there is room for."""
        full, rest = ("━", "╌") if _takes_lines() else ("=", ".")
        left, telling = self._left(done), _telling(self._metrics)
        text = ""
        for metrics, length in ((self._metrics, _BARS[0]), *((telling, one) for one in _BARS)):
            filled = round(length * done / self._epochs)
            bar = f"{full * filled}{rest * (length - filled)} " if length else ""
            text = f"epoch {epoch}/{self._epochs} {bar}{step}{left}{_line(metrics)}"
            if len(text) <= _room():
                break
        self._rewrite(text)

    def _left(self, done: float) -> str:
        """How long it will take, going by all epochs but the first, in which the backend compiles."""
        later = done - 1
        if not self._first or later <= 0 or done >= self._epochs:
            return ""
        seconds = (time.monotonic() - self._first) / later * (self._epochs - done)
        return f"{duration(math.ceil(seconds))} left  ".replace(".0 s", " s")

    def _rewrite(self, text: str) -> None:
        err(f"\r{shortened(text, _room())}\x1b[K", newline=False)


def _room() -> int:
    return (width(sys.stderr) or 80) - 1


def _telling(metrics: Mapping[str, Any]) -> dict[str, Any]:
    """The metrics that tell most: those of validation, where there are some."""
    validated = {name: value for name, value in metrics.items() if name.startswith("val_")}
    return validated or {name: value for name, value in metrics.items() if name != "learning_rate"}


def _line(metrics: Mapping[str, Any]) -> str:
    def rank(name: str) -> tuple[bool, bool, bool]:
        return name == "learning_rate", name.startswith("val_"), not name.endswith("loss")

    return "  ".join(f"{inert(name)} {number(float(metrics[name]))}" for name in sorted(metrics, key=rank))


def _takes_lines() -> bool:
    """Whether the terminal's encoding has what bars are drawn with."""
    try:
        "━╌".encode(sys.stderr.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
