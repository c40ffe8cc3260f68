"""The process that carries out trials, one after another, with Keras imported once.

`python -m hornbook.sweeps.worker DESCRIPTOR` takes orders, one JSON object each, from the connection whose file
descriptor is named, and tells there what happens. Without the process at the other end it ends at once.
"""

import gc
import json
import os
import queue
import signal
import sys
import threading
from collections.abc import Mapping
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hornbook.backend import choose
from hornbook.catalog import Catalog, catalog
from hornbook.problem import HornbookError
from hornbook.recipes.reading import read
from hornbook.recipes.recipe import Recipe
from hornbook.runner.journals.folder import RunFolder
from hornbook.runner.journals.journal import read as read_journal
from hornbook.runner.run import Options, Run, carry_out
from hornbook.runner.training.interruption import Interrupted
from hornbook.tracker import Event

if TYPE_CHECKING:
    from hornbook.sweeps.kept_data import KeptData


ROOMY = (10_000, 20, 10)
"""How many more objects there are before they are looked through for garbage: tracing a model makes thousands."""


class Desk:
    """Where orders come in and answers go out.

    Args:
        connection: To the process that gives the orders.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._orders: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        threading.Thread(target=self._take, daemon=True).start()

    def order(self) -> dict[str, Any]:
        """Wait for the next order."""
        return self._orders.get()

    def tell(self, message: Mapping[str, Any]) -> None:
        """Say what happened."""
        self._connection.send_bytes(json.dumps(message).encode())

    def _take(self) -> None:
        try:
            while True:
                self._orders.put(json.loads(self._connection.recv_bytes()))
        except (EOFError, OSError):
            os._exit(1)  # whoever gave the orders is gone, and may come back to go on with this very run


def main() -> None:
    """Carry out what is ordered."""
    desk = Desk(Connection(int(sys.argv[1])))
    try:
        sys.argv[:] = desk.order()["argv"]
        choose()
        known = catalog()
        data = _warm_up()
        desk.tell({"told": "ready"})
        while order := desk.order():
            desk.tell({"told": "ended", **_carried_out(order, known, data, desk)})
            _tidy_up()
    except KeyboardInterrupt:
        pass


def _warm_up() -> "KeptData":
    """Import what every trial needs, Keras and its backend, and have it no longer looked through for garbage."""
    import hornbook.runner.resuming  # noqa: F401
    from hornbook.sweeps.kept_data import KeptData

    gc.collect()
    gc.freeze()
    gc.set_threshold(*ROOMY)
    return KeptData()


def _tidy_up() -> None:
    """Forget what a trial made; the next one finds Keras as a process of its own would."""
    import keras

    keras.utils.clear_session()
    gc.freeze()  # TensorFlow keeps thousands of objects of each training, and looking through them takes ever longer


def _carried_out(order: Mapping[str, Any], known: Catalog, data: "KeptData", desk: Desk) -> dict[str, Any]:
    """Carry out a trial and say how it ended."""
    folder = RunFolder(Path(order["folder"]))
    try:
        run = _run(order, folder, known, data, desk)
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the next order, if any, is to end
        return {"outcome": "interrupted", "metrics": {}, "seconds": 0.0, "error": ""}
    except HornbookError as error:
        words = "; ".join(problem.message for problem in error.problems)
        return {"outcome": "failed", "metrics": {}, "seconds": 0.0, "error": words}
    except Exception as error:  # whatever goes wrong in one trial, the others are to be tried
        words = f"{type(error).__name__}: {' '.join(str(error).split())}"
        return {"outcome": "failed", "metrics": {}, "seconds": 0.0, "error": words}
    metrics = {name: str(value) for name, value in run.metrics.items()}  # JSON has no word for nan
    return {"outcome": run.outcome, "metrics": metrics, "seconds": run.seconds, "error": run.error}


def _run(order: Mapping[str, Any], folder: RunFolder, known: Catalog, data: "KeptData", desk: Desk) -> Run:
    options = Options(
        runs=folder.path.parent,
        tracking=order["tracked"],
        listener=_listener(desk, order["prune"]),
        warn=lambda line: desk.tell({"told": "warning", "line": line}),
        accompanied=False,
        beginning={"sweep": order["sweep"]},
        load=data.load,
        wanted=order["sweep"]["metric"],
    )
    if _begun(folder):
        from hornbook.runner.resuming import resume

        return resume(folder, known, options)
    return carry_out(_recipe(folder, order["source"], known), known, options, folder)


def _begun(folder: RunFolder) -> bool:
    return folder.journal.is_file() and any(one["event"] == "started" for one in read_journal(folder.journal))


def _recipe(folder: RunFolder, source: str, known: Catalog) -> Recipe:
    """The trial's recipe, frozen in its folder, said to be from where it was written."""
    return replace(read(folder.recipe, (), known), source=Path(source))


def _listener(desk: Desk, prune: bool) -> Any:
    def listen(event: Event) -> None:
        if event["event"] == "step":
            desk.tell({"told": "step", **{key: event[key] for key in ("epoch", "step", "steps", "epochs")}})
        elif event["event"] == "epoch":
            metrics = {name: str(value) for name, value in event["metrics"].items()}
            desk.tell({"told": "epoch", "epoch": event["epoch"], "metrics": metrics})
            if prune and not desk.order()["go on"]:
                raise Interrupted

    return listen


if __name__ == "__main__":
    main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)  # taking a backend apart takes a second
