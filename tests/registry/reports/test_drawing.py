"""Drawing as a whole: what is listed, what is left as it is, and what goes wrong without harm."""

import json
import shutil
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pytest

import hornbook
from hornbook.catalog import catalog
from hornbook.reports import contents, draw
from hornbook.reports.known import SOURCES
from hornbook.reports.store import FAILURES, load, place, save
from hornbook.runner.figures import save as save_figure
from hornbook.runner.journals.folder import RunFolder
from hornbook.runner.journals.journal import read
from hornbook.runner.run import Options, carry_out


@pytest.fixture
def copy(tmp_path, digits):
    """A copy of a finished run, to be changed."""
    shutil.copytree(digits.folder.path, tmp_path / "runs" / digits.id)
    return RunFolder(tmp_path / "runs" / digits.id)


def _moments(folder):
    return {one.name: one.stat().st_mtime_ns for one in folder.reports.iterdir() if one.is_file()}


def test_the_process_beside_the_run_has_drawn_everything(digits):
    listed = contents(digits.folder)
    assert [one.file for one in listed] == [
        "learning_curves.png",
        "confusion_matrix.png",
        "classes.md",
        "most_wrong.png",
        "augmented.png",
        "learning_rate.png",
        "summary.md",
        "difference.md",
        "input_example.json",
    ]
    files = {one.name for one in digits.folder.reports.iterdir() if one.is_file()}
    assert files == {"index.json", *(one.file for one in listed)}
    index = json.loads((digits.folder.reports / "index.json").read_text())
    assert index[0] == {"file": "learning_curves.png", "title": "Learning curves", "kind": "image"}


def test_what_has_not_changed_is_left_as_it_is(copy):
    draw(copy)
    before = _moments(copy)
    draw(copy)
    after = _moments(copy)
    assert {name for name in before if before[name] != after[name]} == {"index.json"}
    draw(copy, afresh=True)
    assert all(_moments(copy)[name] > before[name] for name in before)


def test_a_source_that_fails_after_its_report_was_first_looked_for_is_named(copy):
    kept = {name: place(copy) / f"confusion.{name}" for name in ("json", "npz")}
    for file in kept.values():
        file.unlink()
    draw(copy)  # as while the run goes on
    assert "confusion_matrix.png" not in {one.file for one in contents(copy)}
    save(copy, FAILURES, {"confusion": "MemoryError: too large"})
    draw(copy)
    (failed,) = [one for one in contents(copy) if one.kind == "failed"]
    assert failed.title == "Confusion matrix, Precision and recall of each class"
    assert failed.reason == "MemoryError: too large"


def test_where_no_picture_can_be_drawn_pages_are_written_all_the_same(copy, monkeypatch):
    @contextmanager
    def unknown():
        raise KeyError("text.parse_math is not a valid rc parameter")
        yield

    monkeypatch.setattr("hornbook.runner.figures.style", unknown)
    draw(copy, afresh=True)
    (failed,) = [one for one in contents(copy) if one.kind == "failed"]
    assert "Learning curves, Confusion matrix" in failed.title
    assert "text.parse_math" in failed.reason
    assert {"classes.md", "summary.md"} <= {one.file for one in contents(copy)}


def test_a_picture_that_shows_what_the_last_one_did_is_not_drawn_again(copy, monkeypatch):
    drawn = []

    def noted(figure, stream):
        drawn.append(figure)
        save_figure(figure, stream)

    monkeypatch.setattr("hornbook.runner.figures.save", noted)
    monkeypatch.setattr("hornbook.reports.drawing._last", {})
    rate = copy.reports / "learning_rate.png"
    draw(copy, afresh=True)
    first, everything = rate.read_bytes(), len(drawn)
    rate.unlink()
    draw(copy, afresh=True)
    assert (rate.read_bytes(), len(drawn)) == (first, 2 * everything - 1)
    save(copy, "rate", {**load(copy, "rate"), "optimizer": "another"})
    draw(copy)
    assert (len(drawn), rate.read_bytes() == first) == (2 * everything, False)


def test_what_no_longer_applies_is_removed(copy):
    (place(copy) / "confusion.json").unlink()
    draw(copy)
    names = {one.file for one in contents(copy)}
    assert not {"confusion_matrix.png", "classes.md"} & (names | set(_moments(copy)))
    assert "learning_curves.png" in names


