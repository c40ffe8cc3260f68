"""Small classics that come inside scikit-learn: they need no network.

The files are read without importing scikit-learn, which takes forty times as long as reading them.
"""

from importlib import resources
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import numpy as np

from hornbook.dataset import Dataset, Modality, Split
from hornbook_datasets import names


def digits() -> Dataset:
    """Handwritten digits: 1,797 grey images of 8 by 8 pixels, 10 classes (Alpaydin & Kaynak 1998).

    Returns:
        Images float32 `(1797, 8, 8, 1)` in [0, 1] and class numbers.

    Example:
        >>> digits().shape
        (8, 8, 1)
    """
    table = _table("digits.csv.gz", delimiter=",")
    images = table[:, :-1].reshape(-1, 8, 8, 1) / 16
    return _classification(images, table[:, -1], names.DIGITS, modality="images", value_range=(0.0, 1.0))


def iris() -> Dataset:
    """Three species of iris, told by four measures of their petals and sepals (Fisher 1936).

    Returns:
        Features float32 `(150, 4)` in centimetres and class numbers.

    Example:
        >>> iris().class_names
        ('setosa', 'versicolor', 'virginica')
    """
    return _measured("iris.csv", names.IRIS)


def wine() -> Dataset:
    """Italian wines of three cultivars, told by 13 chemical measures (Forina et al. 1988).

    Returns:
        Features float32 `(178, 13)`, each in its own unit, and class numbers.

    Example:
        >>> wine().shape
        (13,)
    """
    return _measured("wine_data.csv", names.WINE)


def breast_cancer() -> Dataset:
    """Breast tumours, malignant or benign, told by 30 measures of cell nuclei (Street et al. 1993).

    Returns:
        Features float32 `(569, 30)`, each in its own unit, and class numbers: 0 malignant, 1 benign.

    Example:
        >>> breast_cancer().classes
        2
    """
    return _measured("breast_cancer.csv", names.BREAST_CANCER)


def diabetes(scaled: bool = True) -> Dataset:
    """The progress of diabetes after a year, from ten measures of 442 patients (Efron et al. 2004).

    Args:
        scaled: Whether each feature is centred and divided by its standard deviation times the square root
            of 442, as scikit-learn and the paper have it; else features are in their own units.

    Returns:
        Features float32 `(442, 10)` and labels float32 `(442, 1)`, from 25 to 346.

    Example:
        >>> diabetes().task
        'regression'
    """
    features = _table("diabetes_data_raw.csv.gz")
    if scaled:
        centred = features - features.mean(axis=0)
        features = centred / np.sqrt((centred**2).sum(axis=0))
    progress = _table("diabetes_target.csv.gz").reshape(-1, 1)
    return Dataset(
        train=Split(features.astype("float32"), progress.astype("float32")),
        task="regression",
        modality="features",
        labels="real",
    )


def _measured(file: str, class_names: tuple[str, ...]) -> Dataset:
    """A table whose first line counts the examples, and whose last column is the class."""
    table = _table(file, delimiter=",", skiprows=1)
    return _classification(table[:, :-1], table[:, -1], class_names)


def _classification(
    inputs: np.ndarray,
    numbers: np.ndarray,
    class_names: tuple[str, ...],
    modality: Modality = "features",
    value_range: tuple[float, float] | None = None,
) -> Dataset:
    return Dataset(
        train=Split(inputs.astype("float32"), numbers.astype("int32")),
        task="classification",
        modality=modality,
        labels="integer",
        class_names=class_names,
        value_range=value_range,
    )


def _table(file: str, **options: Any) -> np.ndarray:
    """A table of numbers from scikit-learn's data folder; numpy unpacks those that end in .gz."""
    return np.loadtxt(_location(file), encoding="utf-8", **options)


def _location(file: str) -> Path:
    try:
        installed = distribution("scikit-learn").locate_file(f"sklearn/datasets/data/{file}")
    except PackageNotFoundError:
        raise ImportError("this dataset comes inside scikit-learn", name="scikit-learn") from None
    # An editable installation keeps its files elsewhere, and only the package itself knows where.
    path = Path(str(installed))
    return path if path.is_file() else Path(str(resources.files("sklearn.datasets.data") / file))
