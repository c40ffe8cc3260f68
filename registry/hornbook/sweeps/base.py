"""Base: the recipe that a sweep varies, and the recipe of every trial made from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hornbook.catalog import Catalog
from hornbook.problem import HornbookError, Place, Problem
from hornbook.recipes.binding import absolute
from hornbook.recipes.checking import checked
from hornbook.recipes.document import MappingNode, Node, ScalarNode, leaves, node, plain
from hornbook.recipes.freezing import as_yaml, on_one_line, plain_value, values
from hornbook.recipes.overrides import overridden, with_value
from hornbook.recipes.paths import found, replaced
from hornbook.recipes.reading import located, unchecked
from hornbook.recipes.recipe import Recipe
from hornbook.recipes.references import resolved
from hornbook.sweeps.combinations import Values
from hornbook.sweeps.space import Variable


@dataclass(frozen=True, slots=True)
class Base:
    """The recipe that a sweep varies.

    Args:
        tree: What it says, overridden; its references stand.
        late: Overrides of what lies within something that is varied; they come after the variables.
        catalog: The components there are.
        source: The file that it was read from.
        directory: What paths among the variables' values are relative to.
    """

    tree: MappingNode
    late: tuple[str, ...]
    catalog: Catalog
    source: Path
    directory: Path

    def recipe(self, trial: Values) -> Recipe:
        """The recipe of a trial: the one that `-s` with the same values would give.

        Args:
            trial: What it sets.

        Returns:
            The recipe, checked.

        Raises:
            HornbookError: With everything that is wrong with it.
        """
        tree = self.tree
        problems: list[Problem] = []
        for path in sorted(trial, key=lambda one: one.count(".")):  # what lies within another comes after it
            place = self._place(path, trial[path])
            try:
                tree = with_value(tree, path, node(trial[path], place), place)
            except HornbookError as error:
                problems.extend(error.problems)
        if problems:
            raise HornbookError(problems)
        document, dangling = resolved(overridden(tree, self.late))
        return checked(document, self.catalog, self.source, dangling)

    def _place(self, path: str, value: Any) -> Place:
        written = f"-v {path}={on_one_line(value)}"
        return Place(written if self.directory == Path.cwd() else str(self.directory / "-v"), 1, 4)

    def text(self, trial: Recipe) -> str:
        """The recipe as YAML that means the same wherever it lies.

        Args:
            trial: The recipe of any trial, which tells what in it is a path.
        """
        frozen = node({key: plain_value(value) for key, value in values(trial).items()})
        tree: Node = self.tree.with_entry("name", ScalarNode(trial.name))
        for path, leaf in leaves(self.tree):
            if not isinstance(leaf.value, str) or leaf.place is None:
                continue
            meant, whole = found(frozen, path), absolute(leaf.value, leaf.place)
            if isinstance(meant, ScalarNode) and meant.value == whole:
                tree = replaced(tree, path, ScalarNode(whole)) or tree
        return as_yaml(plain(tree))


def read_base(
    recipe: str | Path, overrides: Sequence[str], variables: Sequence[Variable], catalog: Catalog
) -> Base:
    """Read the recipe that a sweep is to vary.

    Args:
        recipe: A file, or the name of a recipe that a plugin ships.
        overrides: Changes to it, each as after `-s`.
        variables: What is varied.
        catalog: The components there are.

    Returns:
        The base, not yet checked.

    Raises:
        HornbookError: When it cannot be read or changed, or something is both set and varied.
    """
    paths = [variable.path for variable in variables]
    set_ = {override: override.partition("=")[0].strip().removeprefix("~") for override in overrides}
    twice = [_set_and_varied(override, path) for override, path in set_.items() if path in paths]
    if twice:
        raise HornbookError(twice)
    late = [one for one, path in set_.items() if any(path.startswith(f"{varied}.") for varied in paths)]
    early = [one for one in overrides if one not in late]
    file = located(recipe, catalog)
    tree = overridden(unchecked(file, catalog), early)
    return Base(tree, tuple(late), catalog, file, Path.cwd())


def _set_and_varied(override: str, path: str) -> Problem:
    message = f"{path!r} is both set and varied"
    hint = "leave out the -s, or the -v"
    return Problem(code="HB542", message=message, hint=hint, place=Place(f"-s {override}", 1, 4), path=path)


def kept_base(file: Path, late: Sequence[str], catalog: Catalog, source: Path, directory: Path) -> Base:
    """Read the recipe of a sweep that goes on.

    Args:
        file: The recipe in the sweep's folder.
        late: Overrides that come after the variables.
        catalog: The components there are.
        source: The file that it was read from at first.
        directory: The working directory of then.

    Returns:
        The base.

    Raises:
        HornbookError: When it cannot be read.
    """
    return Base(unchecked(file, catalog), tuple(late), catalog, source, directory)
