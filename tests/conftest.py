"""What every test stands on: a cache and a working directory of its own, and no settings of the user's."""

import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import hornbook

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"


@pytest.fixture(scope="session")
def cache(tmp_path_factory):
    """The cache directory of this session, where the index of the installed plugins is made once."""
    base = tmp_path_factory.getbasetemp()
    # The workers of pytest-xdist share it.
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "cache"
    folder.mkdir(exist_ok=True)
    if not any(folder.glob("hornbook/index-*")):
        command = [sys.executable, "-c", "import hornbook; hornbook.plugins()"]
        subprocess.run(command, env={**os.environ, "XDG_CACHE_HOME": str(folder)}, check=True)
    return folder


@pytest.fixture(scope="session", autouse=True)
def _no_settings_of_the_user(cache):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(cache))
        for name in ("MLFLOW_TRACKING_URI", "HORNBOOK_PLUGINS", "HORNBOOK_DISABLE"):
            patch.delenv(name, raising=False)
        # Drawing takes a second of a processor a run. Tests of reports ask for them.
        patch.setenv("HORNBOOK_REPORTS", "off")
        yield


@pytest.fixture(autouse=True)
def _working_directory(tmp_path, monkeypatch):
    """Runs and tracking stores go to a folder of the test's own."""
    monkeypatch.chdir(tmp_path)


class Site:
    """A folder on the import path into which distributions are installed, as an installer would.

    Args:
        path: The folder.
    """

    def __init__(self, path):
        self.path = path
        self.path.mkdir(parents=True, exist_ok=True)

    def install(self, distribution, entry_points, modules, version="1.0", requires=(), metadata=None):
        """Install a distribution: its modules, given by file name, and its metadata."""
        for name, text in modules.items():
            file = self.path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(textwrap.dedent(text))
        folder = self.path / f"{distribution.replace('-', '_')}-{version}.dist-info"
        folder.mkdir()
        lines = ["Metadata-Version: 2.4", f"Name: {distribution}", f"Version: {version}"]
        lines += [f"Requires-Dist: {requirement}" for requirement in requires]
        (folder / "METADATA").write_text("\n".join(lines) + "\n" if metadata is None else metadata)
        points = "".join(f"{name} = {module}\n" for name, module in entry_points)
        (folder / "entry_points.txt").write_text(f"[hornbook]\n{points}")
        record = [*modules, f"{folder.name}/METADATA", f"{folder.name}/entry_points.txt"]
        (folder / "RECORD").write_text("".join(f"{name},,\n" for name in record))
        return folder

    def uninstall(self, distribution):
        """Remove a distribution's metadata, which is how it is found."""
        for folder in self.path.glob(f"{distribution.replace('-', '_')}-*.dist-info"):
            shutil.rmtree(folder)


@pytest.fixture
def site(tmp_path):
    """A folder to install distributions into; `python` has it on its path."""
    return Site(tmp_path / "site")


@pytest.fixture(scope="session")
def make_site():
    """Makes a folder to install distributions into, at a path."""
    return Site


@pytest.fixture
def python(site, cache):
    """Runs a script in a process of its own, with the site on its path; gives what it printed."""

    def run(script, **environment):
        done = subprocess.run(
            [sys.executable, "-c", textwrap.dedent(script)],
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join((str(site.path), os.environ.get("PYTHONPATH", ""))),
                "XDG_CACHE_HOME": str(site.path.parent / "cache"),
                "PYTHONDONTWRITEBYTECODE": "1",
                **environment,
            },
            cwd=site.path.parent,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    # The official plugins need no second look: the session's index knows them.
    hornbook.plugins()
    shutil.copytree(cache, site.path.parent / "cache", dirs_exist_ok=True)
    return run


@pytest.fixture(scope="session")
def repository():
    """The root of the checkout."""
    return Path(__file__).parents[1]
