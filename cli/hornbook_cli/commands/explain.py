"""`hornbook explain`: what the code of a problem means, and how to mend it."""

import textwrap
from collections.abc import Iterator

import click
from click.shell_completion import CompletionItem

from hornbook.codes import Page, chapters, pages
from hornbook.names import did_you_mean
from hornbook.problem import HornbookError, Problem
from hornbook_cli.exemplified import Exemplified
from hornbook_cli.options import json_option
from hornbook_cli.table import table
from hornbook_cli.terminal import out, styled, width
from hornbook_cli.writing import print_json

COLORS = {"error": "red", "warning": "yellow", "note": "cyan"}


class Code(click.ParamType[str]):
    """The code of a problem."""

    name = "code"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """The codes there are."""
        begun = incomplete.upper()
        return [
            CompletionItem(code, help=page.title) for code, page in pages().items() if code.startswith(begun)
        ]


@click.command(
    "explain",
    cls=Exemplified,
    examples=["hornbook explain", "hornbook explain HB702", "hornbook explain 702"],
)
@click.argument("code", required=False, type=Code())
@json_option
def command(code: str | None, as_json: bool) -> None:
    """Explain the code of a problem: what is wrong, why it matters, and how to mend it.

    Without CODE, list all of them.
    """
    if code is None:
        _list(as_json)
        return
    page = _page(code)
    if as_json:
        print_json(_data(page))
        return
    severity = styled(page.severity, fg=COLORS[page.severity])
    out(f"{styled(page.code, bold=True)}  {severity}  {styled(page.title, bold=True)}\n")
    for line in _laid_out(page.text):
        out(line)


def _laid_out(text: str) -> Iterator[str]:
    """Markdown for a terminal: paragraphs fitted to it, examples moved in."""
    within = False
    for line in text.splitlines():
        if line.startswith("```"):
            within = not within
        elif within:
            yield f"    {line}"
        else:
            yield from textwrap.wrap(line.replace("**", ""), width() or 100) or [""]


def _list(as_json: bool) -> None:
    if as_json:
        print_json({"codes": [_data(page) for page in pages().values()]})
        return
    for number, chapter in enumerate(chapters()):
        out(("\n" if number else "") + styled(chapter.title, bold=True))
        rows = [(page.code, page.severity, page.title) for page in chapter.pages]
        for line in table(rows, width(), indent=2):
            out(line)


def _page(code: str) -> Page:
    asked = code.strip().upper()
    asked = f"HB{asked}" if asked.isdecimal() else asked
    page = pages().get(asked)
    if page is None:
        hint = did_you_mean(asked, list(pages()), "`hornbook explain` lists the codes")
        raise HornbookError(Problem(code="HB012", message=f"there is no code {code!r}", hint=hint))
    return page


def _data(page: Page) -> dict[str, object]:
    return {"code": page.code, "severity": page.severity, "title": page.title, "text": page.text}
