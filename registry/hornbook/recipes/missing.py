"""What to install for names that no installed plugin offers, where the recipe says whence they come."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from hornbook.catalog import Catalog
from hornbook.discovery.requirements import installing
from hornbook.problem import Problem
from hornbook.recipes.document import MappingNode, Node, ScalarNode, plain
from hornbook.recipes.paths import found

MISSING = ("HB201", "HB203")


def with_suppliers(problems: Sequence[Problem], document: MappingNode, catalog: Catalog) -> list[Problem]:
    """Add, to the problems with names that nobody offers, what the recipe says of where they come from.

    A frozen recipe says it of every plugin under `resolved:`; any recipe may say under `requires:` which
    distributions it needs.

    Args:
        problems: The problems of a recipe.
        document: The recipe.
        catalog: The components there are.

    Returns:
        The problems. Those that an installation would solve are `unavailable` rather than wrong.
    """
    if not any(problem.code in MISSING for problem in problems):
        return list(problems)
    resolved = dict(_resolved(document, catalog))
    required = [problem.hint for problem in problems if problem.code == "HB152"]
    return [
        _told(problem, _name(found(document, problem.path)), resolved, required)
        if problem.code in MISSING
        else problem
        for problem in problems
    ]


def _resolved(document: MappingNode, catalog: Catalog) -> Iterator[tuple[str, str]]:
    """What to type for each plugin that supplied the recipe and is not installed."""
    from packaging.requirements import InvalidRequirement, Requirement

    suppliers = document.get("resolved")
    installed = {plugin.name for plugin in catalog.plugins}
    for plugin, supplier in suppliers.entries.items() if isinstance(suppliers, MappingNode) else ():
        distribution, _, version = str(plain(supplier)).partition(" ")
        try:
            requirement = Requirement(f"{distribution}=={version}")
        except InvalidRequirement:
            continue
        if plugin not in installed:
            yield plugin, installing(str(requirement))


def _name(tree: Node | None) -> str:
    name = tree.get("use") if isinstance(tree, MappingNode) else tree
    return str(name.value) if isinstance(name, ScalarNode) else ""


def _told(problem: Problem, name: str, resolved: dict[str, str], required: list[str]) -> Problem:
    plugin, slash, _ = name.partition(":")[2].rpartition("/") if ":" in name else name.rpartition("/")
    if slash and plugin in resolved:
        commands = [resolved[plugin]]
    else:
        commands = required or ([] if slash else list(resolved.values()))
    if not commands:
        return problem
    whence = "the recipe was frozen with" if commands[0] in resolved.values() else "the recipe requires"
    hint = f"{problem.hint}; " if problem.hint.startswith("did you mean") else ""
    advice = f"{hint}it may come from what {whence}: {', '.join(commands)}"
    return replace(problem, hint=advice, unavailable=True)
