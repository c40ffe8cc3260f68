"""Recipes of other versions: newer ones are refused at once, older ones brought up to date step by step."""

import pytest

import hornbook
from hornbook.problem import HornbookError
from hornbook.recipes.document import ScalarNode, plain
from hornbook.recipes.migrating import MIGRATIONS, migrated
from hornbook.recipes.shape import VERSION
from hornbook.recipes.text import parse


def from_1(recipe):
    """Say that version 2 calls the optimizer an optimiser."""
    return recipe.without("optimizer").with_entry("optimiser", recipe.get("optimizer"))


def from_2(recipe):
    return recipe.with_entry("seed", ScalarNode(0, recipe.place))


STEPS = {1: from_1, 2: from_2}


def test_an_older_recipe_goes_through_every_step():
    recipe = parse("recipe: 1\noptimizer: adam\n", "old.yaml")
    new = migrated(recipe, STEPS, 3)
    assert plain(new) == {"recipe": 3, "optimiser": "adam", "seed": 0}
    assert str(new.get("optimiser").place) == "old.yaml:2:12"


def test_a_recipe_begins_at_its_own_version():
    assert plain(migrated(parse("recipe: 2\noptimizer: adam\n", "f"), STEPS, 3)) == {
        "recipe": 3,
        "optimizer": "adam",
        "seed": 0,
    }


def test_a_present_recipe_is_left_as_it_is():
    recipe = parse("recipe: 3\n", "f")
    assert migrated(recipe, STEPS, 3) is recipe


@pytest.mark.parametrize("version", ["0", "-1", "99"])
def test_a_version_that_no_way_leads_on_from_is_refused(version):
    with pytest.raises(HornbookError) as raised:
        migrated(parse(f"\nrecipe: {version}\nzzz: 1\n", "f"), STEPS, 3)
    (problem,) = raised.value.problems
    assert (problem.code, str(problem.place)) == ("HB114", "f:2:9")
    assert f"version {version}" in problem.message


def test_there_is_a_way_from_every_version_that_ever_was():
    assert sorted(MIGRATIONS) == list(range(1, VERSION))


def test_of_a_newer_recipe_nothing_else_is_said(write):
    with pytest.raises(HornbookError) as raised:
        hornbook.read(write("new.yaml", "recipe: 2\nlosses: [new]\ndata: iris\n"))
    (problem,) = raised.value.problems
    assert problem.code == "HB114"
    assert hornbook.__version__ in problem.message
    assert "pip install --upgrade hornbook-registry" in problem.hint


def test_a_base_of_a_newer_version_is_refused_at_its_own_line(write):
    base = write("base.yaml", "recipe: 7\n")
    with pytest.raises(HornbookError) as raised:
        hornbook.read(write("own.yaml", "recipe: 1\nextends: base.yaml\n"))
    assert str(raised.value.problems[0].place) == f"{base}:1:9"
