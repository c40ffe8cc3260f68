"""The codes of problems, each with a page that explains it: what is wrong, why it matters, how to mend it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from hornbook.problem import Severity

FOLDER = Path(__file__).parent / "pages"


@dataclass(frozen=True, slots=True)
class Page:
    """What there is to say about a code.

    Args:
        code: Such as `"HB104"`; it never changes its meaning.
        severity: How severe such a problem mostly is.
        title: What is wrong, in a few words.
        text: The explanation, in Markdown: why it matters, how to mend it, an example of wrong and right.
    """

    code: str
    severity: Severity
    title: str
    text: str

    @property
    def chapter(self) -> str:
        """The first digit of the code, by which pages are gathered: `"1"` for `HB104`."""
        return self.code[2]

    def example(self, which: str) -> str:
        """The recipe lines under `Wrong:` or `Right:`; empty where there are none.

        Args:
            which: `"Wrong"` or `"Right"`.
        """
        found = re.search(rf"^{which}:\n+```yaml\n(.*?)^```", self.text, re.DOTALL | re.MULTILINE)
        return found[1] if found else ""


@dataclass(frozen=True, slots=True)
class Chapter:
    """Codes that have to do with each other.

    Args:
        title: Such as `"Text"`.
        introduction: What they have in common.
        pages: The pages, in the order of their codes.
    """

    title: str
    introduction: str
    pages: tuple[Page, ...]


@cache
def chapters() -> tuple[Chapter, ...]:
    """All chapters, in the order of their codes."""
    return tuple(_chapter(file.read_text("utf-8")) for file in sorted(FOLDER.glob("*.md")))


@cache
def pages() -> Mapping[str, Page]:
    """Every page, by its code."""
    return {page.code: page for chapter in chapters() for page in chapter.pages}


def document() -> str:
    """All pages as one Markdown document."""
    parts = ["# Problems and how to mend them", "`hornbook explain CODE` prints one of these pages."]
    for chapter in chapters():
        parts += [f"## {chapter.title}", chapter.introduction]
        parts += [f"### {page.code}: {page.title} ({page.severity})\n\n{page.text}" for page in chapter.pages]
    return "\n\n".join(parts) + "\n"


_HEADING = re.compile(r"^## (HB\d{3}) · (error|warning|note) · (.+)$", re.MULTILINE)


def _chapter(text: str) -> Chapter:
    beginning = _HEADING.search(text)
    title, _, introduction = text[: beginning.start() if beginning else len(text)].partition("\n")
    return Chapter(title.removeprefix("# ").strip(), introduction.strip(), tuple(_pages(text)))


def _pages(text: str) -> Iterator[Page]:
    headings = [*_HEADING.finditer(text)]
    ends = [heading.start() for heading in headings[1:]] + [len(text)]
    for heading, end in zip(headings, ends, strict=True):
        severity: Severity = heading[2]  # type: ignore[assignment]
        yield Page(heading[1], severity, heading[3].strip(), text[heading.end() : end].strip())
