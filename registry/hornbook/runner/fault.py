"""What is kept of an error that ended a run: where in the code it arose."""

import traceback
from contextlib import suppress

from hornbook.runner.delivery.delivering import free_of_secrets
from hornbook.runner.journals.folder import RunFolder


def keep_traceback(error: BaseException, folder: RunFolder) -> None:
    """Write an error's traceback into the run's folder, where trackers find it too.

    Args:
        error: The error.
        folder: The run's folder.
    """
    text = "".join(traceback.format_exception(error))
    with suppress(OSError):  # the disk may be what failed
        folder.traceback.write_text(free_of_secrets(text), "utf-8", errors="replace")


def forget_traceback(folder: RunFolder) -> None:
    """Remove the traceback of an earlier end, now that the run goes on."""
    with suppress(OSError):
        folder.traceback.unlink(missing_ok=True)
