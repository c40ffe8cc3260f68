"""Tail: what was appended to a journal is read, and what is there no longer is forgotten."""

import pytest

from hornbook.runner.journals import journal, tail


@pytest.fixture
def file(tmp_path):
    """A journal of two epochs."""
    _append(tmp_path / "journal.jsonl", 1, 2)
    return tmp_path / "journal.jsonl"


def _append(file, *epochs):
    writing = journal.Journal(file)
    for epoch in epochs:
        writing.write("epoch", epoch=epoch, metrics={"loss": 1 / epoch})
    writing.close()


def _epochs(file):
    events = tail.read(file)
    assert events == journal.read(file)
    return [event["epoch"] for event in events]


def test_what_was_appended_is_read(file):
    assert _epochs(file) == [1, 2]
    assert _epochs(file) == [1, 2]
    _append(file, 3)
    assert _epochs(file) == [1, 2, 3]


def test_a_torn_line_is_read_once_it_is_whole(file):
    assert _epochs(file) == [1, 2]
    with file.open("a") as journal_file:
        journal_file.write('{"event": "epoch", "epo')
        journal_file.flush()
        assert _epochs(file) == [1, 2]
        journal_file.write('ch": 3}\n')
    assert _epochs(file) == [1, 2, 3]


def test_a_torn_line_that_was_mended_is_forgotten(file):
    with file.open("a") as torn:
        torn.write('{"event": "epoch", "epoch": 3')
    assert _epochs(file) == [1, 2]
    assert journal.mend(file)
    _append(file, 7)
    assert _epochs(file) == [1, 2, 7]


def test_a_journal_that_was_written_anew_is_read_anew(file):
    assert _epochs(file) == [1, 2]
    file.unlink()
    _append(file, 5, 6, 7, 8)
    assert _epochs(file) == [5, 6, 7, 8]
    file.write_text("")
    assert _epochs(file) == []


def test_many_journals_are_read_in_turn(tmp_path):
    files = [tmp_path / f"{number}.jsonl" for number in range(2 * tail.KEPT)]
    for round_ in (1, 2):
        for file in files:
            _append(file, round_)
            assert _epochs(file) == list(range(1, round_ + 1))
