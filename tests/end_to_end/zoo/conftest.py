"""The zoo, all of it installed at once."""

import json
import os
import runpy
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

HORNBOOK = Path(sys.executable).with_name("hornbook")
ANIMALS = runpy.run_path(str(Path(__file__).with_name("animals.py")))["ALL"]


@dataclass(frozen=True)
class Zoo:
    """An environment with every animal installed.

    Args:
        site: The folder that they are installed into.
        environment: The environment variables of commands that see them.
        folder: The working directory of those commands.
    """

    site: Path
    environment: dict[str, str]
    folder: Path

    def hornbook(self, *arguments, code=0, **environment):
        """Runs the command line; gives what it printed."""
        done = run([HORNBOOK, *arguments], self.environment | environment, self.folder)
        assert done.returncode == code, done.stdout + done.stderr
        return done

    def data(self, *arguments, **more):
        """Runs a reading command; gives what its `--json` says."""
        return json.loads(self.hornbook(*arguments, "--json", **more).stdout)


def run(command, environment, folder):
    return subprocess.run(
        command, env=environment, cwd=folder, capture_output=True, text=True, timeout=300, check=False
    )


@pytest.fixture(scope="session")
def zoo(tmp_path_factory, make_site):
    folder = tmp_path_factory.mktemp("zoo")
    site = make_site(folder / "site")
    for animal in ANIMALS:
        distribution = animal.distribution or f"zoo-{animal.name.replace('_', '-')}"
        module = distribution.replace("-", "_")
        site.install(
            distribution,
            [(animal.name, animal.module or module)],
            {f"{module}.py": animal.source, **animal.modules},
            requires=animal.requires,
            metadata=animal.metadata,
        )
    environment = {
        **os.environ,
        "PYTHONPATH": str(site.path),
        "XDG_CACHE_HOME": str(folder / "cache"),
        "HORNBOOK_INSPECTION_SECONDS": "12",
        "HORNBOOK_INSPECTION_MEGABYTES": "1300",
    }
    first = run([HORNBOOK, "plugins"], environment, folder)
    assert first.returncode == 0, first.stderr
    return Zoo(site.path, environment, folder)
