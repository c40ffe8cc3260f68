"""The reports of a run or a sweep: which files go to the store, and what the page says of them."""

from collections.abc import Iterator
from pathlib import Path

from mlflow.entities import Run

from hornbook.reports import contents
from hornbook.runner.journals.folder import RunFolder
from hornbook_mlflow.store import artifact_page

_DATA = "data"
_INDEX = "index.json"
_SHOWN = ("image", "markdown")
"""What says something to the eye."""


def files(folder: Path) -> Iterator[Path]:
    """The artifacts of a run or a sweep, but for its model and for what its reports are drawn from.

    Args:
        folder: The folder of the run or the sweep.
    """
    artifacts = folder / "artifacts"
    reports = artifacts / "reports"
    for path in sorted(artifacts.rglob("*")):
        inner = path.relative_to(reports).parts if path.is_relative_to(reports) else ()
        kept_back = inner[:1] == (_DATA,) or inner == (_INDEX,) or path.suffix == ".keras"
        if path.is_file() and not path.is_symlink() and not kept_back:
            yield path


def titles(folder: Path, run: Run) -> list[tuple[str, str]]:
    """The reports in the order in which to look at them, each with the address that shows it.

    Args:
        folder: The folder of the run or the sweep.
        run: The page that has them as artifacts.
    """
    there = RunFolder(folder).reports
    listed = [
        (one.title or one.file, one.file)
        for one in contents(RunFolder(folder))
        if one.kind in _SHOWN and Path(one.file).name == one.file and (there / one.file).is_file()
    ]
    return [
        (title, artifact_page(run.info.experiment_id, run.info.run_id, f"reports/{file}"))
        for title, file in listed
    ]


def failures(folder: Path) -> list[tuple[str, str]]:
    """The reports that could not be made, each with the reason."""
    return [(one.title, one.reason) for one in contents(RunFolder(folder)) if one.kind == "failed"]
