"""Previews as PNG files, drawn with matplotlib, which is loaded when the first is drawn."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hornbook.problem import HornbookError, Problem
from hornbook.runner.preview import Curve, Pictures, Preview

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, ACCENT, PALE = "#24292f", "#0b6e99", "#d8dee4"
DOTS_PER_INCH = 150
SMALL = 8.5
"""Points of the letters under pictures."""


def draw(preview: Preview, folder: Path) -> list[Path]:
    """Draw a preview into a folder.

    Args:
        preview: What is drawn.
        folder: Where the files go; made if it is missing.

    Returns:
        The files, in the order in which to look at them.

    Raises:
        HornbookError: When matplotlib is not installed, or the files cannot be written.
    """
    figures = {}
    if preview.curve is not None:
        figures["learning-rate"] = _learning_rate(preview.name, preview.curve)
    if preview.pictures is not None:
        figures["examples"] = _examples(preview.name, preview.pictures)
    files = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, figure in figures.items():
            files.append(folder / f"{preview.name.replace('/', '-')}-{name}.png")
            figure.savefig(files[-1], dpi=DOTS_PER_INCH, facecolor="white", metadata={"Software": None})
    except OSError as error:
        message = f"the pictures cannot be written to {folder}: {error.strerror or error}"
        raise HornbookError(
            Problem(code="HB602", message=message, hint="name another folder with -o")
        ) from None
    return files


def _figure(width: float, height: float) -> "Figure":
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError:
        raise HornbookError(
            Problem(
                code="HB605",
                message="drawing needs matplotlib, which is not installed",
                hint="pip install matplotlib",
                unavailable=True,
            )
        ) from None
    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def _learning_rate(name: str, curve: Curve) -> "Figure":
    figure = _figure(8, 4)
    axes: Axes = figure.add_subplot()
    axes.fill_between(curve.steps, curve.rates, color=ACCENT, alpha=0.08, linewidth=0)
    axes.plot(curve.steps, curve.rates, color=ACCENT, linewidth=2)
    total = curve.steps_per_epoch * curve.epochs
    axes.set_xlim(0, total)
    axes.set_ylim(0, float(curve.rates.max()) * 1.15 or 1)
    axes.set_xlabel(f"step, {curve.steps_per_epoch:,} an epoch")
    axes.set_ylabel("learning rate")
    per_epoch: Any = curve.steps_per_epoch
    to_epochs, to_steps = (lambda step: step / per_epoch), (lambda epoch: epoch * per_epoch)
    epochs = axes.secondary_xaxis("top", functions=(to_epochs, to_steps))
    epochs.set_xlabel("epoch")
    epochs.xaxis.set_major_locator(_whole_numbers())
    for axis in (axes, epochs):
        axis.xaxis.label.set_color(INK)
        axis.yaxis.label.set_color(INK)
        axis.tick_params(colors=INK, labelsize=SMALL + 0.5)
    axes.grid(color=PALE, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    for point in _telling(curve.rates):
        _mark(axes, curve, point)
    how = curve.scheduler or "constant"
    figure.suptitle(f"{name}: {curve.optimizer}, {how}", color=INK, fontsize=12, fontweight="bold")
    if curve.changed_by:
        told = f"{', '.join(curve.changed_by)} may change it, by what it sees in training"
        axes.text(0.99, 0.97, told, transform=axes.transAxes, ha="right", va="top", fontsize=SMALL, color=INK)
    return figure


def _whole_numbers() -> Any:
    from matplotlib.ticker import MaxNLocator

    return MaxNLocator(integer=True)


def _telling(rates: np.ndarray) -> list[int]:
    """The points worth a number: the first, the highest and the last, where they differ."""
    points = [0] if np.ptp(rates) == 0 else [0, int(rates.argmax()), len(rates) - 1]
    return sorted(set(points))


def _mark(axes: "Axes", curve: Curve, point: int) -> None:
    step, rate = curve.steps[point], curve.rates[point]
    share = step / max(1, curve.steps[-1])
    side = "left" if share < 0.1 else "right" if share > 0.9 else "center"
    axes.plot([step], [rate], "o", color=ACCENT, markersize=4, clip_on=False, zorder=3)
    axes.annotate(
        f"{rate:.3g}",
        (step, rate),
        xytext=({"left": 4, "center": 0, "right": -4}[side], 6),
        textcoords="offset points",
        ha=side,
        fontsize=SMALL + 0.5,
        color=INK,
        bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 1},
    )


def _examples(name: str, pictures: Pictures) -> "Figure":
    rows = [("as it is", pictures.before, pictures.labels)]
    rows += zip(("augmented", "a second time", "a third time"), pictures.after, pictures.mixed, strict=False)
    columns = len(pictures.before)
    figure = _figure(1.35 * columns + 0.9, 1.72 * len(rows) + 0.5)
    grid: Any = figure.subplots(len(rows), columns, squeeze=False)
    for line, (title, images, labels) in zip(grid, rows, strict=True):
        for axes, image, label in zip(line, images, labels, strict=True):
            _picture(axes, image, label, pictures.value_range)
        line[0].set_ylabel(
            title, color=INK, fontsize=SMALL + 1, rotation=0, ha="right", va="center", labelpad=8
        )
    done = ", then ".join(pictures.augmenters) or "not augmented"
    figure.suptitle(f"{name}: {done}", color=INK, fontsize=12, fontweight="bold")
    return figure


def _picture(axes: "Axes", image: np.ndarray, label: str, value_range: tuple[float, float]) -> None:
    least, greatest = value_range
    scaled = np.clip((image.astype("float32") - least) / ((greatest - least) or 1), 0, 1)
    channels = scaled.shape[-1]
    if channels in (3, 4):
        axes.imshow(scaled)
    else:  # one channel, or the first of as many as no picture has
        axes.imshow(scaled[..., 0], cmap="gray", vmin=0, vmax=1)
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_color(PALE)
    axes.set_xlabel(label.replace(", ", "\n"), color=INK, fontsize=SMALL, labelpad=3)
