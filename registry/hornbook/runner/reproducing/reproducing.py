"""Reproducing a run: the same recipe and seed once more, as a run of its own, and how far the two agree."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from hornbook.catalog import Catalog
from hornbook.runner.journals.folder import RunFolder
from hornbook.runner.reproducing.comparison import TOLERANCE, Verdict
from hornbook.runner.reproducing.originals import COMPLETE, Original
from hornbook.runner.reproducing.reproduction import Comparison, compare, found_changes, keep, other_data
from hornbook.runner.run import Options, Run, carry_out
from hornbook.tracker import Event

if TYPE_CHECKING:
    from hornbook.runner.session import Result


@dataclass(frozen=True, slots=True)
class Reproduction:
    """A run, carried out once more.

    Args:
        run: The new run.
        original: The one that it reproduces.
        comparison: How far they agree, and on what.
    """

    run: Run
    original: Original
    comparison: Comparison

    @property
    def verdict(self) -> Verdict:
        """How far they agree: `identical`, `within tolerance` or `different`."""
        return self.comparison.verdict


def reproduce(
    original: Original, catalog: Catalog, options: Options, tolerance: float = TOLERANCE
) -> Reproduction:
    """Carry a run out once more, and compare.

    A run that came to its end and was then given more epochs is taken through each of its ends.

    Args:
        original: The run.
        catalog: The components there are.
        options: How the new run is carried out.
        tolerance: The share of a value by which it may differ.

    Returns:
        The new run, and how far it agrees.

    Raises:
        HornbookError: When it cannot begin.
    """
    from hornbook.runner.resuming import resume

    found: list[Comparison] = []

    def listen(event: Event) -> None:
        if event["event"] == "started":
            _tell(original, RunFolder(options.runs.absolute() / event["run_id"]), event, catalog, options)
        options.listener(event)

    def conclude(folder: RunFolder, result: "Result") -> Mapping[str, Any]:
        found[:] = [compare(original, folder, result, catalog, tolerance)]
        with suppress(OSError):  # the disk may be full; the verdict is told all the same
            keep(found[0], folder)
        return {"reproduction": {"run_id": original.id, "verdict": found[0].verdict, "tolerance": tolerance}}

    linked = replace(
        options,
        listener=listen,
        conclusion=conclude,
        beginning={**options.beginning, "reproduces": {"run_id": original.id}},
        wanted=_of_training(original),
    )
    first, *later = original.lengths
    run = carry_out(original.recipe, catalog, replace(linked, epochs=first))
    for epochs in later:
        if run.outcome not in COMPLETE:
            break
        run = resume(run.folder, catalog, linked, epochs)
    return Reproduction(run, original, found[0])


def _of_training(original: Original) -> str | None:
    """A metric of the training split among the final ones: a sweep may have asked for it, and the recipe not."""
    names = original.record.metrics if original.record.outcome in COMPLETE else ()
    return next((name for name in names if not name.startswith(("val_", "test_"))), None)


def _tell(original: Original, folder: RunFolder, started: Event, catalog: Catalog, options: Options) -> None:
    """Say at once what makes another result likely: training may take hours."""
    if data := other_data(original, started):
        options.warn(data)
    for change in found_changes(original, folder, catalog):
        if change.matters:
            options.warn(str(change))
