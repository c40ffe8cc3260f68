"""What a recipe may ask for under `tracking`, and what is wrong with it. Imports no MLflow."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hornbook.problem import Place, Problem
from hornbook.recipes.document import MappingNode
from hornbook.recipes.recipe import Recipe

REGISTER, ALIAS, SYSTEM_METRICS = "register", "alias", "system_metrics"


@dataclass(frozen=True, slots=True)
class Registration:
    """What a recipe asks of the model registry.

    Args:
        name: The registered model's name.
        alias: What the new version is to be called; empty for nothing.
    """

    name: str
    alias: str = ""


def registration(tracking: Mapping[str, Any] | None) -> Registration | None:
    """What a recipe asks of the registry; nothing where it asks for nothing."""
    asked = tracking or {}
    if not asked.get(REGISTER):
        return None
    return Registration(str(asked[REGISTER]), str(asked.get(ALIAS) or ""))


def name_fault(name: Any) -> str:
    """Why a name cannot be that of a registered model; empty where it can.

    Example:
        >>> name_fault("digits"), name_fault("team/digits")
        ('', 'the name of a registered model holds neither `/` nor `:`')
    """
    if not isinstance(name, str) or not name.strip():
        return "the name of a registered model is text"
    if re.search(r"[/:]", name) or name in (".", ".."):
        return "the name of a registered model holds neither `/` nor `:`"
    return ""


def alias_fault(alias: Any) -> str:
    """Why a name cannot be an alias; empty where it can.

    Example:
        >>> alias_fault("champion"), alias_fault("v2")
        ('', 'MLflow reads `v2` as the number of a version')
    """
    if not isinstance(alias, str) or not re.fullmatch(r"[\w\-]{1,255}", alias):
        return "an alias is made of letters, digits, `_` and `-`"
    if alias.lower() == "latest":
        return "MLflow keeps the alias `latest` for the newest version"
    if re.fullmatch(r"[vV]\d+", alias):
        return f"MLflow reads `{alias}` as the number of a version"
    return ""


def faults(recipe: Recipe) -> Iterator[Problem]:
    """What is wrong with what a recipe asks of MLflow.

    Args:
        recipe: The recipe.

    Yields:
        A problem for each fault.
    """
    asked = recipe.tracking
    if asked.get(REGISTER) is not None and (fault := name_fault(asked[REGISTER])):
        yield _problem(recipe, REGISTER, "HB906", fault, "such as `register: digits`")
    if asked.get(ALIAS) is not None and (fault := alias_fault(asked[ALIAS])):
        yield _problem(recipe, ALIAS, "HB906", fault, "such as `alias: candidate`")
    if asked.get(ALIAS) is not None and asked.get(REGISTER) is None:
        fault = "an alias is for a registered model, and `register` names none"
        yield _problem(recipe, ALIAS, "HB906", fault, "write `register: name` beside it")
    if not isinstance(asked.get(SYSTEM_METRICS, False), bool | None):
        yield _problem(recipe, SYSTEM_METRICS, "HB116", "`system_metrics` is true or false", "")


def _problem(recipe: Recipe, key: str, code: str, message: str, hint: str) -> Problem:
    return Problem(code=code, message=message, hint=hint, place=_place(recipe, key), path=f"tracking.{key}")


def _place(recipe: Recipe, key: str) -> Place | None:
    tree = recipe.document.get("tracking")
    value = tree.get(key) if isinstance(tree, MappingNode) else None
    return value.place if value else None
