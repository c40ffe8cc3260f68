"""Reading commands and help import no Keras, numpy, backend, MLflow or plugin."""

import subprocess

import pytest

from hornbook_cli.group import OWN

HEAVY = {"keras", "numpy", "tensorflow", "jax", "torch", "mlflow", "sklearn"}
SCRIPT = """
import sys
from hornbook_cli.main import main
try:
    main()
finally:
    print(*sys.modules, sep="\\n", file=sys.stderr)
"""


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["--version"],
        ["list"],
        ["search", "decay"],
        ["show", "huber"],
        ["plugins"],
        ["check", "digits"],
        ["freeze", "digits"],
        ["runs"],
        ["run", "--help"],
        ["reproduce", "--help"],
        ["evaluate", "--help"],
        ["predict", "latest"],
    ],
    ids=" ".join,
)
def test_nothing_heavy_is_imported(command, arguments):
    (python, *_), environment = command
    done = subprocess.run(
        [python, "-c", SCRIPT, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    loaded = {line.partition(".")[0] for line in done.stderr.splitlines()}
    assert "hornbook_cli" in loaded
    plugins = {name for name in loaded if name.startswith("hornbook_") and name != "hornbook_cli"}
    assert not loaded & HEAVY
    assert not plugins


def test_help_lists_commands_without_importing_them(command):
    (python, *_), environment = command
    done = subprocess.run(
        [python, "-c", SCRIPT, "--help"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    loaded = [line for line in done.stderr.splitlines() if line.startswith("hornbook_cli.commands.")]
    assert loaded == []
    for name in ("list", "show", "check", "run", "evaluate", "predict", "sync", "ui"):
        assert f"\n  {name} " in done.stdout


def test_completion_imports_no_command(command):
    (python, *_), environment = command
    done = subprocess.run(
        [python, "-c", SCRIPT],
        env={
            **environment,
            "_HORNBOOK_COMPLETE": "bash_complete",
            "COMP_LINE": "hornbook s",
            "COMP_POINT": "10",
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stdout.split() == [f"plain,{name}" for name in OWN if name.startswith("s")]
    assert "hornbook_cli.commands" not in done.stderr


def test_every_command_explains_itself_with_an_example(invoke):
    for name in OWN:
        explained = invoke(name, "--help")
        assert explained.code == 0
        _, *lines = explained.out.splitlines()
        assert any(line.startswith(f"  hornbook {name}") for line in lines), name
