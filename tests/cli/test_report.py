"""`hornbook report`, and what `hornbook run` says of reports."""

import json
import struct

import pytest


@pytest.fixture(autouse=True)
def _wanted(monkeypatch):
    monkeypatch.setenv("HORNBOOK_REPORTS", "on")


def test_a_run_names_its_reports_and_report_draws_them_again(hornbook, invoke, tmp_path):
    done = hornbook("run", "iris", "-s", "training.epochs=1", "-s", "~expect", "--no-tracking")
    assert done.code == 0, done.err
    line = next(line for line in done.out.splitlines() if line.startswith("  reports "))
    folder = tmp_path / line.split()[1]
    drawn = {one.name for one in folder.glob("*.*")}
    assert {"learning_curves.png", "confusion_matrix.png", "summary.md", "index.json"} <= drawn
    (folder / "confusion_matrix.png").unlink()
    (folder / "index.json").unlink()

    again = invoke("report", "latest")
    assert again.code == 0, again.err
    assert f"{line.split()[1]}/confusion_matrix.png  Confusion matrix" in again.out
    wide, high = struct.unpack(">II", (folder / "confusion_matrix.png").read_bytes()[16:24])
    assert wide > 500 and high > 500
    assert {one.name for one in folder.glob("*.*")} == drawn

    listed = invoke("report", "latest", "--json").json
    assert {one["file"] for one in listed["reports"]} == {
        str(folder / name) for name in drawn - {"index.json"}
    }


def test_where_matplotlib_is_missing_pages_come_and_the_remedy_is_told_once(hornbook, site, tmp_path):
    (site.path / "matplotlib.py").write_text("raise ImportError('not here')\n")
    done = hornbook("run", "iris", "-s", "training.epochs=1", "-s", "~expect", "--no-tracking")
    assert done.code == 0
    assert done.err.count("pip install matplotlib") == 1
    assert "Traceback" not in done.err
    (reports,) = tmp_path.glob("runs/*/artifacts/reports")
    files = {one.name for one in reports.glob("*.*")}
    assert {"classes.md", "summary.md", "most_wrong.md", "input_example.json"} <= files
    assert not [name for name in files if name.endswith(".png")]
    failed = [one for one in json.loads((reports / "index.json").read_text()) if one["kind"] == "failed"]
    assert [one["title"] for one in failed] == ["Learning curves, Confusion matrix, Learning rate"]


def test_reports_can_be_turned_off(hornbook, tmp_path):
    arguments = ("run", "iris", "-s", "training.epochs=1", "-s", "~expect", "--no-tracking")
    done = hornbook(*arguments, HORNBOOK_REPORTS="off")
    assert done.code == 0
    assert "reports" not in done.out
    assert not list(tmp_path.glob("runs/*/artifacts/reports"))


def test_a_run_that_there_is_not_is_told(invoke):
    done = invoke("report", "nothing")
    assert done.code == 2
    assert "there is no run 'nothing'" in done.err
