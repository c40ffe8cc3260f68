"""What came of a reproduction: the verdict, and everything that it rests on."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hornbook.catalog import Catalog
from hornbook.runner.journals.folder import RunFolder
from hornbook.runner.reproducing.comparison import Agreement, Verdict, of_ends, of_epochs, worst
from hornbook.runner.reproducing.originals import COMPLETE, Original
from hornbook.runner.surroundings import environment
from hornbook.runner.surroundings.changes import Change, changes
from hornbook.whole_file import write_json

if TYPE_CHECKING:
    from hornbook.runner.reproducing.weights import WeightAgreement
    from hornbook.runner.session import Result
    from hornbook.runner.training.divergence import Divergence

FILE = "reproduction.json"
"""The artifact that keeps it."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A run held against the one that it reproduces.

    Args:
        reproduces: The id of the run that is reproduced.
        verdict: How far they agree, taken together: `identical`, `within tolerance` or `different`.
        tolerance: The share of a value by which it may differ.
        metrics: How they agree on each metric: over the epochs, and at the end.
        weights: How the saved weights agree; none where one of the models is not at hand.
        changes: What the original ran on and is another now.
        remarks: What else is to be known, a sentence each.
    """

    reproduces: str
    verdict: Verdict
    tolerance: float
    metrics: tuple[Agreement, ...]
    weights: "WeightAgreement | None"
    changes: tuple[Change, ...]
    remarks: tuple[str, ...]


def compare(
    original: Original, folder: RunFolder, result: "Result", catalog: Catalog, tolerance: float
) -> Comparison:
    """Compare a run with the one that it reproduces.

    Args:
        original: The run that is reproduced.
        folder: The folder of the new one.
        result: What came of the new one.
        catalog: The components there are.
        tolerance: The share of a value by which it may differ.

    Returns:
        How they agree.
    """
    then = original.record
    metrics = of_epochs(then.history, result.history, tolerance)
    weights, unread = None, ""
    if original.is_complete and result.outcome in COMPLETE:
        metrics += of_ends(then.metrics, result.metrics, tolerance)
        weights, unread = _weights(original.folder.model, folder.model, tolerance)
    reasons = [*_reasons(original, folder, result)]
    together = result.outcome == original.record.outcome == "diverged"
    verdict = worst([one.verdict for one in metrics]) if metrics or not together else "identical"
    if weights is not None and weights.verdict != "identical":
        verdict = worst([verdict, "within tolerance"])
    return Comparison(
        reproduces=original.id,
        verdict="different" if reasons else verdict,
        tolerance=tolerance,
        metrics=metrics,
        weights=weights,
        changes=found_changes(original, folder, catalog),
        remarks=(*reasons, *_remarks(original, unread)),
    )


def found_changes(original: Original, folder: RunFolder, catalog: Catalog) -> tuple[Change, ...]:
    """What the original ran on and is another for the run that reproduces it."""
    now = environment.known(folder)
    bystanders = environment.bystanders(original.recipe, str(now.get("backend", "")), catalog)
    return changes(original.environment, now, bystanders)


def other_data(original: Original, started: Mapping[str, Any]) -> str:
    """That the data is another now, in words; empty where it is the same, or where that is not known.

    Args:
        original: The run that is reproduced.
        started: The event with which the new run started.
    """
    then, now = _digest(original.record.details), _digest(started)
    if not then or then == now:
        return ""
    return f"the data is another now ({now[:19]}… instead of {then[:19]}…), so the result cannot be the same"


def as_data(comparison: Comparison) -> dict[str, Any]:
    """A comparison as plain data, for programs; what is infinite is nothing there."""
    return {
        "reproduces": comparison.reproduces,
        "verdict": comparison.verdict,
        "tolerance": comparison.tolerance,
        "compared": [_finite(asdict(one)) for one in comparison.metrics],
        "weights": None if comparison.weights is None else _finite(asdict(comparison.weights)),
        "environment": [asdict(one) for one in comparison.changes],
        "remarks": list(comparison.remarks),
    }


def keep(comparison: Comparison, folder: RunFolder) -> None:
    """Write a comparison into the folder of the new run, from where trackers take it."""
    write_json(folder.artifacts / FILE, as_data(comparison))


def _reasons(original: Original, folder: RunFolder, result: "Result") -> Iterator[str]:
    """Why the two cannot be the same, whatever their metrics are."""
    if data := other_data(original, _started(folder)):
        yield data
    then, now = original.record.outcome, result.outcome
    if "diverged" in (then, now) and then != now:
        yield f"the original {_ended(then)}, and this run {_ended(now)}"
    elif result.divergence and original.diverged not in (None, _place(result.divergence)):
        yield f"the original diverged {_words(original.diverged)}, and this run {_words(_place(result.divergence))}"
    elif now in ("interrupted", "failed"):
        yield f"this run {_ended(now)} before it was where the original came to"


def _place(divergence: "Divergence") -> tuple[int, int]:
    return divergence.epoch, divergence.step


def _words(place: tuple[int, int] | None) -> str:
    return f"after step {place[1]} of epoch {place[0]}" if place else ""


def _remarks(original: Original, unread: str) -> Iterator[str]:
    if original.limits:
        yield original.limits
    if original.record.damage:
        yield f"the original's journal is damaged: {original.record.damage}"
    if not _digest(original.record.details):
        yield "whether the data is the same is not known"
    if not original.environment:
        yield "what the original ran on is not known"
    if unread:
        yield f"the weights were not compared: {unread}"


def _ended(outcome: str) -> str:
    words = {"interrupted": "was interrupted", "running": "has no end", "unmet": "finished"}
    return words.get(outcome, outcome)


def _started(folder: RunFolder) -> Mapping[str, Any]:
    from hornbook.runner.journals.record import record

    return record(folder).details


def _digest(started: Mapping[str, Any]) -> str:
    return str(started.get("data", {}).get("digest") or "")


def _weights(then: Path, now: Path, tolerance: float) -> "tuple[WeightAgreement | None, str]":
    if not then.is_file():
        return None, "the original's model is not at hand"
    from hornbook.runner.reproducing.weights import compare

    try:
        return compare(then, now, tolerance), ""
    except (OSError, ValueError, MemoryError) as error:
        return None, " ".join(str(error).split())[:300]


def _finite(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: None if isinstance(value, float) and not math.isfinite(value) else value
        for name, value in values.items()
    }
