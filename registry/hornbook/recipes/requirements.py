"""`requires:` the distributions that a recipe needs, held against what is installed."""

from collections.abc import Iterable, Iterator

from hornbook.discovery.requirements import applies, installing
from hornbook.problem import Problem
from hornbook.recipes.document import Node, plain


def unmet_requirements(items: Iterable[Node]) -> Iterator[Problem]:
    """What is required and not installed, or not in the version required.

    Args:
        items: The elements of `requires:`.

    Yields:
        A problem for each requirement that is not met or not a requirement.
    """
    from importlib.metadata import PackageNotFoundError, version

    from packaging.requirements import InvalidRequirement, Requirement

    for number, item in enumerate(items):
        path = f"requires.{number}"
        try:
            requirement = Requirement(str(plain(item)))
            if requirement.url:  # a recipe is not to say where code comes from
                raise InvalidRequirement(requirement.url)
        except InvalidRequirement:
            message = f"{plain(item)!r} is not a requirement"
            hint = 'write `requires: ["keras-acme>=2"]`'
            yield Problem(code="HB151", message=message, hint=hint, place=item.place, path=path)
            continue
        if not applies(requirement):
            continue
        requirement.marker = None
        try:
            installed = version(requirement.name)
        except PackageNotFoundError:
            installed = ""
        if not installed or not requirement.specifier.contains(installed, prereleases=True):
            state = f"{requirement.name} {installed} is installed" if installed else "it is not installed"
            yield Problem(
                code="HB152",
                message=f"the recipe requires {requirement}; {state}",
                hint=installing(str(requirement)),
                place=item.place,
                path=path,
                unavailable=True,
            )
