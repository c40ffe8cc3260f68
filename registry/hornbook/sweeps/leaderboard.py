"""The leaderboard of a sweep on disk: `leaderboard.md` for people, `leaderboard.json` for programs."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

from hornbook.recipes.freezing import on_one_line
from hornbook.reports.text import NOTHING, escaped, table
from hornbook.reports.text import number as shown
from hornbook.sweeps.ranking import Group, ranked, unranked
from hornbook.sweeps.record import SEED, Sweep, Trial
from hornbook.sweeps.space import short_names
from hornbook.whole_file import write_json, write_whole

MARKDOWN, DATA = "leaderboard.md", "leaderboard.json"
SCHEMA_VERSION = 1


def write_leaderboard(sweep: Sweep) -> None:
    """Write both files into the sweep's reports.

    Args:
        sweep: The sweep.
    """
    write_whole(sweep.folder.reports / MARKDOWN, "\n".join(_lines(sweep)) + "\n")
    write_json(sweep.folder.reports / DATA, {"schema_version": SCHEMA_VERSION, **as_data(sweep)})


def as_data(sweep: Sweep) -> dict[str, Any]:
    """A sweep as plain data, as `hornbook sweep --json` prints it.

    Args:
        sweep: The sweep.
    """
    best = sweep.best
    state = next((one.state for one in sweep.deliveries if one.state), {})
    return {
        "sweep_id": sweep.id,
        "sweep_dir": str(sweep.folder.path),
        "name": sweep.name,
        "outcome": sweep.outcome,
        "method": sweep.method,
        "metric": sweep.objective.metric,
        "direction": sweep.objective.direction,
        "variables": {path: list(values) for path, values in sweep.variables.items()},
        "planned": sweep.planned,
        "best": None if best is None else best.number,
        "groups": [_group(group) for group in ranked(sweep)],
        "trials": [_trial(trial) for trial in sweep.trials],
        "tracking": {"uri": state.get("uri"), "run_id": state.get("run_id")},
        "seconds": sweep.seconds,
    }


def _group(group: Group) -> dict[str, Any]:
    return {
        "values": dict(group.values),
        "mean": group.mean,
        "spread": group.spread,
        "best": group.best.number,
        "trials": [trial.number for trial in group.trials],
    }


def _trial(trial: Trial) -> dict[str, Any]:
    there = trial.folder is not None and trial.folder.path.is_dir()
    return {
        "trial": trial.number,
        "run_id": trial.run_id or None,
        "run_dir": str(trial.folder.path) if there and trial.folder else None,
        "values": dict(trial.values),
        "outcome": trial.outcome,
        "value": trial.value,
        # JSON has no word for what is not finite.
        "metrics": {name: one if math.isfinite(one) else None for name, one in trial.metrics.items()},
        "seconds": trial.seconds,
        "error": trial.error or None,
    }


def _lines(sweep: Sweep) -> Iterator[str]:
    groups, rest = ranked(sweep), unranked(sweep)
    objective = sweep.objective
    way = "more" if objective.direction == "maximize" else "less"
    yield f"# {escaped(sweep.name)}: {escaped(objective.metric)}, {way} is better"
    yield ""
    counts = [f"{len(sweep.trials)} of {sweep.planned} trials"]
    outcomes = [trial.outcome for trial in sweep.trials]
    counts += [f"{outcomes.count(one)} {one}" for one in dict.fromkeys(outcomes) if one != "finished"]
    yield ", ".join(counts) + "."
    seeds = SEED in sweep.variables
    paths = [path for path in sweep.variables if path != SEED]
    if groups:
        yield ""
        means = ["mean", "± over seeds", "seeds"] if seeds else [escaped(objective.metric)]
        header = ["", *_titles(sweep, paths), *means, "best run" if seeds else "run"]
        yield from table(header, [_row(*one, paths, seeds) for one in enumerate(groups, 1)])
    if rest:
        yield ""
        yield "Without a place:"
        yield ""
        header = ["trial", *_titles(sweep, list(sweep.variables)), "outcome", "why", "run"]
        yield from table(header, [_placeless(trial, list(sweep.variables)) for trial in rest])


def _titles(sweep: Sweep, paths: list[str]) -> list[str]:
    names = short_names(sweep.variables)
    return [escaped(names[path]) for path in paths]


def _row(place: int, group: Group, paths: list[str], seeds: bool) -> list[str]:
    spread = NOTHING if group.spread is None else shown(group.spread)
    means = [shown(group.mean), spread, str(group.seeds)] if seeds else [shown(group.mean)]
    return [str(place), *_cells(group.values, paths), *means, f"`{group.best.run_id}`"]


def _placeless(trial: Trial, paths: list[str]) -> list[str]:
    why = escaped(trial.error, 120) if trial.error else ""
    run = f"`{trial.run_id}`" if trial.run_id else NOTHING
    return [str(trial.number), *_cells(trial.values, paths), trial.outcome, why, run]


def _cells(values: Any, paths: list[str]) -> list[str]:
    return [escaped(value_text(values[path])) if path in values else NOTHING for path in paths]


def value_text(value: Any) -> str:
    """A value as one reads it: a number short, all else as YAML."""
    if isinstance(value, float):
        return shown(value)
    return on_one_line(value)


def values_text(values: Mapping[str, Any]) -> str:
    """What a trial sets, on one line.

    Example:
        >>> values_text({"optimizer.learning_rate": 0.0012345678, "seed": 1})
        'learning_rate=0.001235, seed=1'
    """
    names = short_names(values)
    return ", ".join(f"{names[path]}={value_text(value)}" for path, value in values.items())
