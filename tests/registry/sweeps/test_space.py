"""What a sweep varies: how it is written, what is refused, and which combinations there are."""

import doctest
import math
from random import Random

import numpy as np
import pytest

import hornbook
from hornbook.recipes.freezing import on_one_line
from hornbook.sweeps import combinations, leaderboard, space
from hornbook.sweeps.combinations import corners, draws, grid
from hornbook.sweeps.space import Range, read_variables


@pytest.mark.parametrize(
    ("written", "values"),
    [
        ("optimizer=sgd,adam", ["sgd", "adam"]),
        ("seed=1", [1]),
        ("units=[16, 32]", [16, 32]),
        ("units=[[16, 32], [64]]", [[16, 32], [64]]),
        ("optimizer={use: sgd, momentum: 0.9}, adam", [{"use": "sgd", "momentum": 0.9}, "adam"]),
        ("rate=1e-4,no,null,'a,b'", [1e-4, "no", None, "a,b"]),
        ("ranges=['1..5']", ["1..5"]),
        ("seed=1...5", ["1...5"]),  # which no seed is
        ("seed=1,true", [1, True]),
    ],
)
def test_values_are_yaml_between_commas(written, values):
    (variable,) = read_variables([written])
    assert list(variable.values) == values
    assert read_variables([str(variable)]) == [variable]
    assert read_variables({variable.path: values}) == [variable]


@pytest.mark.parametrize(
    ("values", "plain"),
    [
        (np.logspace(-4, -1, 4), [1e-4, 1e-3, 1e-2, 1e-1]),
        (np.array([16, 32]), [16, 32]),
        ([np.float32(0.5), np.int64(3), np.bool_(True)], [0.5, 3, True]),
        (np.array(["sgd", "adam"]), ["sgd", "adam"]),
        (range(1, 4), [1, 2, 3]),
        ((one for one in ("a", "b")), ["a", "b"]),
        ({"use": "sgd", "momentum": 0.9}, [{"use": "sgd", "momentum": 0.9}]),
        (3, [3]),
    ],
)
def test_values_may_be_whatever_python_holds_them_in(values, plain):
    (variable,) = read_variables({"path": values})
    exact = [one if isinstance(one, (str, dict)) else pytest.approx(one) for one in plain]
    assert list(variable.values) == exact


def test_what_no_recipe_could_say_is_refused():
    with pytest.raises(hornbook.HornbookError, match="cannot be written in a recipe") as refused:
        read_variables({"optimizer": [object()]})
    assert refused.value.problems[0].code == "HB542"


@pytest.mark.parametrize(
    ("written", "range_"),
    [
        ("seed=1..5", Range(1, 5)),
        ("batch=16..64..16", Range(16, 64, step=16)),
        ("rate=log:1e-4..1e-1", Range(1e-4, 1e-1, log=True)),
        ("rate=-.5..+2.", Range(-0.5, 2.0)),
        ("units=log:4..256", Range(4, 256, log=True)),
    ],
)
def test_ranges(written, range_):
    (variable,) = read_variables([written])
    assert variable.range == range_
    assert read_variables([str(variable)]) == [variable]
    for number in range(50):
        drawn = variable.draw(Random(number))
        assert range_.low <= drawn <= range_.high
        assert isinstance(drawn, int) == range_.whole


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("seed", "nothing to vary"),
        ("=1,2", "nothing to vary"),
        ("a..b=1", "nothing to vary"),
        ("seed=", "no values"),
        ("seed=[]", "no values"),
        ("seed=1,2,1", "1 is twice"),
        ("seed=5..1", "ends before it begins"),
        ("rate=log:0..1", "no logarithm"),
        ("rate=log:1..2..1", "a step is"),
        ("rate=1..2..0", "a step is"),
        ("rate=1..1e999", "ends before it begins"),
        ("optimizer={use: sgd", "not YAML"),
    ],
)
def test_what_is_refused_is_shown_as_it_was_typed(written, words):
    with pytest.raises(hornbook.HornbookError, match=words) as refused:
        read_variables([written])
    assert refused.value.problems[0].place.source == f"-v {written}"


def test_everything_wrong_is_told_at_once():
    with pytest.raises(hornbook.HornbookError) as refused:
        read_variables(["seed", "rate=2..1", "seed=1", "seed=2"])
    assert len(refused.value.problems) == 3


def test_a_grid_goes_through_every_combination_the_last_fastest():
    values = grid(read_variables(["a=x,y", "b=1..3..2", "c=0.1..0.3..0.1"]))
    assert [(one["a"], one["b"], one["c"]) for one in values] == [
        (a, b, c) for a in "xy" for b in (1, 3) for c in (0.1, 0.2, 0.3)
    ]


@pytest.mark.parametrize(
    "written", [["a=0.1..0.5"], ["a=log:1..8"], ["a=1..200", "b=1..200"], ["a=1..999999999"]]
)
def test_a_grid_without_end_is_refused(written):
    with pytest.raises(hornbook.HornbookError) as refused:
        grid(read_variables(written))
    assert {problem.code for problem in refused.value.problems} == {"HB543"}


def test_draws_differ_and_the_first_of_more_are_those_of_fewer():
    variables = read_variables(["rate=log:1e-5..1", "optimizer=sgd,adam"])
    many = draws(variables, 60, seed=3)
    assert draws(variables, 10, seed=3) == many[:10]
    assert draws(variables, 10, seed=4) != many[:10]
    assert len({repr(one) for one in many}) == 60
    decades = [math.floor(math.log10(one["rate"])) for one in many]
    assert {-5, -4, -3, -2, -1} <= set(decades)
    assert all(float(f"{one['rate']:.4g}") == one["rate"] for one in many)


def test_where_there_are_few_combinations_all_are_drawn_once():
    variables = read_variables(["a=1..3", "b=x,y"])
    drawn = draws(variables, 50, seed=0)
    assert sorted(map(repr, drawn)) == sorted(map(repr, grid(variables)))


def test_a_search_is_judged_by_its_corners():
    values = corners(read_variables(["rate=log:1e-4..1e-1", "optimizer=sgd,adam,lion"]))
    assert len(values) == 6
    assert {one["rate"] for one in values} == {1e-4, 1e-1}
    many = corners(read_variables([f"{name}=1..9" for name in "abcdefghijklm"]))
    assert len(many) == 14


def test_the_examples_run():
    for module in (space, combinations, leaderboard):
        assert doctest.testmod(module).failed == 0
    assert on_one_line([1e-4]) == "[0.0001]"
