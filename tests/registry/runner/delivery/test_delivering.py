"""Journals handed to a tracker: each event once, whatever became of the journal."""

import errno
import json

import pytest

from hornbook.runner.delivery.delivering import deliver, delivery, reconcile
from hornbook.runner.journals.folder import create
from hornbook.runner.journals.journal import Journal


class Collecting:
    """A tracker that keeps what it is given."""

    name = "collecting"

    def __init__(self):
        self.events = []

    def prepare(self, folder, uri):
        """Nothing is needed."""

    def store(self, uri):
        return uri or "memory:"

    def deliver(self, folder, events, state, uri):
        self.events += events
        return {**state, "known": len(self.events)}

    def url(self, state):
        return None


@pytest.fixture
def folder(tmp_path):
    made = create("digits", tmp_path / "runs")
    journal = Journal(made.journal)
    for epoch in range(1, 6):
        journal.write("epoch", epoch=epoch, metrics={})
    journal.close()
    return made


def test_each_event_is_delivered_once(folder):
    tracker = Collecting()
    for _ in range(2):
        done = deliver(folder, tracker)
    assert [event["epoch"] for event in tracker.events] == [1, 2, 3, 4, 5]
    assert (done.delivered, done.owed, done.state) == (5, 0, {"known": 5})


@pytest.mark.parametrize("at_once", [True, False])
def test_what_follows_on_a_journal_that_was_shortened_is_delivered(folder, at_once):
    tracker = Collecting()
    deliver(folder, tracker)
    lines = folder.journal.read_text().splitlines(keepends=True)
    folder.journal.write_text("".join(lines[:3]))
    if at_once:
        assert deliver(folder, tracker).delivered == 3
    else:
        reconcile(folder)
    assert delivery(folder, tracker.name).delivered == 3
    with folder.journal.open("a") as journal:
        journal.writelines(
            json.dumps({"event": "epoch", "time": 9, "epoch": epoch}) + "\n" for epoch in (4, 5, 6)
        )
    assert deliver(folder, tracker).owed == 0
    assert [event["epoch"] for event in tracker.events] == [1, 2, 3, 4, 5, 4, 5, 6]


@pytest.mark.parametrize(
    "stored",
    [
        "",
        "[]",
        "null",
        "{",
        '{"delivered": "x"}',
        '{"delivered": -3, "state": {}}',
        '{"state": null}',
        "[" * 9_999,
    ],
)
def test_a_record_of_a_delivery_that_makes_no_sense_counts_as_none(folder, stored):
    folder.delivery("collecting").parent.mkdir(parents=True)
    folder.delivery("collecting").write_text(stored)
    assert (delivery(folder, "collecting").delivered, delivery(folder, "collecting").owed) == (0, 5)
    tracker = Collecting()
    assert deliver(folder, tracker).owed == 0
    assert [event["epoch"] for event in tracker.events] == [1, 2, 3, 4, 5]


def test_a_delivery_that_cannot_be_written_down_is_told_and_made_once_more(folder, monkeypatch):
    def full(file, data, durable=True):
        raise OSError(errno.ENOSPC, "No space left on device")

    tracker = Collecting()
    with monkeypatch.context() as patch:
        patch.setattr("hornbook.runner.delivery.delivering.write_json", full)
        done = deliver(folder, tracker)
    assert (done.owed, "No space left" in done.error) == (5, True)
    assert deliver(folder, tracker).owed == 0
