"""What hornbook-layers contributes: layers, and what layers are made with."""

from collections.abc import Iterable

from hornbook import Component, hookimpl
from hornbook_layers.declarations.activations import activations
from hornbook_layers.declarations.keras_layers import keras_layers
from hornbook_layers.declarations.own_layers import own_layers
from hornbook_layers.declarations.weights import weights


@hookimpl
def hornbook_components() -> Iterable[Component]:
    """Yield layers, activations, initializers, regularizers and constraints."""
    yield from keras_layers()
    yield from own_layers()
    yield from activations()
    yield from weights()
