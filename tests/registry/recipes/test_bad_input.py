"""Files that are hostile or broken: each is refused, with little memory, and none takes for ever.

How long each takes is measured where texts are made by the thousand: `tests/fuzz/`.
"""

import os
import tracemalloc

import pytest

import hornbook
from hornbook.problem import HornbookError
from hornbook.recipes.text import MOST_BYTES, parse

RECIPE = "recipe: 1\ndata: iris\nmodel: {use: mlp}\nloss: categorical_crossentropy\ntraining: {epochs: 1}\n"


def refused(file):
    with pytest.raises(HornbookError) as raised:
        hornbook.read(file)
    return raised.value.problems[0]


def test_a_link_that_leads_to_itself(tmp_path):
    loop = tmp_path / "loop.yaml"
    loop.symlink_to(loop)
    other, back = tmp_path / "a.yaml", tmp_path / "b.yaml"
    other.symlink_to(back)
    back.symlink_to(other)
    assert {refused(file).code for file in (loop, other)} <= {"HB001", "HB002"}


def test_a_base_that_is_a_link_to_itself(tmp_path, write):
    (tmp_path / "loop.yaml").symlink_to(tmp_path / "loop.yaml")
    problem = refused(write("own.yaml", RECIPE + "extends: loop.yaml\n"))
    assert (problem.code, problem.place.line, problem.place.column) == ("HB124", 6, 10)


def test_a_recipe_that_extends_itself_through_a_link(tmp_path, write):
    file = write("own.yaml", RECIPE + "extends: linked.yaml\n")
    (tmp_path / "linked.yaml").symlink_to(file)
    assert refused(file).code == "HB125"


def test_a_file_of_ten_megabytes_is_not_read_to_its_end(write):
    file = write("long.yaml", b"# " + b"x" * 10_000_000)
    tracemalloc.start()
    assert refused(file).code == "HB101"
    assert tracemalloc.get_traced_memory()[1] < 3 * MOST_BYTES
    tracemalloc.stop()


def test_what_never_ends_is_no_recipe(tmp_path):
    os.mkfifo(tmp_path / "pipe.yaml")
    assert {refused(file).code for file in ("/dev/zero", "/dev/null", tmp_path / "pipe.yaml")} == {"HB001"}


@pytest.mark.parametrize("base", ["/dev/zero", "x" * 300, "a/" * 3000, "nul\\0byte", ".", "..", "~", "/"])
def test_what_is_no_file_cannot_be_extended(base, write):
    problem = refused(write("own.yaml", f'{RECIPE}extends: "{base}"\n'))
    assert (problem.code, problem.place.line) == ("HB124", 6)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('data: {use: csv, path: "~no-such-person/x.csv", target: y}', None),
        ('metrics: [accuracy]\nname: "${metrics.' + "1" * 4400 + '.use}"', "HB"),
        ("data: {use: npz, path: x.npz, modality: [images]}\naugment: [random_flip]", None),
        ("expect: {loss: {min: null}}", "HB115"),
        ('requires: ["x @ https://h.example/$(id)"]', "HB151"),
        ("requires: [\"no-such-thing>=2; python_version < '3.0'\"]", None),
    ],
)
def test_odd_values_are_told_at_their_place_or_taken_as_they_are(write, text, code):
    key = text.partition(":")[0]
    base = "".join(line + "\n" for line in RECIPE.splitlines() if not line.startswith(f"{key}:"))
    file = write("own.yaml", base + text + "\n")
    if code is None:
        assert hornbook.read(file)
        return
    problem = refused(file)
    assert problem.code.startswith(code) and problem.place.line >= 5


def test_a_bad_byte_behind_a_byte_order_mark_is_told_where_it_is(write):
    for content, column in ((b"\xef\xbb\xbfa\xff", 2), (b"\xef\xbb\xbf\xc3\xa9: \xff", 4), (b"a: \xff", 4)):
        problem = refused(write("own.yaml", content))
        assert (problem.code, problem.place.line, problem.place.column) == ("HB102", 1, column)


