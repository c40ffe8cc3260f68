"""The entry point `hornbook`."""

import gc
import sys

BEFORE_COLLECTING = 100_000
"""Objects made before the garbage collector looks for cycles: reading commands make fewer, and none in cycles."""


def main() -> None:
    """Run the command line of this process."""
    gc.set_threshold(BEFORE_COLLECTING)
    from hornbook_cli.root import hornbook

    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        hornbook.main()
    except SystemExit as end:
        if "keras" in sys.modules and isinstance(end.code, int):
            _leave(end.code)
        raise


def _leave(code: int) -> None:
    """End the process as Python does, but for taking apart what a backend loaded: that takes a second."""
    import atexit
    import os
    import threading

    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
