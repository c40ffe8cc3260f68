"""YAML text -> Document: what scalars mean, what is refused, and where it stands."""

import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hornbook.problem import HornbookError
from hornbook.recipes.document import leaves, plain
from hornbook.recipes.text import MOST_BYTES, MOST_DEPTH, parse, scalar


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1e-4", 1e-4),
        ("1E5", 1e5),
        ("+.5", 0.5),
        ("-3.", -3.0),
        ("12", 12),
        ("-0", 0),
        ("007", 7),
        ("0o17", 15),
        ("0x1F", 31),
        ("1_000", "1_000"),
        ("0b11", "0b11"),
        ("1:30", "1:30"),
        ("no", "no"),
        ("On", "On"),
        ("yes", "yes"),
        ("y", "y"),
        ("true", True),
        ("False", False),
        ("tRUE", "tRUE"),
        ("null", None),
        ("~", None),
        ("none", "none"),
        ("2026-01-01", "2026-01-01"),
        ("2026-01-01 12:00:00", "2026-01-01 12:00:00"),
        ("-.inf", -math.inf),
        (".INF", math.inf),
        ("inf", "inf"),
        ("nan", "nan"),
        ("=", "="),
        ("1.2.3", "1.2.3"),
        ("٣", "٣"),
    ],
)
def test_plain_scalars_mean_what_yaml_1_2_says(written, meant):
    found = plain(parse(f"a: {written}", "f"))["a"]
    assert found == meant
    assert type(found) is type(meant)


def test_not_a_number_is_a_number():
    assert math.isnan(scalar(".nan"))


@pytest.mark.parametrize("quoted", ["'12'", '"12"', '! "12"', "|-\n  12", ">-\n  12"])
def test_what_is_quoted_is_text(quoted):
    assert plain(parse(f"a: {quoted}", "f")) == {"a": "12"}


def test_a_mark_at_the_beginning_and_windows_line_ends_change_nothing():
    text = "\ufeffrecipe: 1\r\nmodel:\r\n  - dense\r\n".encode()
    tree = parse(text, "f")
    assert plain(tree) == {"recipe": 1, "model": ["dense"]}
    assert [(leaf.place.line, leaf.place.column) for _, leaf in leaves(tree)] == [(1, 9), (3, 5)]


def test_every_value_knows_where_it_stands():
    tree = parse("a: 1\nb:\n  - {c: é, d: x}\n", "f.yaml")
    assert [(path, str(leaf.place)) for path, leaf in leaves(tree)] == [
        ("a", "f.yaml:1:4"),
        ("b.0.c", "f.yaml:3:9"),
        ("b.0.d", "f.yaml:3:15"),
    ]


@pytest.mark.parametrize(
    ("text", "meant"), [("", None), ("# nothing\n", None), ("word", "word"), ("- 1", [1])]
)
def test_any_document_can_be_read(text, meant):
    assert plain(parse(text, "f")) == meant


def test_an_alias_is_the_value_that_it_names():
    assert plain(parse("a: &x {b: [1]}\nc: *x\nd: [*x]", "f")) == {
        "a": {"b": [1]},
        "c": {"b": [1]},
        "d": [{"b": [1]}],
    }


def _nested(levels):
    return "a: " + "[" * levels + "]" * levels


def _bomb(levels, width):
    """Every level names the one before it so often."""
    lines = ["x0: &x0 [lol]"]
    lines += [f"x{n}: &x{n} [{', '.join([f'*x{n - 1}'] * width)}]" for n in range(1, levels)]
    return "\n".join(lines)


def _ladder(rungs):
    """Few values, but each deep, and the one before it at its bottom."""
    deep = MOST_DEPTH - 3
    lines = [f"x0: &x0 {'[' * deep}{']' * deep}"]
    lines += [f"x{n}: &x{n} {'[' * deep}*x{n - 1}{']' * deep}" for n in range(1, rungs)]
    return "\n".join(lines)


