"""The description of a sweep, in Markdown: how it went, and its leaderboard."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hornbook.sweeps.ranking import Group, ranked, unranked
from hornbook.sweeps.record import SEED, Sweep, Trial
from hornbook_mlflow.description import reports
from hornbook_mlflow.markdown import code, duration, escape, link, plain
from hornbook_mlflow.naming import as_text
from hornbook_mlflow.store import comparison_link, run_link

_SHOWN = 20
_SHOWN_VALUE = 60


@dataclass(frozen=True, slots=True)
class Where:
    """The pages of trials.

    Args:
        experiment_id: The experiment that they are in.
        runs: MLflow's id of each trial's run, by Hornbook's; those that were delivered.
    """

    experiment_id: str
    runs: Mapping[str, str]

    def name(self, trial: Trial) -> str:
        """A trial's name, which leads to its page."""
        name, run = f"trial {trial.number}", self.runs.get(trial.run_id)
        return link(name, run_link(self.experiment_id, run)) if run else name

    def comparison(self, trials: Sequence[Trial]) -> str:
        """A link to the comparison of trials; empty where there are not two."""
        runs = [self.runs[trial.run_id] for trial in trials if trial.run_id in self.runs]
        if len(runs) < 2:
            return ""
        return (
            f"**Compare:** {link(f'the best {len(runs)} trials', comparison_link(self.experiment_id, runs))}"
        )


def describe(
    sweep: Sweep,
    where: Where,
    made: Sequence[tuple[str, str]] = (),
    failed: Sequence[tuple[str, str]] = (),
) -> str:
    """Describe a sweep.

    Args:
        sweep: As its journal tells it.
        where: The pages of trials.
        made: Titles of reports, each with its address.
        failed: Titles of reports that could not be made, each with the reason.

    Returns:
        Markdown: the best trial, what was varied, the leaderboard, how to go on.
    """
    groups, rest = ranked(sweep), unranked(sweep)
    text = escape(sweep.details.get("description") or "")
    parts = [_answer(sweep, groups, where), *([text] if text else []), *reports(made, failed), _varied(sweep)]
    best = sorted((trial for group in groups for trial in group.trials), key=_rank(sweep))
    if comparison := where.comparison(best[:_SHOWN]):
        parts.append(comparison)
    if groups:
        parts.append("\n".join(_table(sweep, groups[:_SHOWN], where)))
    if len(groups) > _SHOWN:
        parts.append(f"These are the first {_SHOWN} of {len(groups)}; `leaderboard.md` has them all.")
    if rest:
        listed = ", ".join(f"{where.name(trial)} ({escape(trial.outcome)})" for trial in rest[:_SHOWN])
        parts.append(f"**Without a place:** {listed}{', …' if len(rest) > _SHOWN else ''}.")
    if sweep.outcome != "finished":
        parts += ["**Go on** with what is left", code(f"hornbook sweep --resume {plain(sweep.id)}")]
    return "\n\n".join(parts)


def _answer(sweep: Sweep, groups: Sequence[Group], where: Where) -> str:
    leading = _leading(sweep, groups[0], where) if groups else "no trial has measured it yet"
    ended = sum(trial.outcome != "running" for trial in sweep.trials)
    count = f"{ended} of {sweep.planned or len(sweep.trials)} trials"
    if sweep.outcome == "running":
        return f"**Running**, {count} done. Best so far: {leading}."
    word = (
        "Best:" if sweep.outcome == "finished" else f"{escape(sweep.outcome).capitalize()}.** **Best so far:"
    )
    return f"**{word}** {leading}; {count} in {duration(sweep.seconds)}."


def _leading(sweep: Sweep, group: Group, where: Where) -> str:
    spread = "" if group.spread is None else f" ± {group.spread:.2g} over {group.seeds} seeds"
    given = ", ".join(f"{escape(path)} = {_value(value)}" for path, value in group.values.items())
    metric = escape(sweep.objective.metric)
    return f"{metric} {group.mean:.4g}{spread}{f' with {given}' if given else ''} ({where.name(group.best)})"


def _varied(sweep: Sweep) -> str:
    varied = "; ".join(
        f"{escape(path)} over {escape(', '.join(map(as_text, values)), 300)}"
        for path, values in sweep.variables.items()
    )
    return f"**Varied** ({escape(sweep.method)}): {varied}."


def _table(sweep: Sweep, groups: Sequence[Group], where: Where) -> Iterator[str]:
    seeds = SEED in sweep.variables
    paths = [path for path in sweep.variables if path != SEED]
    means = ["mean", "± over seeds", "seeds", "best"] if seeds else [escape(sweep.objective.metric), "trial"]
    yield _row(["", *map(escape, paths), *means])
    yield "|".join(["", "---:", *("---" for _ in paths), *("---:" for _ in means[:-1]), "---", ""])
    for place, group in enumerate(groups, 1):
        spread = "" if group.spread is None else f"{group.spread:.2g}"
        cells = [f"{group.mean:.4g}", *([spread, str(group.seeds)] if seeds else [])]
        given = [_value(group.values[path]) if path in group.values else "" for path in paths]
        yield _row([str(place), *given, *cells, where.name(group.best)])


def _row(cells: Iterable[str]) -> str:
    # MLflow draws tables without rules, so cells need room between them.
    return f"| {' | '.join(f'{cell}&emsp;' for cell in cells)} |"


def _rank(sweep: Sweep) -> Callable[[Trial], float]:
    way = -1 if sweep.objective.direction == "maximize" else 1
    return lambda trial: way * (trial.value or 0.0)


def _value(value: Any) -> str:
    return escape(format(value, ".4g") if isinstance(value, float) else as_text(value), _SHOWN_VALUE)
