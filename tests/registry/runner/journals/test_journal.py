"""The journal: appended, flushed, read back; what a killed process tore is dropped."""

import json
import math

from hornbook.runner.journals.folder import RunFolder
from hornbook.runner.journals.journal import Journal, examine, mend, number, read, read_from
from hornbook.runner.journals.record import record


def test_events_are_flushed_and_read_back(tmp_path):
    journal = Journal(tmp_path / "journal.jsonl")
    written = journal.write("epoch", epoch=1, metrics={"loss": 0.5})
    assert read(tmp_path / "journal.jsonl") == [written]
    journal.write("epoch", epoch=2, metrics={"loss": 0.25})
    assert [event["epoch"] for event in read(tmp_path / "journal.jsonl")] == [1, 2]
    assert [event["epoch"] for event in read_from(tmp_path / "journal.jsonl", 1)] == [2]
    assert abs(written["time"] / 1000 - (tmp_path / "journal.jsonl").stat().st_mtime) < 60


def test_opening_again_appends(tmp_path):
    for epoch in (1, 2):
        journal = Journal(tmp_path / "journal.jsonl")
        journal.write("epoch", epoch=epoch)
        journal.close()
    assert [event["epoch"] for event in read(tmp_path / "journal.jsonl")] == [1, 2]


def test_a_torn_line_is_dropped(tmp_path):
    file = tmp_path / "journal.jsonl"
    whole = json.dumps({"event": "epoch", "epoch": 1}) + "\n"
    second = json.dumps({"event": "epoch", "epoch": 2}) + "\n"
    for torn in (second[:1], second[:-1], "\0" * 20, second[:9] + "\n", ""):
        file.write_text(whole + torn)
        assert [event["epoch"] for event in read(file)] == [1], torn
    file.write_text(whole + second)
    assert len(read(file)) == 2


def test_what_is_cut_off_is_said_and_more_than_a_torn_line_is_kept(tmp_path):
    file = tmp_path / "journal.jsonl"
    whole = json.dumps({"event": "epoch", "epoch": 1}) + "\n"
    file.write_text(whole)
    assert (examine(file).damage, mend(file)) == ("", False)
    file.write_text(whole + '{"torn')
    assert examine(file).damage == "its last line is torn, and left out (6 bytes)"
    assert mend(file) and file.read_text() == whole
    assert not (tmp_path / "journal.damaged").exists()
    file.write_text(whole + "\0\0\n" + whole)
    assert examine(file).damage.startswith("it cannot be read from line 2 on")
    assert mend(file) and file.read_text() == whole
    assert (tmp_path / "journal.damaged").read_text() == "\0\0\n" + whole
    assert examine(file).damage == ""


def test_what_is_not_finite_is_written_and_read_back(tmp_path):
    journal = Journal(tmp_path / "journal.jsonl")
    values = {"a": math.nan, "b": math.inf, "c": -math.inf, "d": 1e-300, "e": [math.nan, {"f": math.inf}]}
    journal.write("epoch", metrics=values)
    (line,) = (tmp_path / "journal.jsonl").read_text().splitlines()
    metrics = json.loads(line, parse_constant=lambda name: 1 / 0)["metrics"]  # plain JSON, without NaN
    assert math.isnan(number(metrics["a"]))
    assert [number(metrics[name]) for name in "bcd"] == [math.inf, -math.inf, 1e-300]
    assert math.isnan(number(metrics["e"][0])) and number(metrics["e"][1]["f"]) == math.inf


def test_a_record_is_what_the_journal_tells(tmp_path):
    folder = RunFolder(tmp_path / "20260101-000000-some-0000")
    folder.path.mkdir()
    journal = Journal(folder.journal)
    assert (record(folder).outcome, record(folder).epochs) == ("running", 0)
    journal.write("started", name="some", seed=1)
    journal.write("epoch", epoch=1, metrics={"loss": 2.0, "accuracy": 0.5})
    journal.write("epoch", epoch=2, metrics={"loss": math.nan, "accuracy": 0.75})
    found = record(folder)
    assert (found.id, found.name, found.outcome, found.epochs) == (folder.id, "some", "running", 2)
    assert found.history["accuracy"] == [0.5, 0.75]
    assert found.metrics["accuracy"] == 0.75 and math.isnan(found.metrics["loss"])
    assert found.details["seed"] == 1
    journal.write("ended", outcome="diverged", metrics={"val_loss": math.inf}, seconds=1.5)
    found = record(folder)
    assert (found.outcome, found.metrics, found.seconds) == ("diverged", {"val_loss": math.inf}, 1.5)
