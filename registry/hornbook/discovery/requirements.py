"""Distributions and requirements by name: when two names are one, what applies here, and how it is typed."""

import re
import shlex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from packaging.requirements import Requirement

_PLAIN = re.compile(r"[\w.,<>=!~\[\] -]*")


def normal(name: str) -> str:
    """A distribution's name as the index of packages compares it.

    Example:
        >>> normal("Keras_Acme.losses")
        'keras-acme-losses'
    """
    return re.sub(r"[-_.]+", "-", name).lower()


def applies(requirement: "Requirement") -> bool:
    """Whether a requirement is one here, extras aside; a marker that cannot be told asks for nothing."""
    from packaging.markers import UndefinedComparison, UndefinedEnvironmentName

    try:
        return requirement.marker is None or requirement.marker.evaluate({"extra": ""})
    except (UndefinedComparison, UndefinedEnvironmentName, ValueError):
        return False


def installing(*requirements: str) -> str:
    """What to type to install distributions; whatever their requirements say, a shell runs nothing of it.

    Example:
        >>> print(installing("keras>=3"), "and", installing("x @ https://example/$(id)"))
        pip install "keras>=3" and pip install 'x @ https://example/$(id)'
    """
    return " ".join(("pip install", *map(_quoted, requirements)))


def _quoted(requirement: str) -> str:
    return f'"{requirement}"' if _PLAIN.fullmatch(requirement) else shlex.quote(requirement)
