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
DRAWS = 2
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
    pictures = examples(session.recipe, session.prepared, session.augmentation, EXAMPLES, DRAWS)
    rows = [(pictures.before, pictures.labels), *zip(pictures.after, pictures.mixed, strict=True)]
    shown = {
        f"row{number}": thumbnails(images, pictures.value_range) for number, (images, _) in enumerate(rows)
    }
    captions = [list(labels) for _, labels in rows]
    done = list(pictures.augmenters)
    return {**shown, "captions": captions, "augmenters": done, "recipe": session.recipe.name}


def draw(told: Told) -> Any:
    """A row as it is, and rows as it is augmented in the first epochs."""
    data = told.data("augmented")
    if data is None:
        return None
    names = ["as it is", *(f"in epoch {number}" for number in range(1, len(data["captions"])))]
    rows = [
        (
            name,
            [Cell(*one) for one in zip(data[f"row{number}"], map(_caption, captions), strict=True)],
        )
        for number, (name, captions) in enumerate(zip(names, data["captions"], strict=True))
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