@pytest.mark.parametrize("content", ["", "[]", '{"counts": 1}', '{"names": ["a"], "counts": "x"}'])
def test_damaged_data_spoils_only_its_own_reports(copy, content):
    (place(copy) / "confusion.npz").unlink()
    (place(copy) / "confusion.json").write_text(content)
    draw(copy)
    failed = [one for one in contents(copy) if one.kind == "failed"]
    assert failed and all(one.file == "" and one.reason for one in failed)
    assert {"Confusion matrix", "Precision and recall of each class"} == {
        title for one in failed for title in one.title.split(", ")
    }
    assert {"learning_curves.png", "most_wrong.png", "summary.md"} <= {one.file for one in contents(copy)}


@pytest.mark.parametrize("content", ["", "{}", '[{"no": 1}]', "[1]", "null"])
def test_a_damaged_list_is_an_empty_one(copy, content):
    (copy.reports / "index.json").write_text(content)
    assert contents(copy) == []


@pytest.mark.usefixtures("bench")
@pytest.mark.parametrize(
    ("callback", "outcome"), [("{use: interrupting, epoch: 2}", "interrupted"), ("{use: raising}", "failed")]
)
def test_a_run_that_did_not_finish_has_curves_and_a_summary(callback, outcome, figure):
    run = hornbook.run("bench-points", ["training.epochs=4", f"callbacks=[{callback}]"], tracking=False)
    assert run.outcome == outcome
    files = {one.file for one in contents(run.folder)}
    assert {"learning_curves.png", "learning_rate.png", "summary.md"} <= files
    assert "confusion_matrix.png" not in files
    epochs = sum(event["event"] == "epoch" for event in read(run.folder.journal))
    axes = figure(run.folder, "learning_curves.png").axes[0]
    assert list(axes.get_lines()[0].get_xdata()) == list(range(1, epochs + 1))


@pytest.mark.usefixtures("bench")
def test_reports_of_a_resumed_run_speak_of_all_of_it(figure):
    run = hornbook.run("bench-points", ["training.epochs=3"], tracking=False)
    kept = (place(run.folder) / "confusion.json").stat().st_mtime_ns
    more = hornbook.resume(run, epochs=4, tracking=False)
    assert more.outcome == "finished"
    axes = figure(more.folder, "learning_curves.png").axes[0]
    drawn = {line.get_label(): line.get_xdata() for line in axes.get_lines()}
    assert list(drawn["train"]) == [1, 2, 3, 4]
    assert list(drawn["resumed"]) == [3.5, 3.5]
    assert (place(more.folder) / "confusion.json").stat().st_mtime_ns > kept
    assert "difference.md" in {one.file for one in contents(more.folder)}  # of the recipe that it began with


def test_reports_change_no_bit_of_the_run(finished, monkeypatch, tmp_path):
    with_them = finished("digits", "training.epochs=2", "expect={val_accuracy: {min: 0.01}}")
    monkeypatch.setenv("HORNBOOK_REPORTS", "off")
    without = hornbook.run("digits", ["training.epochs=2", "~expect"], tracking=False)
    assert not without.folder.reports.exists()
    assert without.history == with_them.history
    for one, other in zip(without.model.get_weights(), with_them.model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_source_that_fails_is_named_and_fails_nothing_else(monkeypatch):
    def broken(scene):
        raise RuntimeError("no\nmemory")

    sources = tuple(replace(one, gather=broken) if one.name == "model" else one for one in SOURCES)
    monkeypatch.setattr("hornbook.reports.gathering.SOURCES", sources)
    warned = []
    recipe = hornbook.read("iris", ["training.epochs=1", "~expect"])
    run = carry_out(recipe, catalog(), Options(tracking=False, warn=warned.append))
    assert run.outcome == "finished"
    (failed,) = [one for one in contents(run.folder) if one.kind == "failed"]
    assert (failed.title, failed.reason) == ("The model, layer by layer", "RuntimeError: no memory")
    assert warned == ["The model, layer by layer: RuntimeError: no memory"]
    assert "classes.md" in {one.file for one in contents(run.folder)}
