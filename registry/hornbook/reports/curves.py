"""Every metric after each epoch, on training and validation: `learning_curves.png`."""

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from hornbook.reports.report import Report, Source, Told
from hornbook.reports.store import Data
from hornbook.reports.text import inert, number
from hornbook.runner import figures

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from hornbook.reports.scene import Scene

MOST_PANELS = 12
COLUMNS = 3
_SIDES = (("train", "", figures.ACCENT, "-"), ("validation", "val_", figures.SECOND, "--"))
_WIDE_RANGE = 200.0
"""How many times the least value the greatest must be for a logarithmic scale."""


def gather(scene: "Scene") -> Data | None:
    """The epoch whose weights a callback put back at the end of the training."""
    for callback in scene.session.assembly.callbacks:
        kept = getattr(callback, "restore_best_weights", False) and getattr(callback, "best_weights", None)
        if kept is not None and kept is not False:
            return {"epoch": int(callback.best_epoch) + 1}
    return None


def draw(told: Told) -> Any:
    """One panel a metric, the loss first."""
    record = told.record
    history = {name: values for name, values in record.history.items() if name != "learning_rate"}
    names = sorted(
        dict.fromkeys(name.removeprefix("val_") for name in history), key=lambda name: name != "loss"
    )
    if not names:
        return None
    shown = names[:MOST_PANELS]
    columns = min(COLUMNS, len(shown))
    left_out = f", {len(shown)} of {len(names)} metrics" if len(names) > len(shown) else ""
    epochs = f"{record.epochs} epoch{'' if record.epochs == 1 else 's'}"
    title = f"{inert(record.name, 40)}: {epochs}{left_out}"
    made, grid = figures.panels(title, math.ceil(len(shown) / columns), columns, 3.9, 2.4)
    restored = told.data("restored")
    for axes in grid[len(shown) :]:
        axes.set_axis_off()
    for axes, name in zip(grid, shown, strict=False):
        _panel(axes, name, history)
        _expectations(axes, name, record.details.get("expect") or {})
        _events(axes, record.resumptions, restored)
    figures.legend(made, grid[: len(shown)])
    return made


def _panel(axes: "Axes", name: str, history: Mapping[str, Sequence[float]]) -> None:
    axes.set_title(inert(name, 40), loc="left")
    everything = []
    for label, prefix, color, dashes in _SIDES:
        values = np.array(history.get(prefix + name, ()), "float64")
        if not len(values):
            continue
        values[~np.isfinite(values)] = np.nan  # a gap
        marker = "o" if len(values) < 40 else ""
        axes.plot(
            np.arange(1, len(values) + 1),
            values,
            dashes,
            color=color,
            label=label,
            linewidth=1.8,
            marker=marker,
            markersize=3,
        )
        everything.append(values)
    known = np.concatenate(everything)
    known = known[np.isfinite(known)]
    if len(known) and known.min() > 0 and known.max() > _WIDE_RANGE * known.min():
        axes.set_yscale("log")
    axes.margins(x=0.03, y=0.12)
    axes.xaxis.set_major_locator(figures.whole_numbers())
    axes.set_xlabel("epoch")
    figures.tidy(axes)


def _expectations(axes: "Axes", name: str, expect: Mapping[str, Any]) -> None:
    """What the recipe expects of the metric at the end."""
    for label, prefix, color, _ in _SIDES:
        for bound, word in (("min", "at least"), ("max", "at most")):
            limit = (expect.get(prefix + name) or {}).get(bound)
            if limit is None:
                continue
            axes.axhline(float(limit), color=color, linewidth=1, linestyle=":")
            axes.annotate(
                f"{label} {word} {number(float(limit))}",
                (0.99, float(limit)),
                xycoords=("axes fraction", "data"),
                xytext=(0, -3 if bound == "min" else 3),
                textcoords="offset points",
                ha="right",
                va="top" if bound == "min" else "bottom",
                fontsize=figures.SMALL,
                color=color,
                bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 1},
            )


def _events(
    axes: "Axes", resumptions: Sequence[Mapping[str, Any]], restored: Mapping[str, Any] | None
) -> None:
    """Where the run was resumed, and the epoch of the weights that were saved."""
    for event in resumptions:
        begun = float(event.get("epoch", 0)) + 0.5
        axes.axvline(begun, color=figures.QUIET, linewidth=1, linestyle=(0, (1, 2)), label="resumed")
    if restored is not None:
        saved = int(restored["epoch"])
        axes.axvline(saved, color=figures.INK, linewidth=1.2, label=f"saved weights: epoch {saved}")


SOURCES = (Source("restored", "ended", gather),)
REPORTS = (Report("learning_curves.png", "Learning curves", "image", ("restored",), draw, from_journal=True),)
