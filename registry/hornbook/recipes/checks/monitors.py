"""What callbacks watch and expectations ask for, against the metrics and splits that there will be."""

from collections.abc import Iterator

from hornbook.discovery.plugin import OFFICIAL
from hornbook.names import did_you_mean
from hornbook.problem import Problem
from hornbook.recipes.checks.known import Known
from hornbook.recipes.naming import metric_name
from hornbook.recipes.paths import found
from hornbook.recipes.use import Use

SPLITS = {"val_": "validation", "test_": "test"}


def monitors(known: Known) -> Iterator[Problem]:
    """Find callbacks and expectations on metrics that will not be there.

    Args:
        known: The recipe, and what is known of its run.

    Yields:
        HB731 to HB733.
    """
    for callback in known.recipe.callbacks:
        yield from _monitor(callback, known)
    yield from _expectations(known)


def _monitor(callback: Use, known: Known) -> Iterator[Problem]:
    monitor = callback.parameters.get("monitor")
    if not isinstance(monitor, str):
        return
    names = ["loss", *map(metric_name, known.recipe.metrics)]
    there = [f"{prefix}{name}" for prefix in ("", "val_") for name in names]
    if monitor in there:
        if monitor.startswith("val_") and _without(known, "validation"):
            message = f"{callback.written!r} watches {monitor!r}, and there is no validation split"
            hint = "give `data` a share for it, such as `validation: 0.2`"
            yield known.problem("HB733", "error", message, hint, callback, "monitor")
    # A model from elsewhere may measure what no recipe names.
    elif known.recipe.model.entry.plugin in OFFICIAL and monitor != "learning_rate":
        message = f"{callback.written!r} watches {monitor!r}, and no metric has that name"
        hint = did_you_mean(monitor, there, f"there will be {', '.join(there)}")
        yield known.problem("HB731", "error", message, hint, callback, "monitor")


def _expectations(known: Known) -> Iterator[Problem]:
    for bound in known.recipe.expect:
        prefix = next((prefix for prefix in SPLITS if bound.metric.startswith(prefix)), None)
        if prefix is None or not _without(known, SPLITS[prefix]):
            continue
        path = f"expect.{bound.metric}"
        expectations = found(known.recipe.document, "expect")
        keys = getattr(expectations, "keys", {})
        yield Problem(
            code="HB732",
            message=f"nothing will be known of {bound.metric!r}: there is no {SPLITS[prefix]} split",
            hint=f"give `data` a share for it, such as `{SPLITS[prefix]}: 0.2`",
            place=keys.get(bound.metric),
            path=path,
        )


def _without(known: Known, split: str) -> bool:
    return known.splits is not None and split not in known.splits
