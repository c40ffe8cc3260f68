"""Rows of images with captions: the examples that a model is most wrong about, inputs before and after augmentation."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from hornbook.runner.figures import (
    DOTS_PER_INCH,
    HEAD,
    INK,
    PALE,
    SECOND,
    SMALL,
    figure,
    titled,
    width,
    write,
)

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.figure import Figure
    from PIL.Image import Image

_CELL, _LINE, _GAP = 1.2, 0.155, 0.12
"""Inches: the side of an image, a line of its caption, and the room between two."""
_FEW_PIXELS = 64
"""An image so high shows its pixels; a larger one is smoothed."""


@dataclass(frozen=True, slots=True)
class Cell:
    """An image in a grid.

    Args:
        image: Shape `(height, width, channels)`, values from 0 to 1, or uint8.
        caption: A few lines below it.
        wrong: Whether the caption tells of a mistake.
    """

    image: np.ndarray
    caption: str = ""
    wrong: bool = False


def grid(title: str, rows: Sequence[tuple[str, Sequence[Cell]]], note: str = "") -> "Figure":
    """Rows of images with captions.

    Args:
        title: What stands above.
        rows: What each row is called, and its images; all of one shape.
        note: A line below the title.

    Returns:
        The figure, to be saved with `figures.save`: images lie in its own pixels, ready to be shown. For
        matplotlib to scale them takes several times as long.

    Raises:
        HornbookError: When matplotlib is not installed.
    """
    columns = max(len(cells) for _, cells in rows)
    high, wide = rows[0][1][0].image.shape[:2]
    tall = _CELL * min(1.0, high / wide)
    narrow = tall * wide / high
    left = 0.2 + max(width(name, SMALL + 1) + 0.12 if name else 0 for name, _ in rows)
    steps = [tall + _LINE * _lines(cells) + 1.5 * _GAP for _, cells in rows]
    head = HEAD if note else HEAD - 0.2
    across = max(left + columns * (_CELL + _GAP) + 0.1, width(title, 14) + 0.4, width(note, SMALL) + 0.4)
    down = head + sum(steps)
    made = figure(across, down)
    titled(made, title, note)
    placed: list[tuple[np.ndarray, float, float]] = []
    for number, (name, cells) in enumerate(rows):
        top = head + sum(steps[:number])
        write(made, name, left - 0.12, top + tall / 2, SMALL + 1, ha="right", va="center")
        for column, cell in enumerate(cells):
            middle = left + column * (_CELL + _GAP) + _CELL / 2
            color = SECOND if cell.wrong else INK
            write(made, cell.caption, middle, top + tall + 0.05, SMALL, ha="center", va="top", color=color)
            placed.append((cell.image, middle - narrow / 2, top))
    made.add_artist(_pasted_class()(_canvas((across, down), placed, (narrow, tall))))
    return made


def _lines(cells: Sequence[Cell]) -> int:
    return max(cell.caption.count("\n") + 1 if cell.caption else 0 for cell in cells)


def _canvas(
    inches: tuple[float, float],
    placed: Sequence[tuple[np.ndarray, float, float]],
    size: tuple[float, float],
) -> np.ndarray:
    """All images of a figure, framed, on white: uint8 of shape `(height, width, 4)`, in its pixels.

    Args:
        inches: The figure's width and height.
        placed: Each image, and the inches from the figure's left and upper edge to its own.
        size: The width and height of each image, in inches.
    """
    from PIL import Image, ImageDraw

    canvas = Image.new("RGBA", _pixels(inches), "white")
    pen = ImageDraw.Draw(canvas)
    wide, high = _pixels(size)
    for image, *corner in placed:
        shown = _image(image)
        smoothing = Image.Resampling.NEAREST if shown.height <= _FEW_PIXELS else Image.Resampling.LANCZOS
        shown = shown.resize((wide, high), smoothing)
        left, top = _pixels(corner)
        canvas.paste(shown, (left, top), shown if shown.mode == "RGBA" else None)
        pen.rectangle((left - 1, top - 1, left + wide, top + high), outline=PALE, width=2)
    return np.asarray(canvas)


@cache
def _pasted_class() -> "Callable[[np.ndarray], Artist]":
    """What puts pixels on a figure as they are, below all else; to make such a class takes matplotlib milliseconds."""
    from matplotlib.artist import Artist

    class Pasted(Artist):
        zorder = -1

        def __init__(self, canvas: np.ndarray) -> None:
            super().__init__()
            self._upwards = np.ascontiguousarray(canvas[::-1])  # as matplotlib draws

        def draw(self, renderer: Any) -> None:
            renderer.draw_image(renderer.new_gc(), 0, renderer.height - len(self._upwards), self._upwards)

    return Pasted


def _pixels(inches: Sequence[float]) -> tuple[int, int]:
    across, down = inches
    return max(1, round(across * DOTS_PER_INCH)), max(1, round(down * DOTS_PER_INCH))


def _image(image: np.ndarray) -> "Image":
    """An image as Pillow has it: three or four channels are colors, of others the first is shown."""
    from PIL import Image

    if image.dtype != np.uint8:
        image = (255 * np.clip(np.nan_to_num(image), 0, 1)).round().astype("uint8")
    return Image.fromarray(image if image.shape[-1] in (3, 4) else image[..., 0])
