"""The public face: a few functions that import what they need when they are called."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hornbook.component import KINDS
from hornbook.problem import HornbookError, Problem

if TYPE_CHECKING:
    from hornbook.catalog import Entry
    from hornbook.discovery.plugin import Plugin
    from hornbook.recipes.recipe import Recipe
    from hornbook.runner.run import Run


def components(kind: str | None = None) -> list[Entry]:
    """The components that the installed plugins offer.

    Args:
        kind: Only of this kind, such as `"loss"`; all kinds if left out.

    Returns:
        One entry a component, ordered by kind and name, each with `kind`, `name`, `full_name`, `plugin`,
        `distribution`, `version` and `component`.

    Raises:
        HornbookError: When there is no such kind.

    Example:
        >>> import hornbook
        >>> "huber" in [entry.name for entry in hornbook.components("loss")]
        True
    """
    from hornbook.catalog import catalog

    if kind is None:
        return list(catalog().entries)
    return list(catalog().of(_kind(kind)))


def get(kind: str, name: str, /, **parameters: Any) -> Any:
    """Make a component.

    Args:
        kind: Its kind, such as `"loss"`.
        name: Its name, bare (`"huber"`) or full (`"losses/huber"`).
        **parameters: Its parameters: values, Keras objects, or names of components where those go.

    Returns:
        The Keras object.

    Raises:
        HornbookError: When the kind, name or a parameter is unknown, a required parameter is missing,
            or the component refuses its parameters.

    Example:
        >>> import hornbook
        >>> hornbook.get("loss", "huber", delta=0.5).name
        'huber_loss'
    """
    from hornbook.assembly.build import build
    from hornbook.catalog import catalog
    from hornbook.recipes.binding import Binder
    from hornbook.recipes.document import node

    found = catalog().find(_kind(kind), name)
    if isinstance(found, Problem):
        raise HornbookError(found, exit_code=3)
    binder = Binder(catalog())
    use = binder.use(kind, node({"use": name, **parameters}), kind)
    if use is None or binder.problems:
        raise HornbookError(binder.problems)
    return build(use, {})


def plugins() -> list[Plugin]:
    """The installed plugins, each in its state; a broken one is listed, never raised.

    Returns:
        The plugins, ordered by name.

    Example:
        >>> import hornbook
        >>> [plugin.state for plugin in hornbook.plugins() if plugin.name == "losses"]
        ['ready']
    """
    from hornbook.discovery.discover import plugins

    return list(plugins())


def _kind(kind: str) -> str:
    from hornbook.names import did_you_mean

    if kind not in KINDS:
        hint = did_you_mean(kind, list(KINDS), f"the kinds are {', '.join(KINDS)}")
        raise HornbookError(Problem(code="HB200", message=f"there is no kind {kind!r}", hint=hint))
    return kind


read=run=load=runs=None
