"""A recipe by path or name -> Recipe: read, extend, override, resolve, check."""

from collections.abc import Sequence
from pathlib import Path

from hornbook.catalog import Catalog
from hornbook.names import did_you_mean
from hornbook.problem import HornbookError, Place, Problem
from hornbook.recipes.checking import checked
from hornbook.recipes.document import MappingNode, Node, ScalarNode, SequenceNode
from hornbook.recipes.merging import merged, without_removed
from hornbook.recipes.migrating import migrated
from hornbook.recipes.overrides import overridden
from hornbook.recipes.recipe import Recipe
from hornbook.recipes.references import resolved
from hornbook.recipes.shape import written_out
from hornbook.recipes.text import MOST_BYTES, parse

MOST_BASES = 100
"""How many recipes one may extend, counting those that its bases extend, each as often as it is extended."""


def read(recipe: str | Path, overrides: Sequence[str], catalog: Catalog) -> Recipe:
    """Read and check a recipe.

    Args:
        recipe: A file, or the name of a recipe that a plugin ships.
        overrides: Changes, such as `"training.epochs=3"`; see `hornbook.recipes.overrides`.
        catalog: The components there are.

    Returns:
        The recipe, every name bound.

    Raises:
        HornbookError: With everything that is wrong with it.
    """
    file = located(recipe, catalog)
    tree = written_out(_extended(file, (), catalog, []))
    document, dangling = resolved(overridden(tree, overrides))
    return checked(document, catalog, file, dangling)


def unchecked(recipe: str | Path, catalog: Catalog) -> MappingNode:
    """What a recipe says, all that it extends merged in, before anything of it is checked.

    Args:
        recipe: A file, or the name of a recipe that a plugin ships.
        catalog: The components there are.

    Returns:
        The tree, short forms written out.

    Raises:
        HornbookError: When it cannot be read.
    """
    return written_out(_extended(located(recipe, catalog), (), catalog, []))


def inherited(file: Path, catalog: Catalog) -> MappingNode | None:
    """What the recipes that a recipe extends say together, before anything of it is checked.

    Args:
        file: The recipe that extends them.
        catalog: The components there are.

    Returns:
        The tree, short forms written out; none where it extends none.

    Raises:
        HornbookError: When one of them cannot be read.
    """
    base = _inherited(migrated(_document(file)), file, (), catalog, [])
    return None if base is None else written_out(base)


def located(recipe: str | Path, catalog: Catalog) -> Path:
    """The file of a recipe.

    Args:
        recipe: A path, or the name of a recipe that a plugin ships; a file of that name comes first.
        catalog: The plugins there are.

    Returns:
        The path.

    Raises:
        HornbookError: When there is no such file or recipe, or it is a folder.
    """
    path = Path(recipe)
    try:
        is_file, is_folder = path.is_file(), path.is_dir()
    except OSError as error:  # too long for a path, such as the text of a recipe itself
        shown = str(recipe).partition("\n")[0][:60]
        raise HornbookError(
            Problem(code="HB001", message=f"there is no recipe {shown!r}: {error.strerror or error}")
        ) from None
    if is_file:
        return path
    shipped = shipped_recipes(catalog)
    if str(recipe) in shipped:
        return shipped[str(recipe)]
    if is_folder:
        message, hint = f"{path} is a folder, not a recipe", "name a file in it"
    else:
        message = f"there is no recipe {str(recipe)!r}: no such file, and no plugin ships one of that name"
        neighbours = [str(one) for one in path.parent.glob("*.yaml")] if path.parent.is_dir() else []
        hint = did_you_mean(str(recipe), [*shipped, *neighbours], f"shipped are {', '.join(sorted(shipped))}")
    raise HornbookError(Problem(code="HB001", message=message, hint=hint))


def shipped_recipes(catalog: Catalog) -> dict[str, Path]:
    """The recipes that the ready plugins ship, by name."""
    paths = [Path(path) for plugin in catalog.plugins if plugin.state == "ready" for path in plugin.recipes]
    return {path.stem: path for path in reversed(paths)}


