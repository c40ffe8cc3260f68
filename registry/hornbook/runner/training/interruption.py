"""Interruption: SIGINT and SIGTERM end a run in good order; a second one ends it at once."""

import os
import select
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import Any

SIGNALS = (signal.SIGINT, signal.SIGTERM)
ONE = 0.3
"""Seconds within which signals are one: `timeout` and job schedulers send theirs twice."""
GRACE = 3.0
"""Seconds after which a process that was told twice to end is ended, whatever it is computing."""
INTERRUPTED = 130
"""The exit code of a process that is ended so."""


class Interrupted(Exception):
    """The run was asked to end, and has come to a step where it can."""


class Interruption:
    """Watches for signals while it is entered.

    Where there is nothing to be put in order, the first one raises `KeyboardInterrupt`; within `patient` it is
    noted in `wanted`, for the run to look at between steps. A second one, noted in `again`, always raises; and
    should the process be deep in a computation that Python's handlers wait for, it is ended all the same.
    """

    def __init__(self) -> None:
        self.wanted = False
        self.again = False
        self._patient = False
        self._first = 0.0
        self._before: dict[int, Any] = {}

    def __enter__(self) -> "Interruption":
        # Python lets only the main thread set handlers; elsewhere the caller's own stay.
        if threading.current_thread() is threading.main_thread():
            self._watch()
            for number in SIGNALS:
                self._before[number] = signal.signal(number, self._note)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        if self._before:
            signal.set_wakeup_fd(self._wakeup_before)
            os.close(self._told)

    @contextmanager
    def patient(self) -> Iterator[None]:
        """While the context lasts, a first signal is noted and raises nothing."""
        with self._being(patient=True):
            yield

    @contextmanager
    def impatient(self) -> Iterator[None]:
        """While the context lasts, within `patient`, a first signal raises after all, also one that was noted."""
        with self._being(patient=False):
            self.check()
            yield

    def check(self) -> None:
        """Raise if a signal came that was noted, or whose exception somebody caught.

        Raises:
            KeyboardInterrupt: If it did.
        """
        if self.wanted:
            raise KeyboardInterrupt

    @contextmanager
    def _being(self, patient: bool) -> Iterator[None]:
        before, self._patient = self._patient, patient
        try:
            yield
        finally:
            self._patient = before

    def _note(self, number: int, frame: FrameType | None) -> None:
        now = time.monotonic()
        if self.wanted and now - self._first < ONE:
            return
        self.again = self.wanted
        self._first = self._first or now
        self.wanted = True
        if self.again or not self._patient:
            raise KeyboardInterrupt

    def _watch(self) -> None:
        """Have a thread learn of signals even while the main one computes."""
        learns, self._told = os.pipe()
        os.set_blocking(self._told, False)
        self._wakeup_before = signal.set_wakeup_fd(self._told, warn_on_full_buffer=False)
        threading.Thread(target=self._end_in_time, args=(learns,), daemon=True).start()

    def _end_in_time(self, learns: int) -> None:
        """End the process some time after a second signal, unless the run is over by then."""
        first = deadline = 0.0
        with os.fdopen(learns, "rb", buffering=0) as told:
            while select.select([told], [], [], deadline - time.monotonic() if deadline else None)[0]:
                number = told.read(1)
                if not number:
                    return
                now = time.monotonic()
                if number[0] in SIGNALS and not deadline:
                    deadline = now + GRACE if first and now - first >= ONE else 0.0
                    first = first or now
        os._exit(INTERRUPTED)
