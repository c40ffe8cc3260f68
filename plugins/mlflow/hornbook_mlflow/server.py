"""MLflow's server as a child process, on loopback only, ended with its parent."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from types import FrameType, TracebackType
from typing import Self

from hornbook.problem import HornbookError, Problem
from hornbook_mlflow.store import sqlite_file, without_secrets

_HOST = "127.0.0.1"
_PATIENCE = 120.0
_SIGNALS = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]


class Server:
    """MLflow's server, from entering the context to leaving it.

    A request to terminate this process, or the end of its terminal, is turned into `KeyboardInterrupt`, so
    that the server never outlives it.

    Args:
        store: The URI of the store to serve.
        port: The port to serve on.
    """

    def __init__(self, store: str, port: int) -> None:
        self.store = store
        self.port = port
        self.address = f"http://{_HOST}:{port}"

    def __enter__(self) -> Self:
        self._handlers = {number: signal.signal(number, _interrupt) for number in _SIGNALS}
        self._log = tempfile.TemporaryFile()
        database = sqlite_file(self.store)
        # The store goes by the environment: a command line, which may hold a password, can be read by all.
        # Background jobs are for generative AI; without them the server starts sooner.
        settings = {"MLFLOW_BACKEND_STORE_URI": self.store, "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
        command = ["-m", "mlflow", "ui", "--host", _HOST, "--port", str(self.port), "--workers", "1"]
        self._process = subprocess.Popen(
            [sys.executable, *command],
            cwd=database.parent if database else None,
            env={**os.environ, **settings},
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,  # Ctrl-C reaches the parent alone, which then ends the server.
        )
        return self

    def wait_until_ready(self) -> None:
        """Wait until the server answers.

        Raises:
            HornbookError: It ended instead, or takes too long.
        """
        deadline = time.monotonic() + _PATIENCE
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        while self._process.poll() is None and time.monotonic() < deadline:
            with contextlib.suppress(OSError), direct.open(f"{self.address}/health", timeout=5):
                return
            time.sleep(0.1)
        raise self._failure("did not start")

    def wait(self) -> None:
        """Wait until the server ends, which it should not do of itself.

        Raises:
            HornbookError: It did.
        """
        self._process.wait()
        raise self._failure("ended")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired, KeyboardInterrupt):
            self._process.wait(timeout=5)
        with contextlib.suppress(ProcessLookupError, PermissionError):  # What it may have left of its own.
            os.killpg(self._process.pid, signal.SIGKILL) if os.name == "posix" else self._process.kill()
        self._process.wait()
        self._log.close()
        for number, handler in self._handlers.items():
            signal.signal(number, handler)

    def _failure(self, what: str) -> HornbookError:
        self._log.seek(0)
        log = self._log.read().decode(errors="replace").replace(self.store, without_secrets(self.store))
        said = "\n  ".join([line for line in log.splitlines() if line.strip()][-5:])
        code = self._process.poll()
        ending = "" if code is None else f" (exit code {code})"
        message = f"MLflow's server {what}{ending}. Its last words:\n  {said}"
        return HornbookError(Problem(code="HB905", message=message), exit_code=1)


def free_port(first: int) -> int | None:
    """Find the first free port on loopback, of a hundred from the given one; none where all are taken."""
    return next((port for port in range(first, min(first + 100, 65536)) if _is_free(port)), None)


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        if os.name == "posix":  # As the server does: a port that was just given up is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_HOST, port))
        except OSError:
            return False
    return True


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
