"""The splits of a run: the data's own, and those that the recipe takes from the training split."""

import numpy as np

from hornbook.dataset import Dataset, Split
from hornbook.problem import HornbookError, Problem
from hornbook.recipes.recipe import Splitting
from hornbook.runner.data.rows import select

CLASSES = ("integer", "one_hot", "binary", "signed")


def divided(dataset: Dataset, splitting: Splitting) -> dict[str, Split]:
    """Divide the training split as the recipe asks.

    Args:
        dataset: The data with its own splits.
        splitting: Shares of the training split for validation and test, and the seed that draws them.

    Returns:
        The splits by name: `train`, and where there are some `validation` and `test`. A share takes
        the place of a split that the data came with.

    Raises:
        HornbookError: When a split would be empty, or classes are asked for that are not there.
    """
    shares = {"test": splitting.test or 0.0, "validation": splitting.validation or 0.0}
    splits = dataset.splits
    if not any(shares.values()):
        return splits
    if splitting.stratify and dataset.labels not in CLASSES:
        message = "`stratify` needs classes, and the data has none"
        raise HornbookError(Problem(code="HB402", message=message, hint="leave it out", path="data.stratify"))
    train = splits["train"]
    generator = np.random.default_rng(splitting.split_seed)
    groups = [generator.permutation(group) for group in _groups(train, splitting.stratify)]
    begin = [0] * len(groups)
    for name, share in shares.items():
        if not share:
            continue
        end = [first + round(share * len(group)) for first, group in zip(begin, groups, strict=True)]
        rows = [group[a:b] for group, a, b in zip(groups, begin, end, strict=True)]
        splits[name], begin = _part(train, rows, name), end
    rest = [group[first:] for group, first in zip(groups, begin, strict=True)]
    return {**splits, "train": _part(train, rest, "train")}


def _groups(split: Split, stratify: bool) -> list[np.ndarray]:
    """The rows of each class, or all rows in one group."""
    everything = np.arange(len(split))
    if not stratify or split.labels is None:
        return [everything]
    classes = split.labels.argmax(-1) if split.labels.ndim > 1 and split.labels.shape[1] > 1 else split.labels
    return [everything[classes.reshape(-1) == one] for one in np.unique(classes)]


def _part(split: Split, groups: list[np.ndarray], name: str) -> Split:
    rows = np.sort(np.concatenate(groups))
    if not len(rows):
        message = f"the {name} split would be empty: there are {len(split)} examples to divide"
        raise HornbookError(
            Problem(code="HB403", message=message, hint="change the shares", path=f"data.{name}")
        )
    return Split(select(split.inputs, rows), None if split.labels is None else split.labels[rows])
