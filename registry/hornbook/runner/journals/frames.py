"""Runs as pandas tables. pandas is optional, and imported only here."""

from collections.abc import Iterable, Mapping
from types import ModuleType
from typing import TYPE_CHECKING, Any

from hornbook.problem import HornbookError, Problem
from hornbook.runner.journals.journal import number
from hornbook.runner.journals.record import Record, sound_events

if TYPE_CHECKING:
    from pandas import DataFrame

_MEASURED = ("seconds", "examples_per_second")
_COLUMNS = ["id", "name", "outcome", "started", "seconds", "epochs"]


def overview(records: Iterable[Record]) -> "DataFrame":
    """Runs, a row each; see `Records.to_pandas`."""
    pandas = _pandas()
    rows = [_row(one) for one in records]
    named = sorted(dict.fromkeys(name for row in rows for name in row), key=_group)
    frame = pandas.DataFrame(rows, columns=named or _COLUMNS)
    frame["started"] = pandas.to_datetime(frame["started"], unit="ms", utc=True)
    return frame


def history(record: Record) -> "DataFrame":
    """A run's history, a row each epoch; see `Record.to_pandas`."""
    pandas = _pandas()
    events, _ = sound_events(record.folder)
    rows = [_epoch(event) for event in events if event["event"] == "epoch"]
    named = dict.fromkeys(["epoch", *(name for row in rows for name in row)])
    return pandas.DataFrame(rows, columns=[*named]).set_index("epoch")


def _group(column: str) -> int:
    """What of a run a column speaks of: the run itself, its metrics, its parameters."""
    return ("metrics", "params").index(column.partition(".")[0]) + 1 if "." in column else 0


def _row(record: Record) -> dict[str, Any]:
    parameters = record.details.get("parameters", {})
    return {
        "id": record.id,
        "name": record.name,
        "outcome": record.outcome,
        "started": record.started or None,
        "seconds": record.seconds or None,
        "epochs": record.epochs,
        **{f"metrics.{name}": value for name, value in record.metrics.items()},
        **{f"params.{path}": value for path, value in parameters.items()},
    }


def _epoch(event: Mapping[str, Any]) -> dict[str, Any]:
    metrics = {name: number(value) for name, value in event["metrics"].items()}
    measured = {name: event[name] for name in _MEASURED if name in event}
    return {"epoch": event["epoch"], **metrics, **measured}


def _pandas() -> ModuleType:
    try:
        import pandas
    except ImportError:
        message = "pandas is not installed, and tables are made with it"
        raise HornbookError(
            Problem(code="HB509", message=message, hint="pip install pandas", unavailable=True)
        ) from None
    module: ModuleType = pandas
    return module
