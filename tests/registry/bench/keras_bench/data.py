"""Small data, made up on the spot."""

import keras
import numpy as np

from hornbook.dataset import Dataset, Split

READ: list[np.ndarray] = []
"""The row numbers that were asked of lazily read rows, request by request."""


def _points(examples, classes, offset=0):
    """Clusters of points, one a class, and the classes in turn."""
    numbers = np.arange(examples) % classes
    generator = np.random.default_rng(offset)
    inputs = generator.normal(size=(examples, 4)) * 0.1 + np.eye(4)[numbers % 4]
    return inputs.astype("float32"), numbers


def _dataset(train, classes, labels="integer", **splits):
    names = tuple(f"class {number}" for number in range(classes))
    return Dataset(
        train=train,
        task="classification" if classes else "regression",
        modality=splits.pop("modality", "features"),
        labels=labels,
        class_names=names,
        **splits,
    )


def points(examples: int = 60, classes: int = 3, held_out: int = 0) -> Dataset:
    """Points in four dimensions; with `held_out`, that many in validation and test splits of the data's own."""
    names = ("validation", "test") if held_out else ()
    own = {name: Split(*_points(held_out, classes, 1)) for name in names}
    return _dataset(Split(*_points(examples, classes)), classes, **own)


class LazyRows:
    """Rows that are read when they are asked for, and remember that they were."""

    def __init__(self, rows):
        self.rows = rows
        self.shape, self.dtype = rows.shape, rows.dtype

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, wanted):
        READ.append(np.asarray(wanted))
        return self.rows[wanted]


def lazy_points(examples: int = 60) -> Dataset:
    """The same points, read row by row. The digest is given, so that nothing is read for it."""
    inputs, labels = _points(examples, 3)
    return _dataset(Split(LazyRows(inputs), labels), 3, digest="sha256:lazy")


def drawn_points(source: str = "numpy") -> Dataset:
    """Points that every loading draws anew, with a generator that a run seeds."""
    numbers = np.random.normal(size=(30, 4)) if source == "numpy" else keras.random.normal((30, 4))
    inputs = keras.ops.convert_to_numpy(numbers).astype("float32")
    return _dataset(Split(inputs, np.arange(30) % 3), 3)


def pictures(examples: int = 48, size: int = 6) -> Dataset:
    """Gray pictures: image `n` is `n / examples` everywhere."""
    shades = np.arange(examples, dtype="float32")[:, None, None, None] / examples
    images = shades * np.ones((1, size, size, 1), "float32")
    train = Split(images, np.arange(examples) % 2)
    return _dataset(train, 2, modality="images", value_range=(0.0, 1.0))


def pairs(examples: int = 40) -> Dataset:
    """Two inputs by name, `left` of width 3 and `right` of width 2; one number to predict."""
    generator = np.random.default_rng(0)
    left = generator.normal(size=(examples, 3)).astype("float32")
    right = generator.normal(size=(examples, 2)).astype("float32")
    train = Split({"left": left, "right": right}, left.sum(1) - right.sum(1))
    return _dataset(train, 0, labels="real")


def table(path: str) -> Dataset:
    """Numbers from a text file: the last column is the class."""
    rows = np.loadtxt(path, delimiter=",", ndmin=2, dtype="float32")
    return _dataset(Split(rows[:, :-1], rows[:, -1].astype(int)), int(rows[:, -1].max()) + 1)
