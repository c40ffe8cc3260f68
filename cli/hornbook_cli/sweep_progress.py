"""A sweep's progress on standard error: a line for each trial that has ended, and one on those that run."""

import sys
from collections.abc import Mapping
from contextlib import suppress

from hornbook.sweeps.leaderboard import values_text
from hornbook.tracker import Event
from hornbook_cli.inert import inert
from hornbook_cli.terminal import can_rewrite, err, shortened, styled, width
from hornbook_cli.writing import duration, number

_COLORS = {"finished": "green", "unmet": "yellow", "pruned": "yellow", "interrupted": "yellow"}


class SweepProgress:
    """Shows the events of a sweep as they happen.

    Args:
        trials: How many trials there are to be.
        metric: What they are compared by.
        quiet: Whether to show nothing.
    """

    def __init__(self, trials: int, metric: str, quiet: bool) -> None:
        self._trials = trials
        self._metric = metric
        self._quiet = quiet
        self._live = not quiet and can_rewrite(sys.stderr)
        self._running: dict[int, str] = {}
        self._values: dict[int, str] = {}

    def say(self, text: str) -> None:
        """Show what is being done now, on a terminal."""
        if self._live:
            err(f"\r{shortened(text, (width(sys.stderr) or 80) - 1)}\x1b[K", newline=False)

    def __call__(self, event: Event) -> None:
        """Show an event of the sweep."""
        # Whoever read standard error may have gone; the sweep does not end for that.
        with suppress(OSError, ValueError):
            kind = event["event"]
            if kind == "trial_started":
                self._begin(event["trial"], event["values"])
            elif kind in ("step", "epoch"):
                self._go_on(event)
            elif kind == "trial_ended":
                self._end(event)
            elif kind == "sweep_ended":
                self.say("drawing and delivering… (Ctrl-C leaves the delivery to `hornbook sync`)")

    def clear(self) -> None:
        """Take the live line away."""
        if self._live:
            with suppress(OSError, ValueError):
                err("\r\x1b[K", newline=False)

    def _begin(self, trial: int, values: Mapping[str, object]) -> None:
        self._values[trial] = inert(values_text(values))
        self._running[trial] = ""
        self._show()

    def _go_on(self, event: Event) -> None:
        trial, epoch = event["trial"], event["epoch"]
        if event["event"] == "step":
            self._running[trial] = f"epoch {epoch}/{event['epochs']}"
        else:
            value = event["metrics"].get(self._metric)
            reached = "" if value is None else f"  {self._metric} {number(value)}"
            self._running[trial] = f"epoch {epoch}{inert(reached)}"
        self._show()

    def _show(self) -> None:
        parts = [f"trial {trial}/{self._trials}  {how}" for trial, how in self._running.items()]
        if len(parts) == 1:
            parts += [self._values.get(trial, "") for trial in self._running]
        self.say("  ".join(parts))

    def _end(self, event: Event) -> None:
        trial = event["trial"]
        self._running.pop(trial, None)
        if self._quiet:
            return
        self.clear()
        value, outcome = event["value"], event["outcome"]
        came_to = f"{self._metric} {number(value)}" if value is not None else outcome
        shown = styled(inert(came_to), fg=_COLORS.get(outcome, "red"))
        digits = len(str(self._trials))
        values = inert(values_text(event["values"]))
        err(f"trial {trial:{digits}}/{self._trials}  {shown}  {values}  {duration(float(event['seconds']))}")
        if event.get("error"):
            err(f"  {shortened(inert(event['error']), 300)}")
        self._show()
