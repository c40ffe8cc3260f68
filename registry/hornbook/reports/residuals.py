"""Predicted numbers against true ones, and how far they are off: `residuals.png`."""

from typing import TYPE_CHECKING, Any

import numpy as np

from hornbook.reports.report import Report, Source, Told
from hornbook.reports.store import Data
from hornbook.reports.text import inert, number, of_examples
from hornbook.runner import figures

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from hornbook.reports.scene import Scene

MOST_TARGETS = 3


def gather(scene: "Scene") -> Data | None:
    """True and predicted numbers."""
    if scene.session.prepared.labels != "real" or scene.session.prepared.dataset.task != "regression":
        return None
    answers = scene.answers
    if answers is None:
        return None
    true = np.asarray(answers.labels, "float32").reshape(len(answers.labels), -1)
    if true.shape != answers.outputs.shape:
        return None
    shown = slice(0, MOST_TARGETS)
    return {
        "true": true[:, shown],
        "predicted": answers.outputs[:, shown],
        "targets": true.shape[1],
        "recipe": scene.session.recipe.name,
        **answers.described,
    }


def draw(told: Told) -> Any:
    """A row for each target: predicted against true, and the histogram of the residuals."""
    data = told.data("residuals")
    if data is None:
        return None
    true, predicted = data["true"].astype("float64"), data["predicted"].astype("float64")
    rows = true.shape[1]
    more = f", {rows} of {int(data['targets'])} targets" if int(data["targets"]) > rows else ""
    made, grid = figures.panels(f"{inert(data['recipe'], 40)}: residuals", rows, 2, 3.6, 3.6)
    figures.titled(made, "", f"{of_examples(data)}{more}")
    for target, (against, spread) in enumerate(zip(grid[::2], grid[1::2], strict=True)):
        name = f"target {target + 1}" if int(data["targets"]) > 1 else ""
        _against(against, true[:, target], predicted[:, target], name)
        _spread(spread, predicted[:, target] - true[:, target], name)
    return made


def _against(axes: "Axes", true: np.ndarray, predicted: np.ndarray, name: str) -> None:
    least, greatest = min(true.min(), predicted.min()), max(true.max(), predicted.max())
    room = 0.04 * (greatest - least) or 1.0
    ends = (least - room, greatest + room)
    axes.plot(ends, ends, color=figures.QUIET, linewidth=1, linestyle="--", label="as it should be")
    many = len(true) > 1000
    axes.plot(
        true,
        predicted,
        "o",
        color=figures.ACCENT,
        alpha=0.25 if many else 0.6,
        markersize=3 if many else 4.5,
        markeredgewidth=0,
    )
    axes.set_xlim(*ends)
    axes.set_ylim(*ends)
    axes.set_aspect("equal")
    axes.set_xlabel(f"true {name}".rstrip())
    axes.set_ylabel(f"predicted {name}".rstrip())
    axes.legend(loc="upper left")
    figures.tidy(axes)
    figures.plain_ticks(axes.xaxis)


def _spread(axes: "Axes", residuals: np.ndarray, name: str) -> None:
    axes.hist(residuals, bins=_bins(len(residuals)), color=figures.ACCENT, alpha=0.75, edgecolor="white")
    axes.axvline(0, color=figures.QUIET, linewidth=1, linestyle="--")
    axes.axvline(residuals.mean(), color=figures.SECOND, linewidth=1.5)
    figures.tidy(axes)
    figures.plain_ticks(axes.xaxis)
    axes.grid(False, axis="x")
    axes.set_xlabel(f"predicted \N{MINUS SIGN} true {name}".rstrip())
    axes.set_ylabel("examples")
    mean, deviation, off = residuals.mean(), residuals.std(), np.abs(residuals).mean()
    axes.set_title(f"mean {number(mean)}, std {number(deviation)}, MAE {number(off)}", loc="left")


def _bins(examples: int) -> int:
    return int(np.clip(np.sqrt(examples) * 1.5, 8, 60))


SOURCES = (Source("residuals", "ended", gather),)
REPORTS = (Report("residuals.png", "Residuals", "image", ("residuals",), draw),)
