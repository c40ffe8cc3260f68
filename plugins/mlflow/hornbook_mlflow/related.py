"""What a run's page leads to: the run that it reproduces, the sweep that it is a trial of."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mlflow.entities import Run
from mlflow.exceptions import MlflowException

from hornbook.runner.delivery.delivering import delivery
from hornbook.runner.journals.journal import read
from hornbook.sweeps.folder import SweepFolder
from hornbook.tracker import Event
from hornbook_mlflow.markdown import escape, link, plain
from hornbook_mlflow.naming import as_text
from hornbook_mlflow.pages import RUN_ID, SWEEP_ID, Pages, experiment_name
from hornbook_mlflow.store import run_link
from hornbook_mlflow.tracker import MLFLOW

REPRODUCES = "hornbook.reproduces"
SWEEP, TRIAL = "hornbook.sweep", "hornbook.trial"
PARENT = "mlflow.parentRunId"


def parent(pages: Pages, folder: Path, started: Event) -> Run | None:
    """Find the page of the sweep that a run is a trial of.

    Args:
        pages: The store's pages.
        folder: The run's folder.
        started: The journal's event `started`.

    Returns:
        The page; none where the run is of no sweep, or the sweep is nowhere any more.

    Raises:
        MlflowException: The sweep is still to be delivered; the run follows it.
    """
    sweep = started.get("sweep") or {}
    if not sweep.get("id"):
        return None
    there = SweepFolder(folder / str(sweep.get("folder") or ""))
    begun = _beginning(there) if sweep.get("folder") else {}
    # What is varied may be the experiment: the sweep is in that of its first trial.
    for experiment in dict.fromkeys(experiment_name(one.get("tracking")) for one in (started, begun)):
        if found := pages.tagged(experiment, SWEEP_ID, plain(sweep["id"])):
            return found[0]
    if begun and delivery(there, MLFLOW).owed:
        raise MlflowException(f"the sweep {plain(sweep['id'])} is to be delivered before its trials")
    return None


def _beginning(sweep: SweepFolder) -> Event:
    """The event with which a sweep began; empty where its journal is gone."""
    events = read(sweep.journal) if sweep.journal.is_file() else []
    return next((event for event in events if event["event"] == "sweep_started"), {})


def trial_name(started: Event) -> str:
    """Name a trial by what it was given, as that is what charts are read for; empty for other runs.

    Lists of runs show the beginning of a name only, so a component stands for itself.

    Example:
        >>> trial_name({"sweep": {"id": "a", "trial": 4, "values": {"optimizer": "adam", "seed": 2}}})
        '4: adam, seed=2'
    """
    told = started.get("sweep") or {}
    if not told.get("id"):
        return ""
    given = (_given(path, value) for path, value in _values(told).items())
    return plain(f"{told.get('trial')}: {', '.join(given)}", 120)


def _given(path: str, value: Any) -> str:
    return value if isinstance(value, str) else f"{path.rpartition('.')[2]}={as_text(value)}"


def relation_tags(started: Event, sweep: Run | None) -> dict[str, Any]:
    """Give the tags that say what a run belongs to."""
    told = started.get("sweep") or {}
    trial = {SWEEP: told["id"], TRIAL: told.get("trial")} if told.get("id") else {}
    original = (started.get("reproduces") or {}).get("run_id")
    return {
        **({PARENT: sweep.info.run_id} if sweep else {}),
        **trial,
        **({REPRODUCES: original} if original else {}),
    }


def related(pages: Pages, run: Run, started: Event) -> Iterator[str]:
    """Say, in Markdown, what a run belongs to, with links where the store has it."""
    told = started.get("sweep") or {}
    if told.get("id"):
        values = (f"{escape(path)} = {escape(as_text(one), 200)}" for path, one in _values(told).items())
        where = run.data.tags.get(PARENT)
        name = _linked(str(told["id"]), run.info.experiment_id, where)
        yield f"**Trial {escape(told.get('trial', ''))}** of the sweep {name}: {', '.join(values)}."
    original = (started.get("reproduces") or {}).get("run_id")
    if original:
        page = next(
            iter(pages.tagged(experiment_name(started.get("tracking")), RUN_ID, plain(original))), None
        )
        where = page.info.run_id if page else None
        yield f"**Reproduces** {_linked(str(original), run.info.experiment_id, where)}."


def _values(sweep: Any) -> dict[str, Any]:
    values = sweep.get("values")
    return dict(values) if isinstance(values, dict) else {}


def _linked(text: str, experiment_id: str, run_id: str | None) -> str:
    return link(text, run_link(experiment_id, run_id)) if run_id else escape(text)
