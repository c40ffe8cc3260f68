"""Layers that adapt to data, such as normalization: adapted on the training split, before the model is built."""

from typing import Any

import numpy as np

from hornbook.dataset import Split
from hornbook.problem import HornbookError, Problem
from hornbook.recipes.use import Use
from hornbook.runner.data.rows import take


class Adapter:
    """Watches layers being made, and adapts those that can be.

    A layer within a list of layers is adapted on what the layers before it make of the data.

    Args:
        train: The training split.
    """

    def __init__(self, train: Split) -> None:
        self.train = train
        self._before: dict[str, list[Any]] = {}

    def __call__(self, use: Use, made: Any) -> None:
        """Take note of a component that was made, and adapt it if it is such a layer."""
        if use.entry.kind != "layer":
            return
        parent, _, last = use.path.rpartition(".")
        siblings = self._before.setdefault(parent, []) if last.isdecimal() else []
        if callable(getattr(made, "adapt", None)) and not _told(use):
            self._adapt(use, made, siblings)
        siblings.append(made)

    def _adapt(self, use: Use, layer: Any, siblings: list[Any]) -> None:
        if use.path.rpartition(".")[0].count(".") > 1:
            raise _refused(
                use, "what reaches it within another layer is not known", "give what it would learn"
            )
        try:
            layer.adapt(self._seen_by(use, siblings))
        except HornbookError:
            raise
        except Exception as error:
            raise _refused(use, " ".join(str(error).split())[:500], "") from error

    def _seen_by(self, use: Use, siblings: list[Any]) -> Any:
        inputs = take(self.train.inputs, np.arange(len(self.train)))
        if isinstance(inputs, dict):
            raise _refused(
                use, "it takes one array, and the data has several inputs", "give what it would learn"
            )
        seen: Any = inputs
        for layer in siblings:
            seen = layer(seen)
        return np.asarray(seen) if siblings else seen


def _refused(use: Use, why: str, hint: str) -> HornbookError:
    message = f"layer {use.entry.name!r} cannot be adapted to the data: {why}"
    return HornbookError(Problem(code="HB311", message=message, hint=hint, place=use.place, path=use.path))


def _told(use: Use) -> bool:
    """Whether the recipe gives what would be adapted."""
    given = use.parameters
    return any(given.get(name) is not None for name in ("mean", "vocabulary", "bin_boundaries"))
