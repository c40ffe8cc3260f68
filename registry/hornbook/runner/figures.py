"""How Hornbook's pictures look: colours, letters, axes. Loads matplotlib when one is drawn."""

import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from hornbook.problem import HornbookError, Problem

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

INK, QUIET, PALE = "#24292f", "#6e7781", "#d8dee4"
ACCENT, SECOND = "#0b6e99", "#d55e00"
"""Blue and vermilion, which nobody takes for one another."""
DOTS_PER_INCH = 120
SMALL = 8.5
"""Points of small letters; titles have 12."""

HEAD = 0.72
"""Inches above everything, for the title and a line below it."""
_OTHER_SCRIPTS = ("Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans Arabic", "Noto Sans Devanagari")


@contextmanager
def style() -> Iterator[None]:
    """Draw in Hornbook's style while it is entered; whatever text there is is shown as it stands."""
    try:
        import matplotlib
        from matplotlib import font_manager
    except ImportError:  # who makes a figure is told
        yield
        return
    installed = {font.name for font in font_manager.fontManager.ttflist}
    settings = {
        "text.parse_math": False,  # a `$` is a `$`
        "text.usetex": False,
        "text.hinting": "none",  # at so many dots an inch it changes little, and is a tenth of the work
        "font.family": ["DejaVu Sans", *(name for name in _OTHER_SCRIPTS if name in installed)],
        "font.size": SMALL + 0.5,
        "text.color": INK,
        "axes.labelcolor": INK,
        "axes.labelsize": SMALL + 1,
        "axes.edgecolor": PALE,
        "axes.linewidth": 0.8,
        "axes.axisbelow": True,
        "axes.titlesize": SMALL + 1.5,
        "axes.titlecolor": INK,
        "axes.unicode_minus": True,
        "axes.formatter.use_mathtext": False,
        "grid.color": PALE,
        "grid.linewidth": 0.6,
        "xtick.color": INK,
        "ytick.color": INK,
        "legend.frameon": False,
        "legend.fontsize": SMALL + 0.5,
    }
    with matplotlib.rc_context(settings):
        yield


def figure(width: float, height: float) -> "Figure":
    """An empty figure, in inches; to be made and saved within `style`.

    Raises:
        HornbookError: When matplotlib is not installed.
    """
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError:
        raise HornbookError(
            Problem(
                code="HB605",
                message="drawing needs matplotlib, which is not installed",
                hint="pip install matplotlib",
                unavailable=True,
            )
        ) from None
    # Room for what stands around the axes is measured out by hand: for matplotlib to find it takes as long as
    # to draw it twice more.
    made = Figure(figsize=(width, height), dpi=DOTS_PER_INCH, facecolor="white")
    FigureCanvasAgg(made)
    return made


def width(text: str, points: float) -> float:
    """About how many inches a line of text is long."""
    letters = sum(1.6 if unicodedata.east_asian_width(one) in "WF" else 1.0 for one in text)
    return letters * 0.63 * points / 72


def panels(title: str, rows: int, columns: int, width: float, height: float) -> "tuple[Figure, list[Axes]]":
    """A figure of panels, each with room for its labels.

    Args:
        title: What stands above.
        rows: How many panels below one another.
        columns: How many beside one another.
        width: Of a panel's axes, in inches.
        height: Likewise.

    Returns:
        The figure, and the axes of the panels, row by row.
    """
    left, right, above, below = 0.85, 0.2, 0.3, 0.55
    whole = (columns * (width + left) + right, HEAD + rows * (height + above + below))
    made = figure(*whole)
    grid = made.subplots(rows, columns, squeeze=False)
    made.subplots_adjust(
        left=left / whole[0],
        right=1 - right / whole[0],
        top=1 - (HEAD + above) / whole[1],
        bottom=below / whole[1],
        wspace=left / width,
        hspace=(above + below) / height,
    )
    titled(made, title)
    return made, list(grid.ravel())


def write(made: "Figure", text: str, left: float, top: float, points: float, **how: Any) -> None:
    """Put a text where it is told in inches from the figure's upper left corner."""
    height = made.get_size_inches()[1]
    made.text(left, height - top, text, fontsize=points, transform=made.dpi_scale_trans, **how)


def titled(made: "Figure", title: str, note: str = "") -> None:
    """Set a figure's title, and a line below it, where `HEAD` inches are left for them."""
    write(made, title, 0.2, 0.3, 12, fontweight="bold", va="center")
    write(made, note, 0.2, 0.56, SMALL + 0.5, color=QUIET, va="center")


def legend(made: "Figure", axes: Sequence["Axes"]) -> None:
    """One legend for several axes, in the line below the title."""
    entries: dict[str, Any] = {}
    for one in axes:
        handles, labels = one.get_legend_handles_labels()
        entries |= dict(zip(labels, handles, strict=True))
    width, height = made.get_size_inches()
    made.legend(
        entries.values(),
        entries.keys(),
        loc="center left",
        bbox_to_anchor=(0.2 / width, 1 - 0.56 / height),
        ncols=len(entries),
        borderaxespad=0,
        borderpad=0,
        columnspacing=1.6,
    )


def save(made: "Figure", file: Path | IO[bytes]) -> None:
    """Save a figure as PNG.

    Raises:
        OSError: When it cannot be written.
    """
    from PIL import Image

    canvas: Any = made.canvas
    canvas.draw()
    drawn = canvas.buffer_rgba()
    # Nothing is transparent; and packed a little less tightly it takes half as long, for a tenth more bytes.
    picture = Image.frombuffer("RGBA", drawn.shape[1::-1], drawn).convert("RGB")
    picture.save(file, format="png", dpi=(DOTS_PER_INCH, DOTS_PER_INCH), compress_level=3)


def tidy(axes: "Axes") -> None:
    """Leave of an axes' frame what is needed to read it, with a few plain numbers on the left."""
    axes.grid(True)
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(length=3, color=PALE)
    if axes.get_yscale() == "linear":
        plain_ticks(axes.yaxis)


def plain_ticks(axis: "Axis") -> None:
    """A few ticks, each with its whole number; a factor for all of them would stand where a title is."""
    from matplotlib.ticker import MaxNLocator

    axis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter("{x:.4g}")


def whole_numbers() -> Any:
    """Ticks at whole numbers."""
    from matplotlib.ticker import MaxNLocator

    return MaxNLocator(nbins=9, integer=True, min_n_ticks=1, steps=[1, 2, 5, 10])


def scaled(images: np.ndarray, value_range: tuple[float, float]) -> np.ndarray:
    """Pixels as they are to be shown, from 0 to 1.

    Args:
        images: Of any type.
        value_range: The least and the greatest value that they can take.

    Returns:
        Float32 of the same shape.
    """
    least, greatest = value_range
    return np.clip((images.astype("float32") - least) / ((greatest - least) or 1), 0, 1)
