"""The folder of a sweep: `runs/sweeps/<sweep id>/`, beside the runs that are its trials."""

from collections.abc import Iterator
from pathlib import Path

from hornbook.names import did_you_mean
from hornbook.problem import HornbookError, Problem
from hornbook.runner.journals.folder import RUNS, RunFolder, all_runs, ambiguity, create, find, named

SWEEPS = "sweeps"
"""The folder of all sweeps, within that of all runs."""


class SweepFolder(RunFolder):
    """The files of one sweep: its recipe, journal and artifacts lie where a run's do."""

    __slots__ = ()

    @property
    def asked(self) -> Path:
        """What was asked for: the variables, the method, the metric."""
        return self.path / "sweep.json"

    @property
    def runs(self) -> Path:
        """The folder that holds the trials' runs."""
        return self.path.parent.parent

    def log(self, worker: int) -> Path:
        """What a worker wrote to the terminal that it does not have."""
        return self.path / "workers" / f"{worker}.txt"


def create_sweep(name: str, runs: Path) -> SweepFolder:
    """Make the folder of a new sweep.

    Args:
        name: The recipe's name, from which the id is made.
        runs: The folder that holds all runs.

    Returns:
        The folder.

    Raises:
        HornbookError: When it cannot be made.
    """
    return SweepFolder(create(name, runs / SWEEPS).path)


def find_sweep(sweep: str | Path, runs: Path = RUNS) -> SweepFolder:
    """The folder of an existing sweep.

    Args:
        sweep: The sweep's id, the beginning of an id that only one has, `latest`, or the folder itself.
        runs: The folder that holds all runs.

    Returns:
        The folder.

    Raises:
        HornbookError: When there is no such sweep, or several.
    """
    path = Path(sweep)
    if (path / "sweep.json").is_file():
        return SweepFolder(path.absolute())
    known = list(all_sweeps(runs))
    matching = named(str(sweep), known)
    if len(matching) == 1:
        return matching[0]
    if matching:
        hint = "`latest` is the last; `hornbook sweeps` lists all"
        raise HornbookError(Problem(code="HB541", message=ambiguity(str(sweep), matching), hint=hint))
    hint = did_you_mean(
        str(sweep), [folder.id for folder in known], "`hornbook sweeps` lists those there are"
    )
    message = f"there is no sweep {str(sweep)!r} in {runs}"
    raise HornbookError(Problem(code="HB541", message=message, hint=hint))


def find_run_or_sweep(name: str | Path, runs: Path = RUNS) -> RunFolder:
    """The folder of an existing run or sweep; where a name may mean either, it means the run.

    Args:
        name: An id, the beginning of one, `latest`, or the folder itself.
        runs: The folder that holds all runs.

    Returns:
        The folder.

    Raises:
        HornbookError: When there is none of that name, or several.
    """
    is_sweep = (Path(name) / "sweep.json").is_file()
    if not is_sweep and not named(str(name), list(all_runs(runs))):
        is_sweep = bool(named(str(name), list(all_sweeps(runs))))
    return find_sweep(name, runs) if is_sweep else find(name, runs)


def all_sweeps(runs: Path = RUNS) -> Iterator[SweepFolder]:
    """Every sweep, the oldest first."""
    folder = runs / SWEEPS
    if not folder.is_dir():
        return
    begun = [SweepFolder(path.absolute()) for path in folder.iterdir() if (path / "sweep.json").is_file()]
    yield from sorted(begun, key=lambda one: (one.id[:15], one.asked.stat().st_mtime_ns))
