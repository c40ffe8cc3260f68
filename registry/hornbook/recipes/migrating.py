"""Recipes of older versions brought to the present one; newer ones refused before anything else is said."""

from collections.abc import Callable, Mapping

from hornbook.problem import HornbookError, Place, Problem
from hornbook.recipes.document import MappingNode, ScalarNode
from hornbook.recipes.shape import VERSION

Migration = Callable[[MappingNode], MappingNode]

MIGRATIONS: Mapping[int, Migration] = {}
"""By the version that each starts from: what makes a recipe of it one of the next version."""


def migrated(
    recipe: MappingNode, migrations: Mapping[int, Migration] = MIGRATIONS, version: int = VERSION
) -> MappingNode:
    """A recipe in the present version of the language.

    Args:
        recipe: As a file has it, short forms and all.
        migrations: From each older version to the next.
        version: The present version.

    Returns:
        The recipe; one that does not say its version, or not as a whole number, stays for the check.

    Raises:
        HornbookError: When it is of a newer version, or of one that nothing leads on from.
    """
    written = recipe.get("recipe")
    if not isinstance(written, ScalarNode) or type(written.value) is not int:
        return recipe
    found = written.value
    while found < version:
        if found not in migrations:
            raise _unreadable(written.value, version, written.place)
        recipe = migrations[found](recipe)
        found += 1
    if found > version:
        raise _unreadable(found, version, written.place)
    return recipe if found == written.value else recipe.with_entry("recipe", ScalarNode(found, written.place))


def _unreadable(found: int, version: int, place: Place | None) -> HornbookError:
    from hornbook import __version__

    message = f"this is a recipe of version {found}; hornbook-registry {__version__} reads " + (
        f"versions up to {version}" if version > 1 else f"version {version}"
    )
    hint = "version 1 is the first there is; write `recipe: 1`"
    if found > version:
        hint = f"a hornbook-registry that reads version {found} is needed: pip install --upgrade hornbook-registry"
    return HornbookError(Problem(code="HB114", message=message, hint=hint, place=place, path="recipe"))
