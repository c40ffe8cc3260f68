"""The folders of runs: their names, and how they are found again."""

import re
import shlex
import time
from datetime import datetime

import pytest

from hornbook.problem import HornbookError
from hornbook.runner.journals.folder import all_runs, create, find, is_id


def _started(name, runs):
    folder = create(name, runs)
    folder.recipe.write_text("recipe: 1\n")
    folder.journal.write_text("")
    time.sleep(0.01)
    return folder


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("digits", "digits"),
        ("My Best Run!", "my-best-run"),
        ("../../etc/passwd", "etc-passwd"),
        ("Über, Größe", "ber-gr-e"),
        ("日本", "run"),
        ("", "run"),
        ("x" * 99, "x" * 40),
    ],
)
def test_a_run_is_named_by_its_moment_and_its_recipe(tmp_path, name, slug):
    folder = create(name, tmp_path / "some" / "runs")
    assert re.fullmatch(rf"\d{{8}}-\d{{6}}-{slug}-[0-9a-f]{{4}}", folder.id)
    assert folder.path.parent == tmp_path / "some" / "runs"
    assert folder.artifacts.is_dir()
    assert folder.delivery("mlflow").name == "mlflow.json"


def test_runs_come_in_the_order_in_which_they_began(tmp_path):
    names = ["zebra", "ant", "mule", "bee", "cow"]
    begun = [_started(name, tmp_path) for name in names]
    (tmp_path / "no-run").mkdir()
    (tmp_path / "a-file").write_text("")
    assert [folder.id for folder in all_runs(tmp_path)] == [folder.id for folder in begun]
    assert find("latest", tmp_path) == begun[-1]
    assert list(all_runs(tmp_path / "nowhere")) == []


def test_a_run_is_found_by_id_beginning_or_folder(tmp_path):
    folder = _started("digits", tmp_path)
    for name in (folder.id, folder.id[:-2], folder.path, str(folder.path)):
        assert find(name, tmp_path) == folder
    (tmp_path / f"{folder.id}-copy").mkdir()
    (tmp_path / f"{folder.id}-copy" / "journal.jsonl").write_text("")
    assert find(folder.id, tmp_path) == folder
    with pytest.raises(HornbookError, match=f"is the beginning of .*{folder.id}-copy"):
        find(folder.id[:-2], tmp_path)


def test_of_many_that_a_word_may_mean_the_newest_are_named(tmp_path):
    for number in range(7):
        (tmp_path / f"20260101-00000{number}-digits-abcd").mkdir()
        (tmp_path / f"20260101-00000{number}-digits-abcd" / "journal.jsonl").write_text("")
    with pytest.raises(HornbookError) as caught:
        find("2026", tmp_path)
    (problem,) = caught.value.problems
    assert "000002-digits" in problem.message and "000001-digits" not in problem.message
    assert problem.message.endswith("000006-digits-abcd and 2 more")


def test_it_is_named_so_that_it_is_found_from_here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    here, elsewhere = create("digits", tmp_path / "runs"), create("digits", tmp_path / "my runs")
    for folder in (here, elsewhere):
        folder.journal.write_text("")
    assert here.typed == here.id
    assert elsewhere.typed == f"'my runs/{elsewhere.id}'"
    for folder in (here, elsewhere):
        assert find(*shlex.split(folder.typed)) == folder


@pytest.mark.parametrize("word", ["", ".", "..", "a/b", "/a", "../a", "A", "-x", "a b", "a\n"])
def test_no_id_leads_to_another_folder(word, tmp_path):
    assert not is_id(word)
    assert is_id(create("Any näme: whatever/../", tmp_path).id)


@pytest.mark.parametrize("name", ["latest", "20260101", "digits", "nowhere/at/all"])
def test_a_run_that_is_not_there(tmp_path, name):
    with pytest.raises(HornbookError) as raised:
        find(name, tmp_path)
    assert raised.value.problems[0].code == "HB502"


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "runs").write_text("a file")
    with pytest.raises(HornbookError) as raised:
        create("digits", tmp_path / "runs")
    assert (raised.value.problems[0].code, raised.value.exit_code) == ("HB501", 1)


def test_two_runs_of_one_second_that_draw_the_same_name_are_two(tmp_path, monkeypatch):
    drawn = iter(["0000", "0000", "0000", "1111"])
    monkeypatch.setattr("secrets.token_hex", lambda size: next(drawn))
    monkeypatch.setattr("hornbook.runner.journals.folder.datetime", Stopped)
    first, second = create("digits", tmp_path), create("digits", tmp_path)
    assert (first.id, second.id) == ("20261121-031500-digits-0000", "20261121-031500-digits-1111")


class Stopped(datetime):
    """A clock that stands still."""

    @classmethod
    def now(cls, tz=None):
        return cls(2026, 11, 21, 3, 15, tzinfo=tz)
