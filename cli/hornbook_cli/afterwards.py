"""Working with the model of a run that is over: the right backend, quietly started."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from hornbook.catalog import Catalog
from hornbook.runner.journals.folder import RunFolder
from hornbook.runner.journals.record import record
from hornbook_cli.backend import prepare_backend
from hornbook_cli.looking import installed
from hornbook_cli.native_chatter import Hushed
from hornbook_cli.options import BACKENDS
from hornbook_cli.terminal import can_rewrite, err


@contextmanager
def loaded(folder: RunFolder, backend: str | None) -> Iterator[tuple[RunFolder, Catalog]]:
    """Where the model of a run is worked with.

    Args:
        folder: The run's folder.
        backend: The backend asked for; none takes `KERAS_BACKEND`, then the one that the run trained on.

    Yields:
        The folder and the catalog. Until the context is left, a backend's chatter is kept away.
    """
    trained_on = record(folder).details.get("backend")
    if backend is None and "KERAS_BACKEND" not in os.environ and trained_on in BACKENDS:
        backend = trained_on
    catalog = installed()
    name = prepare_backend(backend)
    live = can_rewrite(sys.stderr)
    if live:
        err(f"\rstarting {name}…\x1b[K", newline=False)
    try:
        with Hushed():
            yield folder, catalog
    finally:
        if live:
            err("\r\x1b[K", newline=False)
