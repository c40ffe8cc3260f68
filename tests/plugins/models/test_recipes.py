"""The recipes that come with Hornbook are found."""

from pathlib import Path

from hornbook_models.plugin import hornbook_recipes


def test_the_shipped_recipes_are_found_in_order():
    paths = list(hornbook_recipes())
    assert paths == sorted(paths)
    assert "digits" in {path.stem for path in paths}
    assert all(isinstance(path, Path) and path.is_file() and path.suffix == ".yaml" for path in paths)