REFUSED = {
    "a NUL": (b"a: \xc3\xa9\xc3\xa9 \x00b", 1, 7, "HB102", "U+0000", "UTF-8"),
    "a bell": ("é: 1\nbé: \x07".encode(), 2, 5, "HB102", "U+0007", "UTF-8"),
    "UTF-16": ("a: 1".encode("utf-16"), 1, 1, "HB102", "0xff", "UTF-8"),
    "Latin-1": ("a: 1\nb: é".encode("latin-1"), 2, 4, "HB102", "0xe9", "UTF-8"),
    "a cut character": ("a: é".encode()[:-1], 1, 4, "HB102", "0xc3", "UTF-8"),
    "a lone surrogate": ("a: \udcff", 1, 4, "HB102", "not UTF-8", "UTF-8"),
    "tabs": ("a:\n\tb: 1", 2, 1, "HB103", "not YAML", "spaces, not tabs"),
    "tabs after spaces": ("a:\n  b: 1\n\tc: 2", 3, 1, "HB103", "not YAML", "spaces, not tabs"),
    "the wrong bracket": ("a: 1\r\nb: [1,\r\n 2}\r\n", 3, 3, "HB103", "not YAML", ""),
    "an open bracket": ("a: [1, 2\n", 2, 1, "HB103", "not YAML", ""),
    "an open quote": ("a: 'abc\nb: 2", 2, 5, "HB103", "not YAML", ""),
    "two colons": ("a: b: c", 1, 5, "HB103", "not YAML", ""),
    "an unknown directive": ("%FOO x\n---\na: 1", 1, 5, "HB103", "not YAML", ""),
    "two documents": ("a: 1\n---\nb: 2", 2, 1, "HB104", "one YAML document", "---"),
    "a Python tag": ("a: !!python/object:os.system x", 1, 4, "HB105", "python/object", ""),
    "a tag of its own": ("a: 1\nb: !thing {c: 1}", 2, 4, "HB105", "!thing", ""),
    "a number as key": ("1: a", 1, 1, "HB110", "'1'", "in quotes"),
    "nothing as key": ("~: a", 1, 1, "HB110", "not text", "in quotes"),
    "a truth as key": ("a:\n  true: 1", 2, 3, "HB110", "'true'", "in quotes"),
    "a list as key": ("? [a]\n: b", 1, 3, "HB110", "not text", "in quotes"),
    "a key twice": ("a: 1\nb: 2\na: 3", 3, 1, "HB111", "first in line 1", ""),
    "an inner key twice": ("a: {b: 1, 'b': 2}", 1, 11, "HB111", "twice", ""),
    "an alias of nothing": ("a: *x", 1, 4, "HB108", "*x", ""),
    "an alias of itself": ("a: &x [*x]", 1, 8, "HB108", "*x", ""),
    "too many digits": ("a: " + "9" * 500, 1, 4, "HB109", "500 digits", ""),
    "too many hexadecimal digits": ("a: 0x" + "f" * 5000, 1, 4, "HB109", "digits", ""),
    "too deep": (_nested(MOST_DEPTH + 1), 1, 4 + MOST_DEPTH, "HB107", "40 levels", ""),
    "far too deep": ("[" * 400_000, 1, MOST_DEPTH + 2, "HB107", "40 levels", ""),
    "a bomb of aliases": (_bomb(12, 9), 6, None, "HB106", "100,000 values", ""),
    "a ladder of aliases": (_ladder(60), 2, None, "HB107", "40 levels", ""),
    "too long": ("#" * (MOST_BYTES + 1), 1, 1, "HB101", "1,000,000 bytes", ""),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_plain_data_is_refused_at_its_place(what):
    text, line, column, code, message, hint = REFUSED[what]
    with pytest.raises(HornbookError) as raised:
        parse(text, "some.yaml")
    problem = raised.value.problems[0]
    assert (problem.code, problem.place.source, problem.place.line) == (code, "some.yaml", line)
    assert column is None or problem.place.column == column
    assert message in problem.message
    assert hint in problem.hint
    assert raised.value.exit_code == 2


def test_everything_wrong_is_told_at_once():
    with pytest.raises(HornbookError) as raised:
        parse("a: !x 1\nb: *y\n1: 2\na: 3\n", "f")
    assert [(one.code, one.place.line) for one in raised.value.problems] == [
        ("HB105", 1),
        ("HB108", 2),
        ("HB110", 3),
        ("HB111", 4),
    ]


def test_a_merge_key_is_a_key_like_another():
    assert plain(parse("a: &x {b: 1}\nc: {<<: *x}", "f"))["c"] == {"<<": {"b": 1}}


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(max_size=60), st.binary(max_size=60)))
def test_whatever_is_read_gives_a_tree_or_problems_with_places(content):
    try:
        tree = parse(content, "f")
    except HornbookError as error:
        assert all(problem.place.line >= 1 and problem.place.column >= 1 for problem in error.problems)
    else:
        assert all(leaf.place is not None for _, leaf in leaves(tree))


TEXT = st.text(
    st.characters(max_codepoint=0xD7FF), max_size=9
)  # JSON writes the rest as pairs, YAML does not
DATA = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.floats(-1e300, 1e300) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=9,
)


@settings(max_examples=100, deadline=None)
@given(DATA)
def test_json_is_read_as_json_reads_it(data):
    assert plain(parse(json.dumps(data), "f")) == data
