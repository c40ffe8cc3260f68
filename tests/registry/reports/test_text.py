import re

from hypothesis import given
from hypothesis import strategies as st

from hornbook.reports.text import escaped, inert, of_examples, table


@given(st.text(max_size=200), st.integers(1, 80))
def test_inert_text_is_short_and_on_one_line(text, limit):
    shown = inert(text, limit)
    assert len(shown) <= limit
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]", shown)


@given(st.text(alphabet="ab<>&|`*_[]()\\$.:@~!#\n", max_size=60))
def test_escaped_text_is_no_markdown_and_no_html(text):
    shown = escaped(text)
    assert not re.search(r"[<>]", shown)
    assert not re.search(r"&(?!amp;|lt;|gt;)", shown)
    assert re.fullmatch(r"(?:\\[\\`*_\[\]|~$.:@]|[^\\`*_\[\]|~$.:@])*", shown)


def test_text_is_cut_where_it_is_too_long():
    assert inert("abcdef", 4) == "abc…"
    assert inert("a\nb\x1b[31m\u202ec") == "a b [31m c"


def test_a_table_has_as_many_cells_in_every_row():
    lines = table(("class", "n"), [(escaped("a|b"), "1")], 1)
    assert lines == ["| class | n |", "| --- | ---: |", r"| a\|b | 1 |"]


def test_examples_that_are_left_out_are_told():
    told = {"split": "train", "shown": 10_000, "total": 50_000}
    assert of_examples(told) == "10,000 of 50,000 examples of the training split"
