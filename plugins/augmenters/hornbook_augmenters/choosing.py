"""Choosing, for each example of a batch, between several versions of the batch."""

from collections.abc import Sequence
from typing import Any

from keras import ops, tree

from hornbook_augmenters.augmenter import Augmenter, Batch, per_example


def one_of(versions: Sequence[Batch], choice: Any, like: Batch) -> Batch:
    """Take each example from one version of a batch.

    Args:
        versions: Batches of the same keys and shapes.
        choice: The version that each example is taken from; integers of shape `(batch,)`.
        like: The batch whose dtypes the outcome has.

    Returns:
        The batch.
    """

    def chosen(before: Any, first: Any, *others: Any) -> Any:
        taken = ops.cast(first, before.dtype)
        for number, value in enumerate(others, 1):
            taken = ops.where(per_example(choice == number, taken), ops.cast(value, before.dtype), taken)
        return taken

    chosen_batch: Batch = tree.map_structure(chosen, like, *versions)
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
