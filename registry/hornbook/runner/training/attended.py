"""Attended: what holds for a run from its first step to its last: nobody else is at it, and signals are heeded."""

from collections.abc import Iterator
from contextlib import contextmanager

from hornbook.problem import HornbookError, Problem
from hornbook.runner.journals.alone import alone
from hornbook.runner.journals.folder import RunFolder
from hornbook.runner.room import out_of_room, refused
from hornbook.runner.training.interruption import Interruption


@contextmanager
def attended(folder: RunFolder) -> Iterator[Interruption]:
    """Be alone at a run, and watch for signals.

    Args:
        folder: The run.

    Yields:
        What watches for signals.

    Raises:
        HornbookError: When another process is at the run, or no room is left to begin it.
        KeyboardInterrupt: When a signal came before there was anything to be put in order.
    """
    with alone(folder.path / "run.lock") as granted, Interruption() as interruption:
        if not granted:
            message = f"the run {folder.id} is going on in another process"
            raise HornbookError(Problem(code="HB526", message=message, hint="wait for its end, or end it"))
        try:
            yield interruption
        except Exception as error:
            if interruption.wanted:  # an import that is broken off may raise anything
                raise KeyboardInterrupt from error
            if out_of_room(error):
                raise refused(folder) from error
            raise
