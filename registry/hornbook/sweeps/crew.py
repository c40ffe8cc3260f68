"""Crew: the worker processes of a sweep, as the process that gives them orders sees them."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from multiprocessing.connection import Connection, Pipe, wait
from types import TracebackType
from typing import Any

from hornbook.sweeps.folder import SweepFolder

MOST_TRIALS = 200
"""Trials after which another worker takes over: of each, a backend keeps some megabytes."""
PATIENCE = 20.0
"""Seconds that a worker has to end when there is nothing more to do."""
_TAIL = 2_000


class Worker:
    """A process that carries out trials.

    Args:
        number: Counted from 1.
        folder: The sweep.
        backend: What Keras computes with there; empty leaves it to the environment.
    """

    def __init__(self, number: int, folder: SweepFolder, backend: str) -> None:
        self.number = number
        self.trial: int | None = None
        self.given = 0
        self.doubtful = False
        self.ready = False
        self._log = folder.log(number)
        self._log.parent.mkdir(parents=True, exist_ok=True)
        self.connection, theirs = Pipe()
        with self._log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "hornbook.sweeps.worker", str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env={**os.environ, **({"KERAS_BACKEND": backend} if backend else {})},
                pass_fds=[theirs.fileno()],
                start_new_session=True,  # Ctrl-C is for the sweep, which hands it on
            )
        theirs.close()
        self.order({"argv": sys.argv})

    def order(self, order: Mapping[str, Any]) -> None:
        """Give an order; one who is gone does not hear it, which `messages` tells."""
        with suppress(OSError):
            self.connection.send_bytes(json.dumps(order).encode())

    def give(self, trial: int, order: Mapping[str, Any]) -> None:
        """Have it carry out a trial."""
        self.trial = trial
        self.given += 1
        self.order(order)

    def interrupt(self) -> None:
        """Have it end its trial at the next step, or at once where it was told before."""
        with suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGINT)

    def end(self) -> str:
        """Have it end.

        Returns:
            How it ended, if not by itself: the signal or exit code, and the last line of what it wrote.
        """
        self.order({})
        try:
            self._process.wait(PATIENCE)
        except (subprocess.TimeoutExpired, KeyboardInterrupt):
            self.kill()
        self.connection.close()
        code = self._process.returncode
        if code == 0:
            return ""
        how = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
        said = self._last_words()
        return f"{how}: {said}" if said else how

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()
        self._process.wait()

    def _last_words(self) -> str:
        try:
            with self._log.open("rb") as log:
                log.seek(max(0, os.fstat(log.fileno()).st_size - _TAIL))
                lines = log.read().decode("utf-8", "replace").split("\n")
        except OSError:
            return ""
        return next((line.strip()[:300] for line in reversed(lines) if line.strip()), "")


class Crew:
    """The workers of a sweep. Leaving the context ends them.

    Args:
        folder: The sweep.
        jobs: How many there may be at once.
        backend: What Keras computes with there; empty leaves it to the environment.
    """

    def __init__(self, folder: SweepFolder, jobs: int, backend: str) -> None:
        self._folder = folder
        self._backend = backend
        self._jobs = jobs
        self._workers: list[Worker] = []
        self._engaged = 0

    def __enter__(self) -> "Crew":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self._workers:
            if kind is not None:
                worker.kill()
            else:
                worker.order({})
        for worker in self._workers:
            worker.end()

    @property
    def busy(self) -> list[Worker]:
        """The workers that have a trial."""
        return [worker for worker in self._workers if worker.trial is not None]

    @property
    def has_room(self) -> bool:
        """Whether there is a worker for one more trial."""
        return len(self.busy) < self._jobs

    def worker(self) -> Worker:
        """A worker without a trial; a new one where all have one, or that one is not to have another."""
        idle = next((worker for worker in self._workers if worker.trial is None), None)
        if idle is not None and (idle.doubtful or idle.given >= MOST_TRIALS):
            self.dismiss(idle)
            idle = None
        if idle is None:
            self._engaged += 1
            idle = Worker(self._engaged, self._folder, self._backend)
            self._workers.append(idle)
        return idle

    def interrupt(self) -> None:
        """Have all end their trials."""
        for worker in self._workers:
            worker.interrupt()

    def kill(self) -> None:
        """End all at once."""
        for worker in self._workers:
            worker.kill()

    def dismiss(self, worker: Worker) -> str:
        """Let go of a worker that is gone, or has no trial; how it ended."""
        self._workers.remove(worker)
        return worker.end()

    def messages(self) -> Iterator[tuple[Worker, dict[str, Any] | None]]:
        """Wait until workers have something to say.

        Yields:
            Each with its message; none of a worker that is gone.
        """
        by_connection = {worker.connection: worker for worker in self._workers}
        for connection in wait(list(by_connection)):
            assert isinstance(connection, Connection)
            worker = by_connection[connection]
            try:
                yield worker, json.loads(connection.recv_bytes())
            except (EOFError, OSError):
                yield worker, None
