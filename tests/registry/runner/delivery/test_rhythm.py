"""When the process beside a run draws, and when it looks for what is to be delivered."""

import os
import queue
import sys
import threading

import pytest

from hornbook.runner.delivery import rhythm
from hornbook.runner.delivery.rhythm import Moment, Rhythm


@pytest.fixture
def word(monkeypatch):
    """Writes to the standard input of this process."""
    reading, writing = os.pipe()
    with os.fdopen(reading) as stdin, os.fdopen(writing, "wb", buffering=0) as theirs:
        monkeypatch.setattr(sys, "stdin", stdin)
        yield theirs


def test_without_its_time_having_come_it_is_stirred_by_a_word_and_ended_by_silence(word, monkeypatch):
    monkeypatch.setattr(rhythm, "PAUSE", 3600)
    taken = queue.SimpleQueue()

    def look():
        for moment in Rhythm().moments():
            taken.put(moment)
            if moment is Moment.LAST:
                return  # what follows is a pause

    threading.Thread(target=look, daemon=True).start()  # not to be waited for, should it wait for an hour
    for _ in range(3):
        word.write(b"\n\n")
        assert taken.get(timeout=60) is Moment.STIRRED
    assert taken.empty()
    word.close()
    assert taken.get(timeout=60) is Moment.LAST


class Clock:
    """Time as a test tells it."""

    def __init__(self):
        self.now = self.worked = 0

    def monotonic(self):
        return self.now

    def process_time(self):
        return self.worked


@pytest.mark.parametrize(
    ("failed", "cost", "expected"),
    [(False, 0, [4, 9, 14, 19]), (True, 0, [4, 13, 30]), (False, 0.2, [4, 15, 26])],
    ids=["often", "seldom where it fails", "seldom where it costs much"],
)
def test_to_be_stirred_makes_no_look_come_sooner(word, monkeypatch, failed, cost, expected):
    clock = Clock()
    monkeypatch.setattr(rhythm, "time", clock)
    monkeypatch.setattr(rhythm, "PAUSE", 4)
    monkeypatch.setattr(rhythm, "LONGEST_REST", 10)
    ours = Rhythm()
    ours.failed = failed
    moments, due = ours.moments(), []
    for tick in range(expected[-1] + 1):
        clock.now = tick
        word.write(b"\n")
        if next(moments) is Moment.DUE:
            due.append(tick)
            clock.worked += cost
    assert due == expected
