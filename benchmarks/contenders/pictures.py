"""70,000 pictures of 28 by 28, as MNIST has them, made of scikit-learn's 1,797 of 8 by 8; or MNIST itself."""

from pathlib import Path

import numpy as np

COUNT, SIDE, VALIDATION = 70_000, 28, 10_000


def write_pictures(file: Path, mnist: Path | None = None) -> None:
    """Write the pictures as `x`, uint8, shape `(70000, 28, 28)`, and `y`, their digits.

    Args:
        file: An npz file.
        mnist: MNIST in the form in which Keras downloads it; none makes pictures that look like it.
    """
    if mnist is not None:
        with np.load(mnist) as real:
            pictures = np.concatenate([real["x_train"], real["x_test"]])
            digits = np.concatenate([real["y_train"], real["y_test"]])
    else:
        pictures, digits = _made()
    np.savez(file, x=pictures, y=digits)


def _made() -> tuple[np.ndarray, np.ndarray]:
    from sklearn.datasets import load_digits

    small = load_digits()
    random = np.random.default_rng(0)
    which = random.integers(len(small.images), size=COUNT)
    large = np.kron(small.images.astype("uint8") * 15, np.ones((1, 3, 3), "uint8"))
    pictures = random.integers(16, size=(COUNT, SIDE, SIDE), dtype="uint8")
    places = random.integers(25, size=COUNT)
    for row, column in np.ndindex(5, 5):
        here = np.flatnonzero(places == 5 * row + column)
        pictures[here, row : row + 24, column : column + 24] |= large[which[here]]
    return pictures, small.target[which].astype("uint8")
