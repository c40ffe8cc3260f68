"""`training.checkpoint`: what it takes, what is refused, and that it is frozen with the rest."""

import pytest

from hornbook.catalog import catalog
from hornbook.problem import HornbookError
from hornbook.recipes.freezing import frozen
from hornbook.recipes.reading import read
from hornbook.recipes.recipe import Checkpointing
from hornbook.recipes.schema import schema

RECIPE = "recipe: 1\ndata: iris\nmodel: mlp\nloss: categorical_crossentropy\ntraining: {epochs: 2}\n"


@pytest.fixture
def file(tmp_path):
    made = tmp_path / "recipe.yaml"
    made.write_text(RECIPE)
    return made


def bound(file, *overrides):
    return read(file, overrides, catalog())


def problem(file, *overrides):
    with pytest.raises(HornbookError) as refused:
        bound(file, *overrides)
    (found,) = refused.value.problems
    return found


def test_left_out_the_run_decides_and_two_are_kept(file):
    assert bound(file).training.checkpoint == Checkpointing(None, None, None, 2)
    assert bound(file, "training.checkpoint=null").training.checkpoint == Checkpointing()


def test_what_is_given_is_taken_and_frozen(file):
    given = "training.checkpoint={every_n_epochs: 5, every_n_minutes: 2.5, max_to_keep: 3}"
    recipe = bound(file, given, "training.checkpoint.every_n_steps=100")
    assert recipe.training.checkpoint == Checkpointing(5, 100, 2.5, 3)
    again = file.with_name("frozen.yaml")
    again.write_text(frozen(recipe))
    assert bound(again).training.checkpoint == recipe.training.checkpoint
    assert frozen(bound(again)) == frozen(recipe)


@pytest.mark.parametrize(
    ("override", "code", "words"),
    [
        ("training.checkpoint=5", "HB115", "write `checkpoint: {every_n_epochs: 1}`"),
        ("training.checkpoint.every_epochs=5", "HB117", "did you mean 'every_n_epochs'"),
        ("training.checkpoint.every_n_epochs=0", "HB118", "at least 1"),
        ("training.checkpoint.every_n_minutes=0", "HB118", "above 0"),
        ("training.checkpoint.every_n_steps=often", "HB116", "a whole number"),
        ("training.checkpoint.max_to_keep=0", "HB118", "at least 1"),
    ],
)
def test_what_is_wrong_is_refused(file, override, code, words):
    found = problem(file, override)
    assert found.code == code
    assert words in f"{found.message} {found.hint}"


def test_editors_know_it():
    settings = schema(catalog())["properties"]["training"]["properties"]["checkpoint"]
    assert settings["properties"].keys() == Checkpointing.__dataclass_fields__.keys()
    assert settings["properties"]["every_n_minutes"]["exclusiveMinimum"] == 0
