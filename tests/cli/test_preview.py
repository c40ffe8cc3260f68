import base64
import struct

import pytest

from hornbook_cli.pictures import escapes, understood


def size(file):
    """The width and height of a PNG file."""
    content = file.read_bytes()
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    return struct.unpack(">II", content[16:24])


@pytest.mark.slow
def test_curve_and_examples_are_drawn(invoke, tmp_path):
    done = invoke("preview", "digits", "-o", "seen")
    assert done.code == 0, done.err
    assert done.out.splitlines() == ["seen/digits-learning-rate.png", "seen/digits-examples.png"]
    assert size(tmp_path / "seen" / "digits-learning-rate.png") == (960, 480)
    wide, high = size(tmp_path / "seen" / "digits-examples.png")
    assert wide > high > 640  # eight examples, four rows
    assert not (tmp_path / "runs").exists()


@pytest.mark.slow
def test_what_has_no_pictures_says_so(invoke, tmp_path):
    done = invoke("preview", "iris", "--json")
    assert done.json["files"] == ["preview/iris-learning-rate.png"]
    assert done.json["notes"] == ["iris has no pictures: its inputs are features"]


@pytest.mark.slow
def test_without_augmenters_the_examples_are_shown_as_they_are(invoke, tmp_path):
    done = invoke("preview", "digits", "-s", "~augment")
    assert "no augmenters" in done.err
    _, high = size(tmp_path / "preview" / "digits-examples.png")
    assert high < 320  # one row


@pytest.mark.slow
def test_where_matplotlib_is_missing_it_is_named(hornbook, site):
    (site.path / "matplotlib.py").write_text("raise ImportError('not here')\n")
    done = hornbook("preview", "iris")
    assert done.code == 3
    assert "pip install matplotlib" in done.err
    assert "Traceback" not in done.err


def test_a_wrong_recipe_is_told_before_anything_is_loaded(invoke):
    done = invoke("preview", "digits", "-s", "loss=hubber")
    assert done.code == 2
    assert "'huber'" in done.err


@pytest.mark.parametrize(
    ("environment", "protocol"),
    [
        ({"TERM_PROGRAM": "iTerm.app"}, "iterm"),
        ({"TERM_PROGRAM": "WezTerm"}, "iterm"),
        ({"LC_TERMINAL": "iTerm2"}, "iterm"),
        ({"TERM": "xterm-kitty"}, "kitty"),
        ({"KITTY_WINDOW_ID": "1"}, "kitty"),
        ({"TERM": "xterm-ghostty", "TERM_PROGRAM": "ghostty"}, "kitty"),
        ({"TERM": "xterm-256color"}, None),
        ({"TERM_PROGRAM": "iTerm.app", "TMUX": "/tmp/tmux"}, None),
        ({"TERM": "xterm-kitty", "STY": "1.screen"}, None),
        ({}, None),
    ],
)
def test_terminals_that_show_pictures(environment, protocol):
    assert understood(environment) == protocol


def test_iterm_gets_the_whole_file_at_once():
    content = bytes(range(256)) * 40
    (written,) = escapes(content, "iterm")
    head, _, data = written.removesuffix("\x07").partition(":")
    assert head == "\x1b]1337;File=inline=1;size=10240;preserveAspectRatio=1"
    assert base64.b64decode(data) == content


def test_kitty_gets_it_in_pieces():
    content = bytes(range(256)) * 40
    pieces = [
        piece.removeprefix("\x1b_G").removesuffix("\x1b\\").split(";") for piece in escapes(content, "kitty")
    ]
    assert [keys for keys, _ in pieces] == ["a=T,f=100,m=1", "m=1", "m=1", "m=0"]
    assert all(len(data) <= 4096 for _, data in pieces)
    assert base64.b64decode("".join(data for _, data in pieces)) == content
