"""Every problem has a code, every code a page, and what a page shows as wrong and right is."""

import re
from importlib.util import find_spec
from pathlib import Path

import pytest

import hornbook
from hornbook.codes import chapters, pages
from hornbook.discovery.plugin import OFFICIAL

ROOT = Path(__file__).parents[2]
PACKAGES = ["hornbook", "hornbook_cli", *(f"hornbook_{name}" for name in sorted(OFFICIAL))]
BASE = {
    "recipe": "recipe: 1",
    "data": "data: {use: iris, validation: 0.2}",
    "model": "model: [{use: dense, units: 3, activation: softmax}]",
    "loss": "loss: categorical_crossentropy",
    "training": "training: {epochs: 10, batch_size: 16}",
}
EXAMPLES = [code for code, page in pages().items() if page.example("Wrong")]


def used():
    """Every code that the code base can report, with the module that does."""
    found = {}
    for package in PACKAGES:
        folder = Path(find_spec(package).origin).parent
        for file in sorted(folder.rglob("*.py")):
            for code in re.findall(r'"(HB\d{3})"', file.read_text("utf-8")):
                found.setdefault(code, file.relative_to(folder.parent))
    return found


def test_every_code_has_a_page_and_every_page_a_code():
    reported = used()
    assert {code: str(file) for code, file in reported.items() if code not in pages()} == {}
    assert [code for code in pages() if code not in reported] == []


def test_codes_are_in_order_and_in_their_chapter():
    every = [page.code for chapter in chapters() for page in chapter.pages]
    assert every == sorted(set(every))
    assert all(len({page.chapter for page in chapter.pages}) == 1 for chapter in chapters())
    assert all(chapter.title and chapter.introduction for chapter in chapters())


@pytest.mark.parametrize("code", pages())
def test_a_page_says_how_to_mend_it(code):
    page = pages()[code]
    assert "**Mend.**" in page.text
    assert page.title[0].islower() or page.title.startswith(("MLflow", "Keras"))
    assert bool(page.example("Wrong")) == bool(page.example("Right"))
    if code.startswith(("HB2", "HB7")) and page.code not in (
        "HB200",
        "HB202",
        "HB204",
        "HB205",
        "HB206",
        "HB207",
    ):
        assert page.example("Wrong")


def checked(lines, file):
    given = {line.partition(":")[0] for line in lines.splitlines()}
    text = "\n".join([*(line for key, line in BASE.items() if key not in given), lines])
    file.write_bytes(text.encode())
    try:
        return hornbook.read(file).warnings
    except hornbook.HornbookError as error:
        return error.problems


@pytest.mark.parametrize("code", EXAMPLES)
def test_the_example_of_a_page_is_wrong_and_right(code, tmp_path):
    page = pages()[code]
    (problem,) = checked(page.example("Wrong"), tmp_path / "wrong.yaml")
    assert problem.code == code
    assert problem.severity == page.severity or code in ("HB707", "HB711")
    assert checked(page.example("Right"), tmp_path / "right.yaml") == ()


def test_the_document_of_all_pages_is_up_to_date():
    from hornbook.codes import document

    assert (ROOT / "docs" / "problems.md").read_text("utf-8") == document()
