"""Inputs before and after augmentation, as training begins with them: `augmented.png`."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from hornbook.reports.report import Report, Source, Told
from hornbook.reports.store import Data
from hornbook.reports.text import inert
from hornbook.reports.thumbnails import thumbnails
from hornbook.runner.image_grid import Cell, grid

if TYPE_CHECKING:
    from hornbook.reports.scene import Scene

EXAMPLES = 10
_CAPTION = 16
"""Characters of a line below an image."""


def gather(scene: "Scene") -> Data | None:
    """The first examples of the first batch; none where there are no images, or no augmenters."""
    from hornbook.runner.preview import examples

    session = scene.session
    inputs = session.prepared.splits["train"].inputs
    if session.augmentation is None or isinstance(inputs, Mapping):
        return None
    if session.prepared.dataset.modality != "images" or len(inputs.shape) != 4:
        return None
    pictures = examples(session.recipe, session.prepared, session.augmentation, EXAMPLES, draws=1)
    (after,), (mixed,) = pictures.after, pictures.mixed
    return {
        "before": thumbnails(pictures.before, pictures.value_range),
        "after": thumbnails(after, pictures.value_range),
        "labels": list(pictures.labels),
        "mixed": list(mixed),
        "augmenters": list(pictures.augmenters),
        "recipe": session.recipe.name,
    }


def draw(told: Told) -> Any:
    """The examples as they are, and below each what the training begins with."""
    data = told.data("augmented")
    if data is None:
        return None
    rows = [
        (name, [Cell(image, _caption(label)) for image, label in zip(images, labels, strict=True)])
        for name, images, labels in (
            ("as it is", data["before"], data["labels"]),
            ("in epoch 1", data["after"], data["mixed"]),
        )
    ]
    done = ", then ".join(inert(name) for name in data["augmenters"])
    note = "the first examples of the first batch, and what becomes of them"
    return grid(f"{inert(data['recipe'], 40)}: {inert(done, 80)}", rows, note)


def _caption(label: str) -> str:
    """A label in words, each class of a mixed one on a line of its own, its share always to be seen."""
    lines = []
    for part in label.split(", ")[:3]:
        name, colon, share = part.rpartition(": ")
        lines.append(f"{inert(name, _CAPTION - 5)}: {inert(share, 4)}" if colon else inert(share, _CAPTION))
    return "\n".join(lines)


SOURCES = (Source("augmented", "begun", gather),)
REPORTS = (Report("augmented.png", "Inputs before and after augmentation", "image", ("augmented",), draw),)
