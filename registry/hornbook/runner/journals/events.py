"""What a line of a journal must be to be believed: it may come from a store, or from anybody's disk."""

from collections.abc import Callable, Mapping
from typing import Any

from hornbook.tracker import Event

_GREATEST = 2**53
_END_OF_TIME = 253_370_764_800_000
"""The year 9999, in milliseconds; calendars know no more."""
_SPELT = ("nan", "inf", "-inf")
"""What stands for numbers that JSON has no word for."""


def is_sound(event: Event) -> bool:
    """Whether an event has the form of its type; of types that are not known here nothing is asked.

    Args:
        event: A line of a journal.

    Example:
        >>> is_sound({"event": "epoch", "epoch": 1, "metrics": {"loss": "nan"}})
        True
        >>> is_sound({"event": "epoch", "epoch": "first", "metrics": {}})
        False
    """
    kind = str(event.get("event"))
    complete = all(name in event for name in _NEEDED.get(kind, ()))
    fields = _FIELDS.get(kind, {})
    return complete and all(fits(event[name]) for name, fits in fields.items() if name in event)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _GREATEST


def _is_time(value: Any) -> bool:
    return _is_count(value) and value < _END_OF_TIME


def _is_number(value: Any) -> bool:
    if isinstance(value, str):
        return value in _SPELT
    return isinstance(value, float) or (isinstance(value, int) and abs(value) < _GREATEST)


def _are_metrics(value: Any) -> bool:
    return isinstance(value, Mapping) and all(map(_is_number, value.values()))


def _is_mapping(value: Any) -> bool:
    return isinstance(value, Mapping)


def _is_mapping_or_nothing(value: Any) -> bool:
    return value is None or isinstance(value, Mapping)


def _are_lists(value: Any) -> bool:
    return isinstance(value, Mapping) and all(isinstance(one, list) for one in value.values())


def _is_text_or_nothing(value: Any) -> bool:
    return value is None or _is_text(value)


def _is_number_or_nothing(value: Any) -> bool:
    return value is None or _is_number(value)


_NEEDED: Mapping[str, tuple[str, ...]] = {
    "resumed": ("epochs",),
    "epoch": ("epoch", "metrics"),
    "ended": ("outcome", "metrics"),
    "sweep_started": ("name", "variables", "metric", "direction", "trials"),
    "sweep_resumed": ("trials",),
    "trial_started": ("trial", "run_id", "values"),
    "trial_ended": ("trial", "outcome", "value", "metrics", "seconds"),
    "sweep_ended": ("outcome", "seconds"),
}
_FIELDS: Mapping[str, Mapping[str, Callable[[Any], bool]]] = {
    "started": {
        "time": _is_time,
        "name": _is_text,
        "backend": _is_text,
        "epochs": _is_count,
        "parameters": _is_mapping,
        "data": _is_mapping,
        "plugins": _is_mapping,
        "tracking": _is_mapping_or_nothing,
        "expect": _is_mapping_or_nothing,
    },
    "resumed": {"time": _is_time, "epochs": _is_count},
    "epoch": {"time": _is_time, "epoch": _is_count, "metrics": _are_metrics},
    "ended": {"time": _is_time, "outcome": _is_text, "metrics": _are_metrics, "seconds": _is_number},
    "sweep_started": {
        "time": _is_time,
        "name": _is_text,
        "method": _is_text,
        "metric": _is_text,
        "direction": _is_text,
        "trials": _is_count,
        "variables": _are_lists,
        "tracking": _is_mapping_or_nothing,
    },
    "sweep_resumed": {"time": _is_time, "trials": _is_count},
    "trial_started": {
        "time": _is_time,
        "trial": _is_count,
        "run_id": _is_text_or_nothing,
        "values": _is_mapping,
    },
    "trial_ended": {
        "time": _is_time,
        "trial": _is_count,
        "outcome": _is_text,
        "value": _is_number_or_nothing,
        "metrics": _are_metrics,
        "seconds": _is_number,
    },
    "sweep_ended": {"time": _is_time, "outcome": _is_text, "seconds": _is_number},
}
