"""The folder of a run: `runs/<run id>/`, and where everything in it lies."""

import re
import secrets
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from hornbook.names import did_you_mean
from hornbook.problem import HornbookError, Problem

RUNS = Path("runs")
"""Where runs are kept, unless another folder is named."""
_NAMED = 5
"""How many are named where a word may mean more."""


@dataclass(frozen=True, slots=True)
class RunFolder:
    """The files of one run.

    Args:
        path: The folder, named by the run's id.
    """

    path: Path

    @property
    def id(self) -> str:
        """The run's id."""
        return self.path.name

    @property
    def runs(self) -> Path:
        """The folder that holds all runs."""
        return self.path.parent

    @property
    def typed(self) -> str:
        """What names it on a command line typed here: its id, or its folder where that lies elsewhere."""
        return self.id if self.runs == RUNS.absolute() else shlex.quote(shortest(self.path))

    @property
    def recipe(self) -> Path:
        """The frozen recipe."""
        return self.path / "recipe.yaml"

    @property
    def environment(self) -> Path:
        """Python, platform, backend and every distribution in play."""
        return self.path / "environment.json"

    @property
    def journal(self) -> Path:
        """The run's events, one JSON object a line."""
        return self.path / "journal.jsonl"

    @property
    def checkpoints(self) -> Path:
        """What a resumed run goes on from."""
        return self.path / "checkpoints"

    @property
    def artifacts(self) -> Path:
        """The model and whatever else the run made."""
        return self.path / "artifacts"

    @property
    def model(self) -> Path:
        """The saved model."""
        return self.artifacts / "model.keras"

    @property
    def reports(self) -> Path:
        """Pictures and tables of the run."""
        return self.artifacts / "reports"

    @property
    def traceback(self) -> Path:
        """Where in the code the error arose that ended the run."""
        return self.artifacts / "traceback.txt"

    def delivery(self, tracker: str) -> Path:
        """How far a tracker has come with the journal."""
        return self.path / "delivery" / f"{tracker}.json"


Folder = TypeVar("Folder", bound=RunFolder)


_ID = re.compile(r"[a-z0-9][a-z0-9-]*")


def is_id(word: str) -> bool:
    """Whether a word may be the id of a run, as `create` makes them: never one that leads to another folder.

    Example:
        >>> is_id("20261121-031500-digits-3f9c"), is_id(".."), is_id("a/b")
        (True, False, False)
    """
    return _ID.fullmatch(word) is not None


def create(name: str, runs: Path) -> RunFolder:
    """Make the folder of a new run.

    Args:
        name: The recipe's name, from which the id is made.
        runs: The folder that holds all runs; made if it is missing.

    Returns:
        The folder, with a fresh id such as `20261121-031500-digits-3f9c`.

    Raises:
        HornbookError: When the folder cannot be made.
    """
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40] or "run"
    moment = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    while True:
        folder = RunFolder(runs.absolute() / f"{moment}-{slug}-{secrets.token_hex(2)}")
        try:
            folder.artifacts.mkdir(parents=True)
        except FileExistsError:
            if folder.artifacts.is_dir():  # another run of this second has drawn the same
                continue
            raise _unmade(folder, "a file is in its place") from None
        except OSError as error:
            raise _unmade(folder, error.strerror or str(error)) from None
        return folder


def _unmade(folder: RunFolder, why: str) -> HornbookError:
    message = f"the run's folder {folder.path} cannot be made: {why}"
    hint = "name another with --runs-dir, or make this one writable"
    return HornbookError(Problem(code="HB501", message=message, hint=hint), exit_code=1)


def find(run: str | Path, runs: Path = RUNS) -> RunFolder:
    """The folder of an existing run.

    Args:
        run: The run's id, the beginning of an id that only one run has, `latest`, or the folder itself.
        runs: The folder that holds all runs.

    Returns:
        The folder.

    Raises:
        HornbookError: When there is no such run, or several.
    """
    path = Path(run)
    for sweep in (path, runs / "sweeps" / path.name):
        if (sweep / "sweep.json").is_file():
            hint = f"`hornbook sweeps {sweep.name}` names its runs, `hornbook sweep --resume` goes on with it"
            message = f"{sweep.name} is a sweep, not a run"
            raise HornbookError(Problem(code="HB502", message=message, hint=hint))
    if (path / "journal.jsonl").is_file():
        return RunFolder(path.absolute())
    known = list(all_runs(runs))
    matching = named(str(run), known)
    if len(matching) == 1:
        return matching[0]
    if matching:
        hint = "`latest` is the last; `hornbook runs` lists all"
        raise HornbookError(Problem(code="HB502", message=ambiguity(str(run), matching), hint=hint))
    hint = did_you_mean(str(run), [folder.id for folder in known], "`hornbook runs` lists those there are")
    raise HornbookError(Problem(code="HB502", message=f"there is no run {str(run)!r} in {runs}", hint=hint))


def named(word: str, known: Sequence[Folder]) -> list[Folder]:
    """The folders that a word may mean.

    Args:
        word: An id, the beginning of one, or `latest`.
        known: The folders there are, the oldest first.

    Returns:
        The one of that id, else all whose ids begin so; of `latest`, the last.
    """
    if word == "latest":
        return list(known[-1:])
    exact = [folder for folder in known if folder.id == word]
    return exact or [folder for folder in known if folder.id.startswith(word)]


def ambiguity(word: str, matching: Sequence[Folder]) -> str:
    """That a word means several folders, and which."""
    newest = ", ".join(folder.id for folder in matching[-_NAMED:])
    more = f" and {len(matching) - _NAMED:,} more" if len(matching) > _NAMED else ""
    return f"{word!r} is the beginning of {newest}{more}"


def all_runs(runs: Path = RUNS) -> Iterator[RunFolder]:
    """Every run, the oldest first."""
    if not runs.is_dir():
        return
    for path in sorted(runs.iterdir(), key=_begun):
        if (path / "journal.jsonl").is_file():
            yield RunFolder(path.absolute())


def _begun(path: Path) -> tuple[str, int]:
    """When a run began: the second is in its id, the rest in the file that is written first and once."""
    recipe = RunFolder(path).recipe
    return path.name[:15], recipe.stat().st_mtime_ns if recipe.is_file() else 0


def shortest(path: Path) -> str:
    """A path as short as it can be said from here."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
