"""The edge of the program, where every error becomes one message and an exit code.

0 done · 1 the run failed or an expectation was not met · 2 usage, or the recipe is wrong · 3 a plugin or
component is unavailable · 4 tracking could not be delivered and was asked to matter · 130 interrupted.
"""

from collections.abc import Callable

import click

from hornbook.problem import HornbookError
from hornbook_cli.inert import inert
from hornbook_cli.problems import lines
from hornbook_cli.terminal import err

FAILED, WRONG, UNAVAILABLE, UNDELIVERED, INTERRUPTED = 1, 2, 3, 4, 130


def guarded(action: Callable[[], object], debug: bool) -> int:
    """Do something and answer for how it ends.

    Args:
        action: What to do; click's exceptions and those of Hornbook are expected of it.
        debug: Whether an error shows its traceback.

    Returns:
        The exit code.
    """
    try:
        code = action()
    except HornbookError as error:
        _traceback(debug)
        for problem in error.problems:
            for line in lines(problem):
                err(line)
        return error.exit_code
    except click.ClickException as error:
        _traceback(debug)
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        _traceback(debug)
        err("interrupted")
        return INTERRUPTED
    except Exception as error:
        _traceback(debug)
        words = inert(str(error))[:500]
        err(f"error: {type(error).__name__}{': ' if words else ''}{words}")
        if not debug:
            err("  this should not happen; run again with --debug to see where it did")
        return FAILED
    return code if isinstance(code, int) else 0


def _traceback(wanted: bool) -> None:
    if wanted:
        import traceback

        err(traceback.format_exc().rstrip())
