"""Choosing, for each example of a batch, between several versions of the batch."""

from collections.abc import Sequence
from typing import Any

from keras import ops, tree

from hornbook_augmenters.augmenter import Augmenter, Batch, per_example


def one_of(versions: Sequence[Batch], choice: Any) -> Batch:
    """Take each example from one version of a batch.

    Args:
        versions: Batches of the same keys and shapes.
        choice: The version that each example is taken from; integers of shape `(batch,)`.

    Returns:
        The batch, in the dtypes of the last version.
    """

    def chosen(*values: Any) -> Any:
        *others, last = values
        for number, value in enumerate(others):
            last = ops.where(per_example(choice == number, last), ops.cast(value, last.dtype), last)
        return last

    chosen_batch: Batch = tree.map_structure(chosen, *versions)
    return chosen_batch


def same_shapes(who: Augmenter, before: Batch, after: Batch) -> None:
    """Raise a ValueError where an augmenter has changed a shape, so that nothing can be chosen from."""
    for name, values in before.items():
        for old, new in zip(tree.flatten(values), tree.flatten(after[name]), strict=True):
            if tuple(old.shape[1:]) != tuple(new.shape[1:]):
                raise ValueError(
                    f"{type(who).__name__} needs augmenters that keep shapes. Received: {name} of shape "
                    f"{tuple(old.shape)}, which became {tuple(new.shape)}"
                )