def test_thousands_of_expectations_that_nothing_meets_are_told_within_bounds(write):
    metrics = ", ".join(f"{{use: accuracy, name: m{number}}}" for number in range(2000))
    expect = ", ".join(f"x{number}: {{min: 0}}" for number in range(2000))
    file = write("own.yaml", f"{RECIPE}metrics: [{metrics}]\nexpect: {{{expect}}}\n")
    with pytest.raises(HornbookError) as raised:
        hornbook.read(file)
    assert len(raised.value.problems) <= 1_001


def test_a_file_that_may_not_be_read(write, monkeypatch):
    from pathlib import Path

    file = write("own.yaml", RECIPE)

    def denied(self, *arguments, **more):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)
    problem = refused(file)
    assert (problem.code, "Permission denied" in problem.message) == ("HB002", True)


def test_bases_that_multiply_are_refused(write):
    for number in range(40):
        write(f"{number}.yaml", f"recipe: 1\nextends: [{number + 1}.yaml, {number + 1}.yaml]\n")
    write("40.yaml", RECIPE)
    assert refused(write("own.yaml", "recipe: 1\nextends: 0.yaml\n")).code == "HB127"


def test_a_long_chain_of_bases_is_refused_and_a_short_one_is_not(write):
    for number in range(1500):
        write(f"{number}.yaml", f"recipe: 1\nextends: {number + 1}.yaml\n")
    write("1500.yaml", RECIPE)
    assert refused("0.yaml").code == "HB127"
    assert hornbook.read("1450.yaml").training.epochs == 1


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [x, x, x, x, x, x, x, x, x]\n"
        + "".join(
            f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(9)
        ),
        "a: " + "[" * 400_000,
        "{" * 200_000,
        "a: " + "- " * 100_000,
        "\n".join(f"k{n}: v" for n in range(99_000)),
        "[" + ",".join(["1"] * 99_000) + "]",
        "a: &a " + "x" * 900_000 + "\nb: [" + ", ".join(["*a"] * 10_000) + "]",
        "a: '" + "''" * 400_000 + "'",
        "? " * 100_000,
        "a: |\n" + "  x\n" * 200_000,
        "a: " + "${b} " * 150_000,
        "b: " + "x" * 500_000 + "\na: " + "${b} " * 50_000,
        "b: " + "x" * 500_000 + "\na: [" + "'${b}', " * 40_000 + "]",
        "&a " * 200_000,
        "%TAG ! " * 100_000,
    ],
    ids=range(15),
)
def test_the_worst_of_texts_takes_little_memory(text, write):
    tracemalloc.start()
    try:
        parse(text, "worst.yaml")
    except HornbookError as error:
        assert all(problem.place for problem in error.problems)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 200e6
    with pytest.raises(HornbookError):
        hornbook.read(write("worst.yaml", text))


BASE = "recipe: 1\ndata: iris\nloss: categorical_crossentropy\ntraining: {epochs: 1}\n"
MANY = range(3000)


@pytest.mark.parametrize(
    "text",
    [
        "model: [" + ", ".join(f"densy{n}" for n in MANY) + "]",
        "model: {use: mlp, " + ", ".join(f"hiden{n}: 1" for n in MANY) + "}",
        "model: {use: mlp}\n" + "\n".join(f"metrcs{n}: 1" for n in MANY),
        "model: {use: mlp}\nmetrics: [" + ", ".join(f"'${{data.clas{n}}}'" for n in MANY) + "]",
        "model: {use: mlp}\ncallbacks: ["
        + ", ".join(f"{{use: early_stopping, monitor: m{n}}}" for n in MANY)
        + "]",
        "model: {use: mlp}\nexpect: {" + ", ".join(f"vall{n}: {{min: 1}}" for n in MANY) + "}",
        "model: " + "densy" * 150_000,
    ],
    ids=["layers", "parameters", "keys", "references", "callbacks", "expectations", "a long name"],
)
def test_thousands_of_mistakes_are_told(text, write):
    hornbook.plugins()
    assert refused(write("wrong.yaml", BASE + text + "\n")).place is not None
