"""The commit that a run was started from: found beside all else, and never by anything of the repository's."""

import os
import subprocess
import sys

import pytest

from hornbook.runner.surroundings import revision
from hornbook.runner.surroundings.revision import Look

IDENTITY = {
    f"GIT_{who}_{what}": "t@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
}


def git(folder, *arguments):
    done = subprocess.run(
        ["git", *arguments],
        cwd=folder,
        env={**os.environ, **IDENTITY, "GIT_CONFIG_GLOBAL": os.devnull},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@pytest.fixture(autouse=True)
def _patient(monkeypatch):
    """On a busy machine git takes its time; that nothing waits for it is a test of its own."""
    monkeypatch.setattr(revision, "PATIENCE", 60)


@pytest.fixture
def repository(tmp_path):
    """A repository with one commit."""
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "trunk")
    (folder / "code.py").write_text("1\n")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "first")
    return folder


def found(folder):
    return Look(folder).found()


def test_commit_branch_and_whether_files_are_as_committed(repository):
    commit = git(repository, "rev-parse", "HEAD")
    assert found(repository) == {"commit": commit, "branch": "trunk", "clean": True}
    (repository / "runs").mkdir()
    (repository / "runs" / "journal.jsonl").write_text("")  # what runs leave is no change of the code
    assert found(repository / "runs") == {"commit": commit, "branch": "trunk", "clean": True}
    (repository / "code.py").write_text("2\n")
    assert found(repository)["clean"] is False
    git(repository, "add", ".")
    assert found(repository)["clean"] is False
    git(repository, "checkout", "-q", "-f", "--detach")
    assert found(repository) == {"commit": commit, "branch": None, "clean": True}


def test_without_a_repository_a_commit_or_git_there_is_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    outside = tmp_path / "outside"
    outside.mkdir()
    assert found(outside) is None
    git(outside, "init", "-q")
    assert found(outside) is None
    monkeypatch.setenv("PATH", str(outside))
    assert found(outside) is None


def test_a_hook_of_git_does_not_lead_elsewhere(repository, tmp_path, monkeypatch):
    commit = git(repository, "rev-parse", "HEAD")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "elsewhere" / "index"))
    assert found(repository) == {"commit": commit, "branch": "trunk", "clean": True}


def test_nothing_of_the_repository_is_run(repository, tmp_path):
    trace = tmp_path / "trace"
    script = tmp_path / "attack"
    script.write_text(f"#!/bin/sh\necho run >> {trace}\ncat\n")
    script.chmod(0o755)
    hooks = repository / ".git" / "hooks"
    for hook in ("post-index-change", "post-checkout", "pre-commit"):
        (hooks / hook).write_text(script.read_text())
        (hooks / hook).chmod(0o755)
    git(repository, "config", "core.fsmonitor", str(script))
    git(repository, "config", "core.hooksPath", str(hooks))
    assert found(repository)["clean"] is True
    assert not trace.exists()

    (repository / ".gitattributes").write_text("* filter=evil\n")
    git(repository, "config", "filter.evil.clean", str(script))
    os.utime(repository / "code.py", (1, 1))  # looks changed, so git would read it through the filter
    assert found(repository)["clean"] is None
    assert not trace.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="there are no named pipes")
def test_a_repository_that_takes_for_ever_holds_nothing_up(repository, monkeypatch):
    monkeypatch.setattr(revision, "PATIENCE", 0.2)
    monkeypatch.setattr(revision, "_LONGEST", 2.0)
    (repository / ".git" / "config").unlink()
    os.mkfifo(repository / ".git" / "config")
    assert found(repository) is None
