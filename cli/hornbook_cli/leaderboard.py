"""The leaderboard of a sweep in the terminal."""

from collections.abc import Iterator, Sequence

from hornbook.sweeps.leaderboard import value_text, values_text
from hornbook.sweeps.ranking import Group, ranked, unranked
from hornbook.sweeps.record import SEED, Sweep, Trial
from hornbook.sweeps.space import short_names
from hornbook_cli.inert import inert
from hornbook_cli.table import table
from hornbook_cli.terminal import shortened, width
from hornbook_cli.writing import count, number

MOST = 20
"""Rows that are shown unless all are asked for."""
_ERROR = 160
_VALUE = 32


def leaderboard(sweep: Sweep, most: int | None = MOST) -> Iterator[str]:
    """Lay out what the trials of a sweep came to, the best first.

    Args:
        sweep: The sweep.
        most: How many rows are shown; none for all.

    Yields:
        Lines.
    """
    groups, rest = ranked(sweep), unranked(sweep)
    seeds = SEED in sweep.variables
    paths = [path for path in sweep.variables if path != SEED]
    metric = inert(sweep.objective.metric)
    if groups:
        names = short_names(sweep.variables)
        header = (
            "",
            *(inert(names[path]) for path in paths),
            metric,
            *(("seeds",) if seeds else ()),
            "best run" if seeds else "run",
        )
        rows = [_row(place, group, paths, seeds) for place, group in enumerate(groups, 1)]
        yield from table(rows[:most], width(), header)
        if most is not None and len(rows) > most:
            yield f"… and {len(rows) - most:,} more: hornbook sweeps {sweep.folder.typed} --all"
    elif any(trial.outcome in ("finished", "unmet") for trial in sweep.trials):
        measured = dict.fromkeys(name for trial in sweep.trials for name in trial.metrics)
        yield f"{metric} was not measured; there are {inert(', '.join(measured))}: name one with --metric"
    if rest:
        if groups:
            yield ""
        for trial in rest[:most]:
            yield from _placeless(trial)
        if most is not None and len(rest) > most:
            yield f"… and {len(rest) - most:,} more without a place"


def _row(place: int, group: Group, paths: Sequence[str], seeds: bool) -> tuple[str, ...]:
    cells = [
        shortened(value_text(group.values[path]), _VALUE) if path in group.values else "" for path in paths
    ]
    spread = f" ± {number(group.spread)}" if group.spread is not None else ""
    amount = (str(group.seeds),) if seeds else ()
    return (str(place), *cells, f"{number(group.mean)}{spread}", *amount, group.best.run_id)


def _placeless(trial: Trial) -> Iterator[str]:
    yield f"{inert(trial.outcome)}: trial {trial.number}, {inert(values_text(trial.values))}{_run(trial)}"
    if trial.error:
        yield f"  {shortened(inert(trial.error), _ERROR)}"


def _run(trial: Trial) -> str:
    there = trial.folder is not None and trial.folder.journal.is_file()
    return f"  {trial.run_id}" if there else ""


def tally(sweep: Sweep) -> str:
    """How many trials there are, and how they ended where not well."""
    outcomes = [trial.outcome for trial in sweep.trials]
    words = [count(len(outcomes), "trial")] if len(outcomes) == sweep.planned else []
    words = words or [f"{len(outcomes):,} of {count(sweep.planned, 'trial')}"]
    others = [one for one in dict.fromkeys(outcomes) if one != "finished"]
    return ", ".join([*words, *(f"{outcomes.count(one)} {inert(one)}" for one in others)])
