"""Aligned columns."""

import textwrap
from collections.abc import Iterator, Sequence

from hornbook_cli.inert import inert
from hornbook_cli.terminal import shortened, styled

_GAP = "  "


def table(
    rows: Sequence[Sequence[str]],
    columns: int | None,
    header: Sequence[str] = (),
    indent: int = 0,
    wrap: bool = False,
) -> Iterator[str]:
    """Lay rows out in columns as wide as what they hold; a column without content is left out.

    Args:
        rows: Cells, all rows of one length.
        columns: The terminal's width, to which the last column is fitted; none for no limit.
        header: What stands above the columns, if anything.
        indent: How far all lines are moved in.
        wrap: Whether a last cell that is too long goes on below rather than being cut.

    Yields:
        Lines, without trailing spaces.
    """
    cells = [[inert(cell) for cell in row] for row in rows]
    kept = [column for column in range(len(rows[0]) if rows else 0) if any(row[column] for row in cells)]
    cells = [[row[column] for column in kept] for row in cells]
    titles = [header[column] for column in kept] if header else []
    widths = [max(map(len, column)) for column in zip(*cells, *([titles] if titles else []), strict=True)]
    before = indent + sum(widths[:-1]) + len(_GAP) * (len(widths) - 1)
    room = None if columns is None else max(20, columns - before)
    if titles:
        yield styled(_line(titles, widths, indent), dim=True)
    for row in cells:
        first, *rest = textwrap.wrap(row[-1], room) or [""] if wrap and room else [shortened(row[-1], room)]
        yield _line([*row[:-1], first], widths, indent)
        yield from (" " * before + more for more in rest)


def _line(cells: Sequence[str], widths: Sequence[int], indent: int) -> str:
    padded = (cell.ljust(wide) for cell, wide in zip(cells, widths, strict=True))
    return (" " * indent + _GAP.join(padded)).rstrip()
