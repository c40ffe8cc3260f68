"""What hornbook-augmenters contributes."""

from collections.abc import Iterable

from hornbook import Component, hookimpl


@hookimpl
def hornbook_components() -> Iterable[Component]:
    """Yield the augmenters."""
    return ()
