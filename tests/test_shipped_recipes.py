"""The recipes that come with Hornbook: right, and known to editors."""

import json
from pathlib import Path

import pytest

import hornbook

FOLDER = Path(__file__).parents[1] / "recipes"
RECIPES = sorted(FOLDER.glob("*.yaml"))


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.stem)
def test_it_is_right_and_expects_something(recipe):
    read = hornbook.read(recipe)
    assert read.name == recipe.stem
    assert read.expect and not read.warnings


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.stem)
def test_it_names_its_schema_for_editors(recipe):
    assert recipe.read_text().startswith("# yaml-language-server: $schema=recipe.schema.json\n")


def test_the_schema_beside_them_knows_every_component():
    """After adding a component: `uv run hornbook schema -o recipes/recipe.schema.json`."""
    text = (FOLDER / "recipe.schema.json").read_text()
    assert json.loads(text)["$schema"].endswith("2020-12/schema")
    official = [entry for entry in hornbook.components() if entry.distribution.startswith("hornbook-")]
    assert [entry.full_name for entry in official if f'"{entry.full_name}"' not in text] == []


@pytest.mark.slow
@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.stem)
def test_it_meets_what_it_expects(recipe, tmp_path):
    run = hornbook.run(recipe, runs_dir=tmp_path, tracking=False)
    assert run.outcome == "finished", run.unmet
