"""How two runs agree, laid out for people."""

import math
from collections.abc import Iterator

from hornbook.runner.reproducing.comparison import Agreement
from hornbook.runner.reproducing.reproducing import Reproduction
from hornbook.runner.surroundings.changes import Change
from hornbook_cli.inert import inert
from hornbook_cli.table import table
from hornbook_cli.terminal import styled, width
from hornbook_cli.writing import count, number

_COLORS = {"identical": "green", "within tolerance": "yellow", "different": "red"}


def lines(done: Reproduction) -> Iterator[str]:
    """Lay a reproduction out: the verdict, each metric, the weights, and what is another now.

    Args:
        done: The reproduction.

    Yields:
        Lines.
    """
    comparison = done.comparison
    verdict = styled(comparison.verdict, fg=_COLORS[comparison.verdict], bold=True)
    yield f"{verdict}: {inert(done.run.id)} against {inert(comparison.reproduces)}{_meaning(done)}"
    for remark in comparison.remarks:
        yield f"  {inert(remark)}"
    yield ""
    heads = ("metric", "over", "then", "now", "largest difference", "")
    yield from table([_row(one) for one in comparison.metrics], width(), heads, indent=2)
    yield from _weights(done)
    if comparison.changes:
        yield ""
        yield "  another now:"
        yield from table(
            [_change(one) for one in comparison.changes], width(), ("", "then", "now", ""), indent=4
        )


def _meaning(done: Reproduction) -> str:
    comparison = done.comparison
    if comparison.verdict == "identical":
        return ", bit for bit"
    share = f"{100 * comparison.tolerance:g} %"
    if comparison.verdict == "within tolerance":
        return f", no value differs by more than {share} of it"
    return f"; values that differ by up to {share} would count as the same"


def _row(one: Agreement) -> tuple[str, ...]:
    epochs = f"{one.values} epochs" if one.values != 1 else "1 epoch"
    return (
        one.name,
        epochs if one.when == "epochs" else "the end",
        _value(one.then),
        _value(one.now),
        _difference(one),
        one.verdict,
    )


def _value(value: float | None) -> str:
    return "none" if value is None else number(value)


def _difference(one: Agreement) -> str:
    if one.largest == 0:
        return "none"
    where = f" in epoch {one.epoch}" if one.epoch else ""
    since = f", some from epoch {one.first} on" if one.first != one.epoch else ""
    return f"{_share(one.largest)}{where}{since}"


def _share(largest: float) -> str:
    return f"{100 * largest:.2g} %" if math.isfinite(largest) else "no counterpart"


def _weights(done: Reproduction) -> Iterator[str]:
    weights = done.comparison.weights
    if weights is None:
        return
    arrays = count(weights.arrays, "array")
    yield ""
    if weights.verdict == "identical":
        yield f"  the weights are identical, bit for bit ({arrays})"
        return
    differing = (
        f"{weights.differing} of {arrays} differ, by up to {_share(weights.largest)} of the largest weight"
    )
    yield f"  the weights are {styled(weights.verdict, fg=_COLORS[weights.verdict])}: {differing}"


def _change(one: Change) -> tuple[str, str, str, str]:
    return one.what, one.then, one.now, "may change the result" if one.matters else ""
