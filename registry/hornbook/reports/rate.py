"""The learning rate as it was in each epoch, over the curve that was planned: `learning_rate.png`."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from hornbook.reports.report import Report, Source, Told
from hornbook.reports.store import Data
from hornbook.reports.text import inert
from hornbook.runner import figures

if TYPE_CHECKING:
    from hornbook.reports.scene import Scene

MOST_POINTS = 300


def gather(scene: "Scene") -> Data | None:
    """The planned curve; none where the optimizer has no learning rate."""
    from hornbook.runner.preview import learning_rate

    curve = learning_rate(scene.session.recipe, scene.session.prepared.facts, MOST_POINTS)
    if curve is None:
        return None
    return {
        "steps": curve.steps,
        "rates": curve.rates,
        "steps_per_epoch": curve.steps_per_epoch,
        "optimizer": curve.optimizer,
        "scheduler": curve.scheduler,
    }


def draw(told: Told) -> Any:
    """The rate over the epochs."""
    record, plan = told.record, told.data("rate")
    rates = np.array(record.history.get("learning_rate", ()), "float64")
    if not len(rates):
        return None
    made, (axes,) = figures.panels(f"{inert(record.name, 40)}: {_how(plan)}", 1, 1, 7.05, 2.7)
    scheduled = plan is not None and plan["scheduler"] is not None
    epochs = np.arange(1, len(rates) + 1)
    if plan is not None and not scheduled:
        epochs, rates = np.append(0, epochs), np.append(plan["rates"][0], rates)
    planned = np.zeros(1)
    if plan is not None:
        planned = plan["steps"] / int(plan["steps_per_epoch"])
        axes.plot(planned, plan["rates"], color=figures.QUIET, linewidth=1.2, linestyle="--", label="planned")
    # Without a schedule the rate stays what it was until a callback changes it, at the end of an epoch.
    axes.plot(
        epochs,
        rates,
        color=figures.ACCENT,
        linewidth=1.8,
        linestyle="none" if scheduled else "-",
        marker="o",
        markersize=4 if len(rates) < 60 else 2,
        drawstyle="steps-post",
        label="as it was after each epoch",
    )
    known = rates[np.isfinite(rates)]
    if len(known) and known.min() > 0 and known.max() > 500 * known.min() and not scheduled:
        axes.set_yscale("log")
    else:
        axes.set_ylim(0, 1.12 * max(known.max(initial=0), plan["rates"].max() if plan else 0) or 1)
    axes.set_xlim(0, max(epochs[-1], float(planned[-1])) * 1.01)
    axes.xaxis.set_major_locator(figures.whole_numbers())
    axes.set_xlabel("epoch")
    axes.set_title("learning rate", loc="left")
    figures.tidy(axes)
    figures.legend(made, [axes])
    return made


def shows(told: Told) -> Any:
    """All that the picture shows."""
    plan = told.data("rate") or {}
    shown = {key: getattr(value, "tolist", lambda value=value: value)() for key, value in plan.items()}
    return [told.record.name, told.record.history.get("learning_rate"), shown]


def _how(plan: Mapping[str, Any] | None) -> str:
    if plan is None:
        return "learning rate"
    names = (plan["optimizer"], plan["scheduler"] or "constant")
    return ", ".join(inert(name.rpartition("/")[2]) for name in names)


SOURCES = (Source("rate", "begun", gather),)
REPORTS = (Report("learning_rate.png", "Learning rate", "image", ("rate",), draw, True, shows),)
