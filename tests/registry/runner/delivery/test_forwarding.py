"""When the process beside a run looks for what is new."""

import os
import queue
import sys
import threading

import pytest

from hornbook.runner.delivery import forwarding
from hornbook.runner.delivery.forwarding import Rhythm


@pytest.fixture
def word(monkeypatch):
    """Writes to the standard input of this process; without a word it would rest for an hour."""
    reading, writing = os.pipe()
    with os.fdopen(reading) as stdin, os.fdopen(writing, "wb", buffering=0) as theirs:
        monkeypatch.setattr(sys, "stdin", stdin)
        monkeypatch.setattr(forwarding, "PAUSE", 3600)
        yield theirs


@pytest.fixture
def looks():
    """The looks, as they are taken in a thread that a test need not wait for."""
    taken = queue.SimpleQueue()

    def look():
        for last in Rhythm().looks():
            taken.put(last)
            if last:
                return  # what follows the last look is a pause

    threading.Thread(target=look, daemon=True).start()
    return taken


def test_it_looks_at_once_when_it_is_told_to_and_once_more_when_nobody_is_there(word, looks):
    for _ in range(3):
        word.write(b"\n\n")
        assert looks.get(timeout=60) is False
    assert looks.empty()
    word.close()
    assert looks.get(timeout=60) is True
