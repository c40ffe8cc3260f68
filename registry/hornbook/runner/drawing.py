"""Previews as PNG files, drawn with matplotlib, which is loaded when the first is drawn."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hornbook.problem import HornbookError, Problem
from hornbook.runner.figures import (
    ACCENT,
    INK,
    SMALL,
    panels,
    save,
    scaled,
    style,
    tidy,
    whole_numbers,
)
from hornbook.runner.image_grid import Cell, grid
from hornbook.runner.preview import Curve, Pictures, Preview

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


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
    files = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with style():
            for name, made in _figures(preview):
                files.append(folder / f"{preview.name.replace('/', '-')}-{name}.png")
                save(made, files[-1])
    except OSError as error:
        message = f"the pictures cannot be written to {folder}: {error.strerror or error}"
        raise HornbookError(
            Problem(code="HB602", message=message, hint="name another folder with -o")
        ) from None
    return files


def _figures(preview: Preview) -> Iterator[tuple[str, "Figure"]]:
    if preview.curve is not None:
        yield "learning-rate", _learning_rate(preview.name, preview.curve)
    if preview.pictures is not None:
        yield "examples", _examples(preview.name, preview.pictures)


def _learning_rate(name: str, curve: Curve) -> "Figure":
    how = curve.scheduler or "constant"
    made, (axes,) = panels(f"{name}: {curve.optimizer}, {how}", 1, 1, 6.95, 2.43)
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
    epochs.xaxis.set_major_locator(whole_numbers())
    tidy(axes)
    for point in _telling(curve.rates):
        _mark(axes, curve, point)
    if curve.changed_by:
        told = f"{', '.join(curve.changed_by)} may change it, by what it sees in training"
        axes.text(0.99, 0.97, told, transform=axes.transAxes, ha="right", va="top", fontsize=SMALL, color=INK)
    return made


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
    cells = [
        (title, [Cell(*one) for one in zip(scaled(images, pictures.value_range), captions, strict=True)])
        for title, images, words in rows
        for captions in [[label.replace(", ", "\n") for label in words]]
    ]
    done = ", then ".join(pictures.augmenters) or "not augmented"
    return grid(f"{name}: {done}", cells)
