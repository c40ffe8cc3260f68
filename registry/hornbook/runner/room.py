"""Room: whether an error says that the disk is full, and what to do then."""

import errno
import re
from collections.abc import Iterator
from pathlib import Path

from hornbook.problem import HornbookError, Problem
from hornbook.runner.journals.folder import RunFolder

_FULL = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG))
_WORDS = re.compile(
    r"no space left on device|disk quota exceeded|file too large|database or disk is full", re.I
)
"""What libraries that write files by themselves say, whatever they raise."""


def out_of_room(error: BaseException) -> bool:
    """Whether an error, or one that it came of, says that there is no room left to write."""
    return any(
        (isinstance(one, OSError) and one.errno in _FULL) or _WORDS.search(str(one)) for one in _chain(error)
    )


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def no_room(folder: RunFolder) -> str:
    """What to tell of a run that found no room, and what to do."""
    return (
        f"no room is left on the disk, or in the quota, of {_existing(folder.path)}; "
        f"what was saved before is whole: make room, then go on with `hornbook resume {folder.typed}`"
    )


def refused(folder: RunFolder) -> HornbookError:
    """What to raise where a run cannot even begin."""
    message = f"no room is left on the disk, or in the quota, of {_existing(folder.path)}"
    hint = "make room" if folder.journal.is_file() else "make room, or name another place with --runs-dir"
    return HornbookError(Problem(code="HB510", message=message, hint=hint), exit_code=1)


def _existing(path: Path) -> Path:
    return next(one for one in (path, *path.parents) if one.exists())
