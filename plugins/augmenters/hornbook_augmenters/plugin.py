"""What hornbook-augmenters contributes: cutout, mixup, cutmix and their kin, and Keras' image layers."""

from collections.abc import Iterable

from hornbook import Component, hookimpl
from hornbook_augmenters import keras_table, own_table


@hookimpl
def hornbook_components() -> Iterable[Component]:
    """Yield the augmenters."""
    yield from own_table.augmenters()
    yield from keras_table.augmenters()
