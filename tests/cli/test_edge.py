"""The edge: usage, errors that nobody foresaw, `--debug`, colours, and commands that plugins add."""

import os
import re
import subprocess

import pytest

PLUGIN = """
    from hornbook import hookimpl

    @hookimpl
    def hornbook_commands():
        for name in ("greet", "lost", "number", "crash", "list"):
            yield {"name": name, "target": f"hello.commands:{name}", "help": "Say\\x1b[31m hello."}
        yield {"name": "away", "target": "hello.away:away", "help": "Not there."}
"""
COMMANDS = """
    import click

    @click.command()
    @click.argument("name")
    def greet(name):
        click.echo(f"hello {name}")
        return 7

    number = 3

    @click.command()
    def crash():
        raise ValueError("two\\nlines")

    list = crash
"""


@pytest.fixture
def hello(site):
    modules = {"hello/__init__.py": "", "hello/plugin.py": PLUGIN, "hello/commands.py": COMMANDS}
    site.install("hello", [("hello", "hello.plugin")], modules)


def test_a_plugin_adds_commands_that_are_imported_when_typed(hornbook, hello):
    listed = hornbook("--help")
    assert "From plugins:" in listed.out
    assert re.search(r"greet +Say\\x1b\[31m hello\.", listed.out)
    greeted = hornbook("greet", "Ada")
    assert (greeted.code, greeted.out) == (0, "hello Ada\n")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("lost", "has no attribute 'lost'"),
        ("away", "No module named 'hello.away'"),
        ("number", "hello.commands:number is a int"),
    ],
)
def test_a_broken_command_of_a_plugin_fails_alone(hornbook, hello, name, words):
    typed = hornbook(name)
    assert (typed.code, typed.out) == (3, "")
    assert f"the command '{name}' of hello 1.0" in typed.err
    assert words in typed.err
    assert "Traceback" not in typed.err


def test_our_own_commands_are_never_replaced(hornbook, hello):
    assert hornbook("list", "model").code == 0


def test_a_command_that_two_plugins_offer_is_nobodys(hornbook, site, hello):
    module = PLUGIN.replace("hello.commands", "other").replace('"lost", "number", "crash", "list"', "")
    site.install("other", [("other", "other")], {"other.py": module + COMMANDS})
    typed = hornbook("greet", "Ada")
    assert typed.code == 3
    assert "offered by more than one plugin: hello (hello) and other (other)" in typed.err


def test_an_unforeseen_error_is_one_line_and_debug_shows_more(hornbook, hello):
    crashed = hornbook("crash")
    assert (crashed.code, crashed.out) == (1, "")
    assert crashed.err == (
        "error: ValueError: two lines\n  this should not happen; run again with --debug to see where it did\n"
    )
    for arguments in (["--debug", "crash"], ["crash", "--debug"]):
        told = hornbook(*arguments)
        assert told.code == 1
        assert "Traceback" in told.err
        assert "raise ValueError" in told.err


def test_an_unknown_command_offers_the_nearest_and_names_broken_plugins(hornbook, site):
    site.install("hornbook-bad", [("bad", "bad")], {"bad.py": "import nothing_of_this_name"})
    typed = hornbook("lst")
    assert typed.code == 2
    assert "there is no command 'lst'; did you mean 'list'?" in typed.err
    assert "not usable now: bad" in typed.err


def test_usage_errors_show_the_usage(invoke):
    typed = invoke("show")
    assert typed.code == 2
    assert "Usage: hornbook show [OPTIONS] NAME" in typed.err


def test_the_version_is_told(invoke):
    for option in ("--version", "-V"):
        told = invoke(option)
        assert told.code == 0
        assert told.out.startswith("hornbook 0.1.0 (Python 3.")


def in_terminal(command, *arguments, **more):
    """What a terminal of 60 columns gets to see, and the exit code."""
    import fcntl
    import pty
    import struct
    import termios

    prefix, environment = command
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 60, 0, 0))
    environment = {**environment, "TERM": "xterm", **more}
    environment.pop("COLUMNS", None)
    process = subprocess.Popen(
        [*prefix, *arguments], env=environment, stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    seen = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # how Linux says that the other side is closed
            break
        if not part:
            break
        seen += part
    os.close(ours)
    return process.wait(120), seen.decode().replace("\r\n", "\n")


def test_a_terminal_gets_colours_and_lines_that_fit(command):
    code, seen = in_terminal(command, "list", "scheduler")
    assert code == 0
    assert "\x1b[1mschedulers\x1b[0m" in seen
    lines = seen.rpartition("\x1b[K")[2].splitlines()[1:]
    assert max(map(len, lines)) == 60
    assert any(line.endswith("…") for line in lines)


def test_no_color_is_honoured(command):
    _, seen = in_terminal(command, "list", "scheduler", NO_COLOR="1")
    assert "\x1b" not in seen.rpartition("\x1b[K")[2]


@pytest.mark.slow
def test_a_terminal_sees_one_line_that_is_rewritten(command):
    arguments = ["run", "iris", "-s", "training.epochs=3", "-s", "~expect", "--no-tracking"]
    code, seen = in_terminal(command, *arguments)
    assert code == 0
    live, _, summary = seen.rpartition("\x1b[K")
    assert "\n" not in live, "everything before the summary is one line"
    drawn = [part for part in live.split("\r") if part.startswith("epoch")]
    assert drawn[-1].startswith("epoch 3/3 ━━━━━━━━━━ val_loss 0.")
    assert "val_accuracy 0." in drawn[-1], "there is room for what tells most"
    assert all(len(part.removesuffix("\x1b[K")) < 60 for part in drawn)
    assert "finished" in summary
