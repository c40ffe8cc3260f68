"""Forks processes that have Keras imported already: `kills.py` starts many, and importing takes longer than they do.

Reads a line with a piece of Python for each, and answers with the process's id. A process starts with nothing but
the imports; what it does, and what a `kill -9` does to it, is the same as if it had been started by itself.
"""

import json
import os
import signal
import sys

import hornbook.runner.resuming
import hornbook.runner.session  # noqa: F401 - Keras and its backend


def main() -> None:
    """Fork until nobody asks any more."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # whoever is dead shall be gone
    print("ready", flush=True)
    for line in sys.stdin:
        child = os.fork()
        if not child:
            _carry_out(json.loads(line))
        print(child, flush=True)


def _carry_out(script: str) -> None:
    code = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        null = os.open(os.devnull, os.O_RDWR)
        os.dup2(null, 0)
        os.dup2(2, 1)  # the log
        exec(script, {})
        code = 0
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main()
