"""Which part of a recipe an error came from, when Keras raises it while putting parts together."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from hornbook.recipes.use import Use

Made = dict[int, tuple[Use, Any]]
"""What was made for a component so far, by the identity of the object."""


@dataclass(frozen=True, slots=True)
class Culprit:
    """The part that could not do what was asked of it.

    Args:
        use: The part.
        shape: The shape of the input that it was given, where that is known.
    """

    use: Use
    shape: tuple[int | None, ...] | None = None


@contextmanager
def whole_tracebacks() -> Iterator[None]:
    """Keep Keras from taking its own frames out of tracebacks: they tell which layer was at work."""
    keras = sys.modules.get("keras")
    if keras is None or not keras.config.is_traceback_filtering_enabled():
        yield
        return
    keras.config.disable_traceback_filtering()
    try:
        yield
    finally:
        keras.config.enable_traceback_filtering()


def culprit(error: BaseException, made: Mapping[int, tuple[Use, Any]]) -> Culprit | None:
    """The innermost part of those made that was at work when an error was raised.

    Args:
        error: What was raised, with its whole traceback.
        made: The parts.

    Returns:
        The part; none where no part was at work.
    """
    found: Culprit | None = None
    for frame in _frames(error.__traceback__):
        part = frame.get("self")
        known = made.get(id(part))
        if known is None or known[1] is not part:
            continue
        same = found is not None and found.use is known[0]
        found = Culprit(known[0], found.shape if same and found and found.shape else _shape(frame))
    return found


def _frames(traceback: TracebackType | None) -> Iterator[Mapping[str, Any]]:
    while traceback is not None:
        yield traceback.tb_frame.f_locals
        traceback = traceback.tb_next


def _shape(frame: Mapping[str, Any]) -> tuple[int | None, ...] | None:
    """The shape of what a layer was called with."""
    given = frame.get("args")
    shape = getattr(given[0], "shape", None) if isinstance(given, (list, tuple)) and given else None
    return tuple(shape) if isinstance(shape, tuple) else None
