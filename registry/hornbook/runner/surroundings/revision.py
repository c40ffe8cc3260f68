"""The commit that a run was started from: looked up beside all else, and never by anything of the repository's.

What git would run on behalf of a repository, such as a file system monitor, hooks, filters or a download of
missing objects, is switched off: a repository is somebody else's text. Nothing is waited for longer than a
second from when the look began, which mostly passes while the backend is imported.
"""

import os
import re
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

PATIENCE = 1.0
"""Seconds after which whatever is not known stays unknown."""
_LONGEST = 10.0
"""Seconds after which git is ended, though nobody waits for it any more."""
_LONGEST_NAME = 200

_COMMAND = ("git", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null")
_SETTINGS = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_NO_LAZY_FETCH": "1",
    "LC_ALL": "C",
}
_OF_A_HOOK = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR")
"""Set where a hook of git runs us; they would name another repository than that of the folder."""
_FILTERS = ("config", "--show-scope", "--name-only", "--get-regexp", r"^filter\..*\.(clean|process)$")
_CHANGES = ("status", "--porcelain", "--untracked-files=no", "--ignore-submodules=dirty", "--no-renames")


class Look:
    """Looks at the repository that a folder belongs to, while its maker does something else.

    Args:
        folder: The folder.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._began = time.monotonic()
        self._found: dict[str, Any] | None = None
        self._thread = threading.Thread(target=self._look, name="hornbook-revision", daemon=True)
        self._thread.start()

    def found(self) -> dict[str, Any] | None:
        """What was found within a second from the beginning.

        Returns:
            `commit` (its full digest), `branch` (none where none is checked out) and `clean` (whether all
            files that git tracks are as committed; none where that is not known). None outside a
            repository, before its first commit, and where git is missing or refuses.
        """
        self._thread.join(max(0.0, self._began + PATIENCE - time.monotonic()))
        return self._found

    def _look(self) -> None:
        _, said = self._git("rev-parse", "HEAD", "--abbrev-ref", "HEAD")
        commit, _, branch = said.strip().partition("\n")
        if re.fullmatch(r"[0-9a-f]{40}|[0-9a-f]{64}", commit):
            named = None if branch == "HEAD" else branch[:_LONGEST_NAME]
            self._found = {"commit": commit, "branch": named, "clean": None}
            self._found = {**self._found, "clean": self._clean()}

    def _clean(self) -> bool | None:
        """Whether all tracked files are as committed; not looked into where that runs the repository's filters."""
        code, filters = self._git(*_FILTERS)
        ours = all(line.startswith(("system\t", "global\t")) for line in filters.splitlines())
        if code not in (0, 1) or not ours:  # 1 says that there are none
            return None
        code, changes = self._git(*_CHANGES)
        return None if code else not changes

    def _git(self, *arguments: str) -> tuple[int, str]:
        """The exit code of git, -1 where it could not be had, and what it printed."""
        kept = {name: value for name, value in os.environ.items() if name not in _OF_A_HOOK}
        try:
            done = subprocess.run(
                [*_COMMAND, *arguments],
                cwd=self._folder,
                env={**kept, **_SETTINGS},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=_LONGEST,
                check=False,
                encoding="utf-8",
                errors="replace",
            )
        except (OSError, subprocess.SubprocessError):
            return -1, ""
        return done.returncode, done.stdout
