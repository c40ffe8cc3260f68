"""Runs as tables: light in a terminal and a notebook, pandas where it is asked for."""

import math
import subprocess
import sys

import pytest

import hornbook
from hornbook.runner.journals.folder import RunFolder
from hornbook.runner.journals.journal import Journal


def write(runs, name, parameters, epochs, outcome="finished"):
    folder = RunFolder(runs / f"20260101-00000{len(list(runs.iterdir()))}-{name}-0000")
    folder.path.mkdir()
    journal = Journal(folder.journal)
    journal.write("started", time=1_767_225_600_000, name=name, parameters=parameters, epochs=len(epochs))
    for number, metrics in enumerate(epochs, 1):
        journal.write("epoch", epoch=number, metrics=metrics, seconds=0.5, examples_per_second=100.0)
    if outcome:
        journal.write("ended", outcome=outcome, metrics={"val_loss": 0.25}, seconds=2.5)
    journal.close()
    return folder


@pytest.fixture
def runs(tmp_path):
    """Two runs, of which one has not ended."""
    folder = tmp_path / "runs"
    folder.mkdir()
    first = {"optimizer": "optimizers/adam", "optimizer.learning_rate": 0.01, "augment.0.ranges": [0, 1]}
    write(folder, "one", first, [{"loss": 1.0}, {"loss": math.nan, "extra": 3.0}])
    write(folder, "two", {"optimizer": "optimizers/sgd"}, [{"loss": 0.5, "name": 1.0}], outcome="")
    return folder


def test_a_row_each_run(runs):
    frame = hornbook.runs(runs).to_pandas()
    assert list(frame.columns) == [
        *("id", "name", "outcome", "started", "seconds", "epochs"),
        *("metrics.val_loss", "metrics.loss", "metrics.name"),
        *("params.optimizer", "params.optimizer.learning_rate", "params.augment.0.ranges"),
    ]
    assert list(frame["name"]) == ["one", "two"]
    assert list(frame["outcome"]) == ["finished", "running"]
    assert str(frame["started"][0]) == "2026-01-01 00:00:00+00:00"
    assert frame["seconds"][0] == 2.5 and math.isnan(frame["seconds"][1])
    assert frame["metrics.val_loss"][0] == 0.25 and math.isnan(frame["metrics.val_loss"][1])
    assert list(frame["params.optimizer"]) == ["optimizers/adam", "optimizers/sgd"]
    assert frame["params.augment.0.ranges"][0] == [0, 1]


def test_no_runs_are_an_empty_table(tmp_path):
    frame = hornbook.runs(tmp_path / "none").to_pandas()
    assert (len(frame), "outcome" in frame) == (0, True)


def test_a_row_each_epoch(runs):
    frame = hornbook.runs(runs)[0].to_pandas()
    assert frame.index.name == "epoch" and list(frame.index) == [1, 2]
    assert list(frame.columns) == ["loss", "seconds", "examples_per_second", "extra"]
    assert math.isnan(frame["loss"][2]) and math.isnan(frame["extra"][1]) and frame["extra"][2] == 3.0


def test_the_list_shows_itself(runs):
    listed = hornbook.runs(runs)
    assert isinstance(listed, list)
    assert repr(listed).splitlines()[0].split() == [
        "run",
        "outcome",
        "started",
        "epochs",
        "seconds",
        "metrics",
    ]
    assert "val_loss 0.25" in listed._repr_html_()
    write(runs, "<b>", {}, [{"<i>\x1b[31m": 1.0}])
    assert "<i>" not in hornbook.runs(runs)._repr_html_()
    assert "\x1b" not in repr(hornbook.runs(runs))


def test_what_is_torn_off_is_said(runs):
    folder = hornbook.runs(runs)[0].folder
    with folder.journal.open("a") as journal:
        journal.write('{"event": "ep')
    found = hornbook.runs(runs)[0]
    assert found.damage == "its last line is torn, and left out (13 bytes)"
    assert found.outcome == "finished"
    lines = folder.journal.read_text().splitlines()
    lines[1] = lines[1][:20]
    folder.journal.write_text("\n".join(lines) + "\n")
    found = hornbook.runs(runs)[0]
    assert found.damage.startswith("it cannot be read from line 2 on, and that is left out (")
    assert found.epochs == 0


def test_without_pandas_a_remedy(runs):
    script = f"""
import sys
sys.modules["pandas"] = None
import hornbook
found = hornbook.runs({str(runs)!r})
print(len(found), [one for one in ("numpy", "keras", "mlflow") if one in sys.modules])
try:
    found.to_pandas()
except hornbook.HornbookError as error:
    print(error.exit_code, error.problems[0].code, error.problems[0].hint)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["2 []", "3 HB509 pip install pandas"]
