"""The pictures of a sweep: its learning curves over one another, and what came of each value of a parameter."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from hornbook.reports.index import Entry, write
from hornbook.reports.text import inert
from hornbook.runner import figures
from hornbook.sweeps.folder import SweepFolder
from hornbook.sweeps.leaderboard import DATA, MARKDOWN, value_text
from hornbook.sweeps.ranking import Group, ranked, unranked
from hornbook.sweeps.record import SEED, Sweep, Trial, sweep_record
from hornbook.sweeps.space import short_names

if TYPE_CHECKING:
    from matplotlib.axes import Axes

CURVES, PARAMETERS = "learning_curves.png", "parameters.png"
COLORS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#6f4e9c", "#8c6d31")
"""Colours that people with any kind of sight tell apart (Okabe and Ito 2008), and two more."""
MOST_COLUMNS = 3
_LONGEST = 44


def draw(folder: SweepFolder) -> None:
    """Draw a sweep's pictures into its reports, and list the reports in `index.json`.

    Args:
        folder: The sweep's folder.
    """
    sweep = sweep_record(folder)
    groups = ranked(sweep)
    entries = [
        Entry(name, title, kind)
        for name, title, kind in (
            (MARKDOWN, "Leaderboard", "markdown"),
            (DATA, "Leaderboard, for programs", "json"),
        )
        if (folder.reports / name).is_file()
    ]
    if groups:
        folder.reports.mkdir(parents=True, exist_ok=True)
        with figures.style():
            figures.save(_curves(sweep, groups), folder.reports / CURVES)
            entries.append(Entry(CURVES, "Learning curves, best first", "image"))
            if sweep.method != "grid":
                figures.save(_parameters(sweep), folder.reports / PARAMETERS)
                entries.append(Entry(PARAMETERS, f"{inert(sweep.objective.metric)} by parameter", "image"))
    write(folder, entries)


def _curves(sweep: Sweep, groups: Sequence[Group]) -> Any:
    """The objective and the loss over epochs: a line a group, with what lies between its seeds."""
    histories = {
        trial.number: (run.history if (run := trial.run()) else {})
        for group in groups
        for trial in group.trials
    }
    names = _panels(sweep, [name for history in histories.values() for name in history])
    made, grid = figures.panels(_title(sweep, groups), 1, len(names) + 1, 3.9, 3.2)
    for axes, name in zip(grid, names, strict=False):
        axes.set_title(inert(name, 40), loc="left")
        for place, group in reversed(list(enumerate(groups))):  # the best on top
            _line(axes, place, group, [histories[trial.number].get(name, []) for trial in group.trials])
        axes.set_xlabel("epoch")
        axes.xaxis.set_major_locator(figures.whole_numbers())
        figures.tidy(axes)
    _legend(grid[0], grid[-1], groups)
    return made


def _title(sweep: Sweep, groups: Sequence[Group]) -> str:
    over = ", mean and range over seeds" if any(group.seeds > 1 for group in groups) else ""
    settings = f"{len(groups)} settings" if len(groups) > 1 else f"{len(groups[0].trials)} trials"
    return f"{inert(sweep.name)}: {settings}{over}"


def _legend(drawn: "Axes", empty: "Axes", groups: Sequence[Group]) -> None:
    """Say which line is which, where another panel would be."""
    empty.set_axis_off()
    handles, labels = drawn.get_legend_handles_labels()
    rest = len(groups) - len(COLORS)
    title = ", ".join(short_names(groups[0].values).values()) or "all"
    title += f"; {rest} more in grey" if rest > 0 else ""
    empty.legend(
        handles[::-1],
        labels[::-1],
        title=inert(title),
        alignment="left",
        loc="upper left",
        bbox_to_anchor=(-0.12, 1.02),
    )


def _panels(sweep: Sweep, measured: Sequence[str]) -> list[str]:
    """The objective as it is known of every epoch, and the loss on the same split."""
    name = sweep.objective.metric
    prefix = sweep.objective.prefix
    base = name.removeprefix(prefix)
    # A test split is not measured after each epoch: validation comes nearest to it.
    wanted = (name, f"val_{base}", base), (f"{prefix}loss", "val_loss", "loss")
    there = [next((one for one in choices if one in measured), "") for choices in wanted]
    return [one for one in dict.fromkeys(there) if one] or ["loss"]


def _line(axes: "Axes", place: int, group: Group, histories: Sequence[Sequence[float]]) -> None:
    longest = max(map(len, histories), default=0)
    if not longest:
        return
    values = np.full((len(histories), longest), np.nan)
    for row, history in zip(values, histories, strict=True):
        row[: len(history)] = history
    values[~np.isfinite(values)] = np.nan
    known = values[:, ~np.isnan(values).all(axis=0)]
    epochs = np.flatnonzero(~np.isnan(values).all(axis=0)) + 1
    if not len(epochs):
        return
    shown = place < len(COLORS)
    color = COLORS[place] if shown else figures.PALE
    label = _label(group) if shown else None
    marker = "o" if len(epochs) < 20 else ""
    mean = np.nanmean(known, axis=0)
    axes.plot(epochs, mean, color=color, label=label, linewidth=1.7, marker=marker, markersize=3)
    if len(histories) > 1 and shown:
        low, high = np.nanmin(known, axis=0), np.nanmax(known, axis=0)
        axes.fill_between(epochs, low, high, color=color, alpha=0.14, linewidth=0)


def _label(group: Group) -> str:
    return inert(", ".join(map(value_text, group.values.values())) or "all", _LONGEST)


def _parameters(sweep: Sweep) -> Any:
    """What the objective came to at each value of each parameter."""
    paths = [path for path in sweep.variables if path != SEED] or list(sweep.variables)
    columns = min(MOST_COLUMNS, len(paths))
    rows = -(-len(paths) // columns)
    title = f"{inert(sweep.name)}: {inert(sweep.objective.metric)} by parameter"
    made, grid = figures.panels(title, rows, columns, 3.2, 2.6)
    for axes in grid[len(paths) :]:
        axes.set_axis_off()
    placed = [trial for group in ranked(sweep) for trial in group.trials]
    pruned = [trial for trial in unranked(sweep) if trial.outcome == "pruned"]
    for axes, path in zip(grid, paths, strict=False):
        _points(axes, sweep, path, placed, pruned)
    for axes in grid[::columns]:
        axes.set_ylabel(inert(sweep.objective.metric, 40))
    figures.legend(made, grid[:1])
    return made


def _points(axes: "Axes", sweep: Sweep, path: str, placed: Sequence[Trial], pruned: Sequence[Trial]) -> None:
    axes.set_title(inert(short_names(sweep.variables)[path], 40), loc="left")
    scale = _Scale(axes, sweep, path, [*placed, *pruned])
    if pruned:
        last = [_last(sweep, trial) for trial in pruned]
        axes.scatter(
            scale.places(pruned), last, s=26, facecolors="none", edgecolors=figures.QUIET, label="pruned"
        )
    values = [trial.value or 0.0 for trial in placed]
    axes.scatter(scale.places(placed), values, s=26, color=figures.ACCENT, alpha=0.75, label="trial")
    if sweep.best is not None:
        best = scale.places([sweep.best])
        axes.scatter(
            best, [sweep.best.value or 0.0], s=110, marker="*", color=figures.SECOND, label="best", zorder=3
        )
    figures.tidy(axes)


def _last(sweep: Sweep, trial: Trial) -> float:
    """What a pruned trial had come to."""
    run = trial.run()
    return (run.history.get(sweep.objective.metric, [np.nan]) if run else [np.nan])[-1]


class _Scale:
    """Where the values of a parameter lie on an axis: numbers by what they are, all else side by side."""

    def __init__(self, axes: "Axes", sweep: Sweep, path: str, trials: Sequence[Trial]) -> None:
        self._path = path
        values = [trial.values.get(path) for trial in trials]
        numbers = [one for one in values if isinstance(one, (int, float)) and not isinstance(one, bool)]
        written = sweep.variables.get(path, [])
        ranged = len(written) == 1 and isinstance(written[0], str) and ".." in written[0]
        self._named = None if ranged and len(numbers) == len(values) else [*map(value_text, written)]
        if self._named is None:
            if str(written[0]).startswith("log:"):
                axes.set_xscale("log")
                axes.xaxis.set_major_formatter(lambda place, _: f"{place:g}")
                axes.xaxis.set_minor_formatter(lambda place, _: "")
            return
        axes.set_xticks(range(len(self._named)), [inert(one, 16) for one in self._named])
        axes.set_xlim(-0.6, len(self._named) - 0.4)

    def places(self, trials: Sequence[Trial]) -> list[float]:
        values = [trial.values.get(self._path) for trial in trials]
        if self._named is None:
            return [float(one) for one in values if isinstance(one, (int, float))]
        # Side by side by their numbers: equal values would lie on one another.
        return [
            (self._named.index(text) if (text := value_text(one)) in self._named else -0.5)
            + ((trial.number * 0.618) % 1 - 0.5) * 0.3
            for one, trial in zip(values, trials, strict=True)
        ]
