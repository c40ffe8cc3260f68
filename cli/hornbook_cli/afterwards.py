"""Working with the model of a run that is over: the right backend, quietly started."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from hornbook.backend import choose
from hornbook.catalog import Catalog
from hornbook.runner.journals.folder import RunFolder
from hornbook.runner.journals.record import record
from hornbook_cli.looking import installed
from hornbook_cli.native_chatter import Hushed
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
    catalog = installed()
    name = choose(backend, like=record(folder).details.get("backend"))
    live = can_rewrite(sys.stderr)
    if live:
        err(f"\rstarting {name}…\x1b[K", newline=False)
    try:
        with Hushed():
            yield folder, catalog
    finally:
        if live:
            err("\r\x1b[K", newline=False)