def _extended(file: Path, chain: tuple[Path, ...], catalog: Catalog, read: list[Path]) -> MappingNode:
    """What a file says, merged over what it extends; `read` takes note of every base along the way."""
    own = migrated(_document(file))
    base = _inherited(own, file, chain, catalog, read)
    if base is None:
        _refuse_to_remove_from_nothing(own)
        return written_out(own)
    own_tree = written_out(own.without("extends", "remove"))
    result = merged(without_removed(base, own), own_tree)
    assert isinstance(result, MappingNode)
    return result


def _refuse_to_remove_from_nothing(own: MappingNode) -> None:
    listed = own.get("remove")
    if listed is not None and own.get("extends") is None:
        message = "there is nothing to remove from: the recipe extends no other"
        raise HornbookError(
            Problem(code="HB122", message=message, place=own.keys.get("remove"), path="remove")
        )


def _inherited(
    own: MappingNode, file: Path, chain: tuple[Path, ...], catalog: Catalog, read: list[Path]
) -> MappingNode | None:
    """What the recipes that a file extends say together."""
    bases = own.get("extends")
    if bases is None:
        return None
    items = bases.items if isinstance(bases, SequenceNode) else (bases,)
    base: Node = MappingNode({}, {}, own.place)
    for item in items:
        read.append(_base(item, file, chain, catalog))
        if len(read) > MOST_BASES:
            raise _fault("HB127", f"more than {MOST_BASES} recipes are extended, all in all", item.place)
        base = merged(base, _extended(read[-1], (*chain, file.resolve()), catalog, read))
    assert isinstance(base, MappingNode)
    return base


def _base(item: Node, file: Path, chain: tuple[Path, ...], catalog: Catalog) -> Path:
    """The file that an element of `extends` means; never one outside, where the extending one is shipped."""
    name = item.value if isinstance(item, ScalarNode) else None
    if not isinstance(name, str):
        raise _fault("HB123", "`extends` takes a file, or a list of files", item.place)
    shipped = shipped_recipes(catalog)
    base = file.parent / name
    if not _is_file(base) and name in shipped:
        base = shipped[name]
    if not _is_file(base):
        along = " -> ".join(str(one) for one in (*chain, file))
        raise _fault("HB124", f"there is no {name!r} to extend (extended by {along})", item.place)
    of_plugins = {path.resolve() for path in shipped.values()}
    inside = base.resolve().is_relative_to(file.resolve().parent) or base.resolve() in of_plugins
    if file.resolve() in of_plugins and not inside:
        raise _fault("HB126", f"a shipped recipe cannot extend {name!r}, which lies outside", item.place)
    if base.resolve() in (*chain, file.resolve()):
        circle = " -> ".join(path.name for path in (*chain, file, base))
        raise _fault("HB125", f"the recipes extend each other in a circle: {circle}", item.place)
    return base


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # its name is too long, or it may not be looked at
        return False


def _fault(code: str, message: str, place: Place | None) -> HornbookError:
    return HornbookError(Problem(code=code, message=message, place=place, path="extends"))


def _document(file: Path) -> MappingNode:
    source = str(file)
    try:
        with file.open("rb") as text:
            content = text.read(MOST_BYTES + 1)
    except OSError as error:
        raise HornbookError(
            Problem(code="HB002", message=f"{file} cannot be read: {error.strerror or error}")
        ) from None
    tree = parse(content, source)
    if not isinstance(tree, MappingNode):
        empty = isinstance(tree, ScalarNode) and tree.value is None
        message = "the recipe is empty" if empty else "a recipe is a mapping of keys to values"
        hint = "`hornbook run digits` runs one that is whole; begin with `recipe: 1`"
        raise HornbookError(
            Problem(code="HB119", message=message, hint=hint, place=tree.place or Place(source, 1, 1))
        )
    return tree
