"""Which classes a model takes for which: `confusion_matrix.png` and `classes.md`."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from hornbook.reports.report import Report, Source, Told
from hornbook.reports.store import Data
from hornbook.reports.text import NOTHING, escaped, inert, of_examples, table
from hornbook.runner import figures

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from hornbook.reports.scene import Scene

MOST_CLASSES = 200
"""Classes up to which a matrix can be read as a picture."""
_COUNTED = 40
"""Classes up to which there is room for a count in each cell."""
_SHARED = 10
"""Classes up to which there is room for a share below it."""
_NAME = 22
_CONFUSIONS = 10


def gather(scene: "Scene") -> Data | None:
    """How often each class was taken for each."""
    classes = scene.classes
    if classes is None or scene.answers is None:
        return None
    count = len(classes.names)
    cells = np.bincount(classes.true * count + classes.said, minlength=count * count)
    counts = cells.reshape(count, count).astype("int32")
    name = scene.session.recipe.name
    return {"counts": counts, "names": list(classes.names), "recipe": name, **scene.answers.described}


def draw(told: Told) -> Any:
    """The matrix: a row for each true class, a column for what the model says."""
    data = told.data("confusion")
    if data is None or len(data["names"]) > MOST_CLASSES:
        return None
    counts, names = data["counts"], [inert(name, _NAME) for name in data["names"]]
    size = len(names)
    shares = counts / np.maximum(1, counts.sum(1, keepdims=True))
    side = _side(size)
    letters = float(np.clip(72 * side / size * 0.72, 4, figures.SMALL + 0.5))
    names_wide = max(figures.width(name, letters) for name in names)
    upright = names_wide < 0.95 * side / size
    left, below = 0.5 + names_wide, 0.42 + (letters / 72 * 1.3 if upright else names_wide)
    title = f"{inert(data['recipe'], 40)}: confusion matrix"
    made = figures.figure(
        max(left + side + (1.0 if size > _SHARED else 0.3), figures.width(title, 14) + 0.4, 4.6),
        figures.HEAD + 0.1 + side + below,
    )
    width, height = made.get_size_inches()
    axes = made.add_axes((left / width, below / height, side / width, side / height))
    image = axes.imshow(shares, cmap=_colors(), norm=_norm(size), interpolation="nearest", aspect="equal")
    axes.set_axis_off()
    _name(made, names, side, (left, figures.HEAD + 0.1), letters, upright)
    edges, thickness = np.arange(size + 1) - 0.5, 0.8 if size <= _COUNTED else 0.3
    for lines in (axes.hlines, axes.vlines):
        lines(edges, -0.5, size - 0.5, colors=figures.PALE, linewidths=thickness)
    if size <= _COUNTED:
        _numbers(axes, counts, shares, letters)
    if size > _SHARED:
        tall = min(side, 4.0)
        _scale(
            made,
            image,
            ((left + side + 0.2) / width, (below + side - tall) / height, 0.14 / width, tall / height),
        )
    right = counts.trace() / max(1, counts.sum())
    figures.titled(made, title, f"{of_examples(data)}, {right:.1%} right")
    return made


def _name(
    made: Any, names: Sequence[str], side: float, corner: tuple[float, float], letters: float, upright: bool
) -> None:
    """Name rows and columns; for ticks, matplotlib would take several times as long.

    Args:
        made: The figure.
        names: The classes.
        side: Of the matrix, in inches.
        corner: The matrix' upper left corner, in inches from the figure's.
        letters: How large the names are, in points.
        upright: Whether the columns' names are read without turning one's head.
    """
    left, top = corner
    turned = 0 if upright else 90
    for number, name in enumerate(names):
        middle = side * (number + 0.5) / len(names)
        figures.write(made, name, left - 0.05, top + middle, letters, ha="right", va="center")
        figures.write(
            made, name, left + middle, top + side + 0.05, letters, ha="center", va="top", rotation=turned
        )
    label: Any = {"points": figures.SMALL + 1, "ha": "center", "va": "center"}
    figures.write(made, "true class", 0.25, top + side / 2, rotation=90, **label)
    figures.write(made, "predicted class", left + side / 2, made.get_size_inches()[1] - 0.18, **label)


def _scale(made: Any, image: Any, place: tuple[float, float, float, float]) -> None:
    """What the colours mean."""
    bar = made.colorbar(image, cax=made.add_axes(place), ticks=(0, 0.1, 0.25, 0.5, 0.75, 1))
    bar.ax.set_yticklabels(["0%", "10%", "25%", "50%", "75%", "100%"], fontsize=figures.SMALL)
    bar.outline.set_visible(False)
    bar.ax.tick_params(length=0)
    bar.set_label("share of the true class", fontsize=figures.SMALL)


def _side(classes: int) -> float:
    """Inches of the matrix."""
    return float(np.clip(0.55 * classes, 2.4, 5.5) if classes <= _SHARED else np.clip(0.3 * classes, 5.5, 22))


def _colors() -> Any:
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list(
        "shares", ["#ffffff", "#cfe3ee", "#5fa3c4", "#0b6e99", "#063f5c"]
    )


def _norm(classes: int) -> Any:
    """Shares to colours. Among many classes a mistake has a small share, and is to be seen all the same."""
    from matplotlib.colors import PowerNorm

    return PowerNorm(1.0 if classes <= _SHARED else 0.5, vmin=0, vmax=1)


def _numbers(axes: "Axes", counts: np.ndarray, shares: np.ndarray, letters: float) -> None:
    """The counts, and where there is room the shares."""
    roomy = len(counts) <= _SHARED
    for row, column in zip(*np.nonzero(counts), strict=True):
        share = shares[row, column]
        text = f"{counts[row, column]:,}"
        if roomy:
            text += f"\n{share:.0%}" if share >= 0.01 else "\n<1%"
        axes.text(
            column,
            row,
            text,
            ha="center",
            va="center",
            fontsize=letters if roomy else letters * 0.8,
            color="white" if share > (0.55 if roomy else 0.3) else figures.INK,
            linespacing=1.3,
        )


def page(told: Told) -> str | None:
    """Precision, recall and support of each class, and which classes are taken for which."""
    data = told.data("confusion")
    if data is None:
        return None
    counts, names = data["counts"].astype("int64"), data["names"]
    scores = per_class(counts)
    right = counts.trace() / max(1, counts.sum())
    lines = [f"# Classes: {escaped(data['recipe'])}", ""]
    lines += [f"**{right:.1%}** right, over {of_examples(data)}.", ""]
    header = ("class", "precision", "recall", "F1", "support")
    rows = [
        (escaped(name), *map(_share, score), f"{support:,}")
        for name, score, support in zip(names, scores, counts.sum(1), strict=True)
    ]
    means = [_mean(scores[:, column]) for column in range(3)]
    rows.append(("*mean of the classes*", *map(_share, means), f"{counts.sum():,}"))
    lines += table(header, rows, 4)
    lines += _confusions(counts, names)
    lines += [
        "",
        "Precision is the share of right answers among all that name the class, recall the share of the class "
        "that is found, F1 their harmonic mean, and support how many examples there are of it.",
    ]
    return "\n".join(lines) + "\n"


def per_class(counts: np.ndarray) -> np.ndarray:
    """Precision, recall and F1 of each class.

    Args:
        counts: How often the class of the row was taken for that of the column; shape `(classes, classes)`.

    Returns:
        Shape `(classes, 3)`; NaN where a class was never said, or never there.
    """
    hits = np.diagonal(counts).astype("float64")
    with np.errstate(invalid="ignore", divide="ignore"):
        precision = hits / counts.sum(0)
        recall = hits / counts.sum(1)
        harmonic = 2 * hits / (counts.sum(0) + counts.sum(1))
    return np.stack([precision, recall, harmonic], axis=1)


def _mean(values: np.ndarray) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else float("nan")


def _share(value: float) -> str:
    return f"{value:.3f}" if np.isfinite(value) else NOTHING


def _confusions(counts: np.ndarray, names: Sequence[str]) -> list[str]:
    """The mistakes that are made most often."""
    mistakes = counts.copy()
    np.fill_diagonal(mistakes, 0)
    order = np.argsort(-mistakes, axis=None, kind="stable")[:_CONFUSIONS]
    pairs = [divmod(int(place), len(names)) for place in order if mistakes.flat[place]]
    if not pairs:
        return []
    rows = [
        (
            escaped(names[row]),
            escaped(names[column]),
            f"{mistakes[row, column]:,}",
            _of(mistakes, counts, row, column),
        )
        for row, column in pairs
    ]
    header = ("true", "taken for", "times", "of the class")
    return ["", "## Most frequent mistakes", "", *table(header, rows, 2)]


def _of(mistakes: np.ndarray, counts: np.ndarray, row: int, column: int) -> str:
    return f"{mistakes[row, column] / counts[row].sum():.1%}"


SOURCES = (Source("confusion", "ended", gather),)
REPORTS = (
    Report("confusion_matrix.png", "Confusion matrix", "image", ("confusion",), draw),
    Report("classes.md", "Precision and recall of each class", "markdown", ("confusion",), page),
)
