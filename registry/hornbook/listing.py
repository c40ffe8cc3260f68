"""Lists that people look at: a table in a notebook, a short one in a terminal."""

from collections.abc import Iterable, Mapping
from typing import ClassVar, TypeVar

from hornbook.catalog import Entry
from hornbook.discovery.plugin import Plugin

Row = TypeVar("Row")
_MOST_LINES = 20
_LONGEST = 60


class Listing(list[Row]):
    """A list that shows itself as a table; in all else it is a list.

    Args:
        rows: What is listed.
    """

    columns: ClassVar[Mapping[str, str]]
    """What stands in each column: its title, and the attribute of a row, with dots for those within."""

    def __init__(self, rows: Iterable[Row] = ()) -> None:
        super().__init__(rows)

    def __repr__(self) -> str:
        cells = [[*self.columns], *(self._cells(row) for row in self[:_MOST_LINES])]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        lines = [
            "  ".join(one.ljust(wide) for one, wide in zip(row, widths, strict=True)).rstrip()
            for row in cells
        ]
        more = len(self) - _MOST_LINES
        return "\n".join([*lines, f"… and {more:,} more"] if more > 0 else lines)

    def _repr_html_(self) -> str:
        """The whole table, for notebooks; nothing that a plugin says of itself is taken for HTML."""
        from html import escape

        head = "".join(f"<th>{escape(title)}</th>" for title in self.columns)
        rows = (
            "".join(f"<td style='text-align: left'>{escape(cell)}</td>" for cell in self._cells(row, 500))
            for row in self
        )
        body = "".join(f"<tr>{row}</tr>" for row in rows)
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"

    def _cells(self, row: Row, longest: int = _LONGEST) -> list[str]:
        return [_shown(row, path, longest) for path in self.columns.values()]


class Components(Listing[Entry]):
    """Components, as `hornbook.components` gives them."""

    columns: ClassVar[Mapping[str, str]] = {
        "kind": "kind",
        "name": "full_name",
        "summary": "component.summary",
        "distribution": "distribution",
        "version": "version",
    }


class Plugins(Listing[Plugin]):
    """Plugins, as `hornbook.plugins` gives them."""

    columns: ClassVar[Mapping[str, str]] = {
        "plugin": "name",
        "state": "state",
        "distribution": "distribution",
        "version": "version",
        "components": "components",
        "cause": "cause",
    }


def _shown(row: object, path: str, longest: int) -> str:
    value = row
    for attribute in path.split("."):
        value = getattr(value, attribute)
    return shown(str(len(value) if isinstance(value, tuple) else value), longest)


def shown(text: str, longest: int = _LONGEST) -> str:
    """A text as a cell has it: on one line, nothing in it that would steer a terminal, not too long."""
    plain = "".join(one if one.isprintable() else " " for one in text)
    return plain if len(plain) <= longest else plain[: longest - 1] + "…"
