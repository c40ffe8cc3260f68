"""The plugin `bench`: a third party's distribution, installed for the modules that ask for it."""

import os
import shutil
from pathlib import Path

import pytest

import hornbook

SOURCE = Path(__file__).parent / "bench" / "keras_bench"


@pytest.fixture(scope="session")
def bench_site(tmp_path_factory, make_site, cache):
    """A site with `keras-bench` installed, and a cache whose index knows it."""
    site = make_site(tmp_path_factory.mktemp("bench"))
    shutil.copytree(SOURCE, site.path / "keras_bench", ignore=shutil.ignore_patterns("__pycache__"))
    site.install("keras-bench", [("bench", "keras_bench.hornbook")], {}, requires=["hornbook-registry>=0.1"])
    hornbook.plugins()
    shutil.copytree(cache, site.path / "cache")
    return site


@pytest.fixture(scope="module")
def bench(bench_site):
    """Makes `keras-bench` installed for a module's tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(bench_site.path / "cache"))
        patch.setenv("PYTHONPATH", str(bench_site.path), prepend=os.pathsep)
        patch.syspath_prepend(str(bench_site.path))
        found = {plugin.name: plugin for plugin in hornbook.plugins()}
        assert found["bench"].state == "ready", found["bench"].cause
        yield bench_site


@pytest.fixture
def write(tmp_path):
    """Writes a recipe into the working directory, and gives its path."""

    def to(name, text):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return file

    return to
