"""Augmenters against the data that they will change: its labels, its kind and its range of values."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeGuard

from hornbook.discovery.plugin import OFFICIAL
from hornbook.problem import Problem
from hornbook.recipes.checks.known import Known
from hornbook.recipes.use import Use

MODALITIES = frozenset({"images", "tokens", "features"})


def augmentation(known: Known) -> Iterator[Problem]:
    """Find augmenters that spoil the data or its labels, and a rescaling of what is scaled already.

    Args:
        known: The recipe, and what is known of its run.

    Yields:
        HB711 to HB715.
    """
    for outer in known.recipe.augment:
        for use in outer.within():
            if use.entry.kind == "augmenter":
                yield from _mixing(use, known)
                yield from _modality(use, known)
                yield from _range(use, known)
    for use in known.recipe.model.within():
        yield from _rescaling(use, known)


def _mixing(use: Use, known: Known) -> Iterator[Problem]:
    if "mixes_labels" not in use.entry.component.tags or known.labels not in ("integer", "signed"):
        return
    if known.labels == "integer":
        message = f"augmenter {use.written!r} mixes labels, and the loss takes class numbers"
        hint = "use a loss on one-hot labels, such as `categorical_crossentropy`"
        yield known.problem("HB711", "error", message, hint, use)
    else:
        message = f"augmenter {use.written!r} mixes labels, and the loss takes -1 and +1 alone"
        hint = "use `binary_crossentropy`, whose labels may lie between 0 and 1"
        yield known.problem("HB711", "warning", message, hint, use)


def _modality(use: Use, known: Known) -> Iterator[Problem]:
    tags, modality = use.entry.component.tags, known.data.get("modality")
    made_for = MODALITIES.intersection(tags)
    if modality in MODALITIES and made_for and modality not in made_for:
        message = f"augmenter {use.written!r} works on {' and '.join(sorted(made_for))}, not on {modality}"
        # What somebody else's tags mean is not for us to say.
        certain = use.entry.plugin in OFFICIAL
        hint = f"`hornbook search {modality}` finds what does"
        yield known.problem("HB713", "error" if certain else "warning", message, hint, use)
        return
    shape = known.data.get("shape")
    channels = shape[-1] if modality == "images" and isinstance(shape, list) and shape else None
    if "rgb" in tags and channels not in (None, 3):
        message = f"augmenter {use.written!r} works on red, green and blue, and the images have {channels}"
        message += " channel" if channels == 1 else " channels"
        yield known.problem("HB714", "error", message, "leave it out", use)


def _range(use: Use, known: Known) -> Iterator[Problem]:
    assumed, actual = use.parameters.get("value_range"), known.facts.get("data.value_range")
    if not (_is_range(assumed) and actual) or list(assumed) == list(actual):
        return
    message = (
        f"augmenter {use.written!r} takes values from {assumed[0]:g} to {assumed[1]:g}, "
        f"and the data's run from {actual[0]:g} to {actual[1]:g}"
    )
    hint = 'write value_range: "${data.value_range}"'
    if "value_range" in use.entry.component.provided:
        hint = "leave `value_range` out: the run gives the data's"
    yield known.problem("HB712", "warning", message, hint, use, "value_range")


def _rescaling(use: Use, known: Known) -> Iterator[Problem]:
    actual = known.facts.get("data.value_range")
    if not (use.entry.component.target == "keras.layers:Rescaling" and actual):
        return
    scale = use.parameters.get("scale")
    if isinstance(scale, (int, float)) and 0 < scale <= 1 / 127 and max(map(abs, actual)) <= 1:
        message = (
            f"the data's values run from {actual[0]:g} to {actual[1]:g} already, and this scales them again"
        )
        yield known.problem("HB715", "warning", message, "leave it out", use, "scale")


def _is_range(value: Any) -> TypeGuard[Sequence[float]]:
    number = (int, float)
    return (
        isinstance(value, (list, tuple)) and len(value) == 2 and all(isinstance(one, number) for one in value)
    )
