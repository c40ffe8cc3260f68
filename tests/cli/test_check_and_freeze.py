"""`check` and `freeze`: every problem in one pass, at its place; a recipe written out whole."""

from pathlib import Path

import pytest

WRONG = """\
recipe: 1
data: {use: digts, validation: 2}
model:
  - {use: conv2d, filtrs: 32, kernel_size: 3, activation: rellu}
\t
loss: hubber
training: {epochs: "three"}
"""
WRONG = WRONG.replace("\t\n", "")


@pytest.fixture
def wrong(tmp_path):
    file = tmp_path / "wrong.yaml"
    file.write_text(WRONG)
    return file


def test_check_tells_every_problem_at_its_place_with_the_line(invoke, wrong):
    checked = invoke("check", wrong)
    assert checked.code == 2
    places = [line.split(": error: ") for line in checked.out.splitlines() if ": error: " in line]
    assert [place.removeprefix(f"{wrong}:") for place, _ in places] == [
        "2:13",
        "2:32",
        "4:5",
        "4:19",
        "4:59",
        "5:7",
        "6:20",
    ]
    lines = checked.out.splitlines()
    at = next(number for number, line in enumerate(lines) if ":5:7: error" in line)
    assert lines[at].endswith("there is no loss 'hubber' [HB201]")
    assert lines[at + 1] == "  did you mean 'huber'?"
    assert lines[at + 2].endswith("| loss: hubber")
    assert lines[at + 3].index("^") == lines[at + 2].index("hubber")
    assert checked.err == "7 errors\n"


def test_check_json_has_the_documented_shape(invoke, wrong):
    printed = invoke("check", wrong, "digits", "--json").json
    assert set(printed) == {"schema_version", "ok", "problems"}
    assert printed["ok"] is False
    problem = next(one for one in printed["problems"] if one["code"] == "HB221")
    assert problem == {
        "file": str(wrong),
        "line": 4,
        "column": 19,
        "path": "model.layers.0.filtrs",
        "severity": "error",
        "code": "HB221",
        "message": "layer 'conv2d' has no parameter 'filtrs'",
        "hint": "did you mean 'filters'?",
    }


def test_a_right_recipe_is_said_to_be_so_in_one_line(invoke):
    checked = invoke("check", "digits", "-s", "optimizer=sgd", "-s", "training.epochs=3")
    assert (checked.code, checked.err) == (0, "")
    assert checked.out.startswith("digits: ok: sequential of 4 layers on digits")
    assert "sgd" in checked.out
    assert "3 epochs" in checked.out
    assert invoke("check", "digits", "--json").json == {"schema_version": 1, "ok": True, "problems": []}


def test_several_recipes_are_checked_and_counted(invoke, wrong):
    checked = invoke("check", "digits", wrong)
    assert checked.code == 2
    assert "digits: ok" in checked.out
    assert checked.err == "7 errors; 1 recipe of 2 cannot run\n"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "the recipe is empty"),
        (b"\x00\xff\xfe", "not UTF-8"),
        (b"- a\n- b\n", "a recipe is a mapping"),
        (b"recipe: 1\n\tdata: digits\n", "indent with spaces, not tabs"),
        (b"recipe: 1\nmodel: !!python/object:os.system []\n", "is not allowed"),
    ],
    ids=["empty", "binary", "list", "tab", "tag"],
)
def test_a_file_that_is_no_recipe_gets_one_clear_message(invoke, tmp_path, content, words):
    file = tmp_path / "strange.yaml"
    file.write_bytes(content)
    checked = invoke("check", file)
    assert checked.code == 2
    assert words in checked.out
    assert "Traceback" not in checked.out + checked.err


def test_a_folder_and_a_file_that_is_not_there(invoke, tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "mine.yaml").write_text("recipe: 1\n")
    assert "is a folder" in invoke("check", "folder").out
    missing = invoke("check", "mien.yaml")
    assert missing.code == 2
    assert "'mine.yaml'" in missing.out


def test_overrides_say_which_of_them_is_wrong(invoke):
    checked = invoke("check", "digits", "-s", "optimizer=sdg")
    assert checked.code == 2
    assert "-s optimizer=sdg: error: there is no optimizer 'sdg'" in checked.out


def test_what_is_not_installed_is_another_exit_code(invoke, tmp_path):
    file = tmp_path / "acme.yaml"
    file.write_text("recipe: 1\ndata: digits\nmodel: [flatten]\nloss: acme/focal\ntraining: {epochs: 1}\n")
    checked = invoke("check", file)
    assert checked.code == 3
    assert "no plugin 'acme' is installed" in checked.out


def test_freezing_a_frozen_recipe_changes_nothing(invoke, tmp_path):
    first = invoke("freeze", "digits", "-s", "seed=3", "-o", "frozen.yaml")
    assert (first.code, first.out) == (0, "")
    text = (tmp_path / "frozen.yaml").read_text()
    assert "seed: 3" in text
    assert "use: losses/categorical_crossentropy" in text
    assert invoke("freeze", "frozen.yaml").out == text


def test_freeze_never_writes_over_the_recipe_itself(invoke, tmp_path):
    file = tmp_path / "mine.yaml"
    text = "# mine\nrecipe: 1\ndata: digits\nmodel: [flatten]\nloss: mse\ntraining: {epochs: 1}\n"
    file.write_text(text)
    frozen = invoke("freeze", file, "-o", "mine.yaml")
    assert frozen.code == 2
    assert "comments would be lost" in frozen.err
    assert file.read_text() == text


def test_freeze_into_a_place_that_cannot_be_written(invoke, tmp_path):
    (tmp_path / "file").write_text("")
    frozen = invoke("freeze", "digits", "-o", Path("file") / "frozen.yaml")
    assert frozen.code == 2
    assert "cannot be written: Not a directory" in frozen.err
