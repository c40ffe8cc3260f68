"""The command line as users have it: `hornbook` runs a process, `invoke` the same code in this one."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass

import click.testing
import pytest

import hornbook as library
from hornbook_cli.root import hornbook as group


@dataclass(frozen=True)
class Result:
    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out.splitlines()[-1])


@pytest.fixture
def invoke():
    """Runs the command line in this process: no terminal, no colours."""

    def run(*arguments):
        done = click.testing.CliRunner().invoke(group, [str(one) for one in arguments])
        return Result(done.exit_code, done.stdout, done.stderr)

    return run


@pytest.fixture
def command(cache, site):
    """The command and the environment of a process that has the test's own site on its path."""
    own = site.path.parent / "cache"
    library.plugins()  # the official plugins need no second look: the session's index knows them
    shutil.copytree(cache, own, dirs_exist_ok=True)
    script = "from hornbook_cli.main import main; main()"
    environment = {
        **os.environ,
        "PYTHONPATH": str(site.path),
        "XDG_CACHE_HOME": str(own),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    return [sys.executable, "-c", script], environment


@pytest.fixture
def hornbook(command):
    """Runs the command line in a process of its own."""
    prefix, environment = command

    def run(*arguments, **more):
        done = subprocess.run(
            [*prefix, *map(str, arguments)],
            env={**environment, **more},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        return Result(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture(scope="session")
def runs(tmp_path_factory):
    """A folder with two finished runs, `iris` (integer labels) and `diabetes` (numbers)."""
    folder = tmp_path_factory.mktemp("finished") / "runs"
    for name in ("iris", "diabetes"):
        overrides = ["training.epochs=2", "data.test=0.1", "~expect"]
        assert library.run(name, overrides, runs_dir=folder, tracking=False).outcome == "finished"
    return folder


@pytest.fixture
def run_of(runs):
    """The id of the finished run of a recipe."""
    return lambda name: next(one.id for one in library.runs(runs) if one.name == name)
