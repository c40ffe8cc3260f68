"""How busy the machine is while a run is on: samples written beside the journal, and delivered like its metrics.

MLflow's own sampler sends what it measures straight to the store, and what does not arrive is lost. Here its
measurements go into a file first, so they survive an outage, and arrive once.
"""

import json
import os
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from hornbook.runner.journals.journal import read_from
from hornbook.tracker import Event
from hornbook_mlflow.wishes import SYSTEM_METRICS

_INTERVAL = "MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL"
_SECONDS = 5.0
_LOOK = 0.2


def file_of(folder: Path) -> Path:
    """Where the samples of a run lie, one JSON object a line."""
    return folder / "delivery" / "system.jsonl"


class Sampler:
    """Samples the machine from a thread of the process beside a run, where the run's recipe asks for that.

    Args:
        folder: The run's folder; its journal may be still to come.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._work, name="system-metrics", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Take a last sample and end."""
        self._stopped.set()
        self._thread.join(timeout=5)

    def _work(self) -> None:
        while (asked := _asked(self._folder)) is None:
            if self._stopped.wait(_LOOK):
                return
        if asked:
            with suppress(OSError):
                self._sample()

    def _sample(self) -> None:
        monitors = _monitors()
        with file_of(self._folder).open("a", encoding="utf-8") as samples:
            pause = min(1.0, _interval())
            going = True
            while going:
                going = not self._stopped.wait(pause)
                pause = _interval()
                sample = {"time": time.time_ns() // 1_000_000, "metrics": _measured(monitors)}
                samples.write(json.dumps(sample) + "\n")
                samples.flush()


def _asked(folder: Path) -> bool | None:
    """Whether a run's recipe asks for samples; none as long as nobody knows."""
    try:
        first = next(read_from(folder / "journal.jsonl", 0), None)
    except OSError:
        return None
    return bool((first.get("tracking") or {}).get(SYSTEM_METRICS)) if first else None


def samples(folder: Path, start: int) -> Iterator[tuple[int, Event]]:
    """The samples of a run from the one numbered `start` on, each with its number, counted from 1.

    Args:
        folder: The run's folder.
        start: How many to leave out.
    """
    with suppress(OSError):
        lines = file_of(folder).read_text("utf-8").split("\n")[:-1]
        for number, line in enumerate(lines[start:], start + 1):
            with suppress(ValueError):
                yield number, json.loads(line)


def _interval() -> float:
    with suppress(ValueError):
        return max(0.1, float(os.environ[_INTERVAL])) if _INTERVAL in os.environ else _SECONDS
    return _SECONDS


def _monitors() -> list[Any]:
    from mlflow.system_metrics.metrics.cpu_monitor import CPUMonitor
    from mlflow.system_metrics.metrics.disk_monitor import DiskMonitor
    from mlflow.system_metrics.metrics.gpu_monitor import GPUMonitor
    from mlflow.system_metrics.metrics.network_monitor import NetworkMonitor
    from mlflow.system_metrics.metrics.rocm_monitor import ROCMMonitor

    monitors = [CPUMonitor(), DiskMonitor(), NetworkMonitor()]
    for graphics in (GPUMonitor, ROCMMonitor):
        with suppress(Exception):  # there is no such device, or nothing that could read it
            monitors.append(graphics())
    _measured(monitors)  # the first look at a processor's load has nothing to compare with
    return monitors


def _measured(monitors: list[Any]) -> dict[str, float]:
    measured: dict[str, float] = {}
    for monitor in monitors:
        with suppress(Exception):
            monitor.collect_metrics()
            measured |= monitor.aggregate_metrics()
        monitor.clear_metrics()
    return {f"system/{name}": float(value) for name, value in measured.items()}
