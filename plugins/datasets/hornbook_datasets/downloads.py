"""Datasets that Keras downloads once and keeps; Keras is imported when one is asked for."""

import numpy as np

from hornbook.dataset import Dataset, Split
from hornbook_datasets import names
from hornbook_datasets.fetching import Arrays, fetch


def mnist() -> Dataset:
    """Handwritten digits: 70,000 grey images, 28 by 28, 10 classes (LeCun et al. 1998). Downloaded.

    Returns:
        Images float32 `(60000, 28, 28, 1)` in [0, 1] and class numbers; 10,000 more to test.

    Raises:
        FileNotFoundError: It is not in Keras' cache and cannot be downloaded.

    Example:
        >>> mnist().shape  # doctest: +SKIP
        (28, 28, 1)
    """
    return images(fetch("mnist"), names.DIGITS)


def fashion_mnist() -> Dataset:
    """Pieces of clothing: 70,000 grey images, 28 by 28, 10 classes (Xiao et al. 2017). Downloaded.

    Returns:
        Images float32 `(60000, 28, 28, 1)` in [0, 1] and class numbers; 10,000 more to test.

    Raises:
        FileNotFoundError: It is not in Keras' cache and cannot be downloaded.

    Example:
        >>> fashion_mnist().class_names[0]  # doctest: +SKIP
        'T-shirt/top'
    """
    return images(fetch("fashion_mnist"), names.FASHION)


def cifar10() -> Dataset:
    """Animals and vehicles: 60,000 colour images, 32 by 32, 10 classes (Krizhevsky 2009). Downloaded.

    Returns:
        Images float32 `(50000, 32, 32, 3)` in [0, 1] and class numbers; 10,000 more to test.

    Raises:
        FileNotFoundError: It is not in Keras' cache and cannot be downloaded.

    Example:
        >>> cifar10().classes  # doctest: +SKIP
        10
    """
    return images(fetch("cifar10"), names.CIFAR10)


def cifar100() -> Dataset:
    """All manner of things: 60,000 colour images, 32 by 32, 100 classes (Krizhevsky 2009). Downloaded.

    Returns:
        Images float32 `(50000, 32, 32, 3)` in [0, 1] and class numbers; 10,000 more to test.

    Raises:
        FileNotFoundError: It is not in Keras' cache and cannot be downloaded.

    Example:
        >>> cifar100().classes  # doctest: +SKIP
        100
    """
    return images(fetch("cifar100", label_mode="fine"), names.CIFAR100)


def cifar100_coarse() -> Dataset:
    """CIFAR-100 with its 100 classes gathered into 20 (Krizhevsky 2009). Downloaded.

    Returns:
        Images float32 `(50000, 32, 32, 3)` in [0, 1] and class numbers; 10,000 more to test.

    Raises:
        FileNotFoundError: It is not in Keras' cache and cannot be downloaded.

    Example:
        >>> cifar100_coarse().classes  # doctest: +SKIP
        20
    """
    return images(fetch("cifar100", label_mode="coarse"), names.CIFAR100_COARSE)


def imdb(num_words: int = 20_000, length: int = 200) -> Dataset:
    """50,000 film reviews, for or against, as word numbers (Maas et al. 2011). Downloaded.

    Args:
        num_words: How many numbers there are for words, the commonest first; 0 is padding, 1 the start of a
            review, 2 any other word. An embedding of them has this `input_dim`.
        length: How many words a review has: longer ones keep their last, shorter ones are padded in front.

    Returns:
        Tokens int32 `(25000, length)` and class numbers, 0 negative, 1 positive; 25,000 more to test.

    Raises:
        FileNotFoundError: It is not in Keras' cache and cannot be downloaded.

    Example:
        >>> imdb(length=80).shape  # doctest: +SKIP
        (80,)
    """
    _check_text(num_words, length)
    return texts(fetch("imdb", num_words=num_words), names.SENTIMENT, num_words, length)


def reuters(num_words: int = 10_000, length: int = 200) -> Dataset:
    """11,228 newswires on 46 topics, as word numbers (Lewis 1997). Downloaded.

    Args:
        num_words: How many numbers there are for words, the commonest first; 0 is padding, 1 the start of a
            text, 2 any other word. An embedding of them has this `input_dim`.
        length: How many words a text has: longer ones keep their last, shorter ones are padded in front.

    Returns:
        Tokens int32 `(8982, length)` and class numbers; 2,246 more to test.

    Raises:
        FileNotFoundError: It is not in Keras' cache and cannot be downloaded.

    Example:
        >>> reuters().classes  # doctest: +SKIP
        46
    """
    _check_text(num_words, length)
    return texts(fetch("reuters", num_words=num_words), names.REUTERS, num_words, length)


def california_housing(unit: float = 100_000.0) -> Dataset:
    """House prices of 20,640 districts of California, from eight measures (Pace & Barry 1997). Downloaded.

    Args:
        unit: How many dollars a label counts as 1; 100,000 as scikit-learn has it.

    Returns:
        Features float32 `(16512, 8)`, each in its own unit, and labels float32 `(16512, 1)`; 4,128 more
        to test.

    Raises:
        FileNotFoundError: It is not in Keras' cache and cannot be downloaded.

    Example:
        >>> california_housing().shape  # doctest: +SKIP
        (8,)
    """
    if not unit > 0:
        raise ValueError(f"unit is {unit}; it must be greater than 0")
    return prices(fetch("california_housing"), unit)


def images(arrays: Arrays, class_names: tuple[str, ...]) -> Dataset:
    """Make a dataset of Keras' arrays of images.

    Args:
        arrays: Images uint8 `(n, height, width)` or with channels, and class numbers `(n,)` or `(n, 1)`, for
            training and for testing.
        class_names: In the order of their numbers.

    Returns:
        Images float32 with channels last, in [0, 1].
    """
    train, test = (
        Split(_channels_last(inputs).astype("float32") / np.float32(255), labels.reshape(-1).astype("int32"))
        for inputs, labels in arrays
    )
    return Dataset(
        train=train,
        test=test,
        task="classification",
        modality="images",
        labels="integer",
        class_names=class_names,
        value_range=(0.0, 1.0),
    )


def texts(arrays: Arrays, class_names: tuple[str, ...], num_words: int, length: int) -> Dataset:
    """Make a dataset of Keras' lists of word numbers.

    Args:
        arrays: Lists of word numbers and class numbers `(n,)`, for training and for testing.
        class_names: In the order of their numbers.
        num_words: What word numbers are less than.
        length: The length to which lists are cut or padded.

    Returns:
        Tokens int32 `(n, length)`.
    """
    from keras.utils import pad_sequences

    train, test = (
        Split(pad_sequences(lists, length, "int32"), np.asarray(labels, "int32")) for lists, labels in arrays
    )
    return Dataset(
        train=train,
        test=test,
        task="classification",
        modality="tokens",
        labels="integer",
        class_names=class_names,
        value_range=(0.0, num_words - 1.0),
    )


def prices(arrays: Arrays, unit: float) -> Dataset:
    """Make a dataset of Keras' arrays of features and prices.

    Args:
        arrays: Features `(n, width)` and prices `(n,)`, for training and for testing.
        unit: What prices are divided by.

    Returns:
        Features and labels float32.
    """
    train, test = (
        Split(features.astype("float32"), (labels.reshape(-1, 1) / unit).astype("float32"))
        for features, labels in arrays
    )
    return Dataset(train=train, test=test, task="regression", modality="features", labels="real")


def _channels_last(rows: np.ndarray) -> np.ndarray:
    if rows.ndim == 3:
        return rows[..., None]
    # Keras gives channels first where the user's keras.json says so.
    return rows.transpose(0, 2, 3, 1) if rows.shape[1] == 3 else rows


def _check_text(num_words: int, length: int) -> None:
    if num_words < 4:
        raise ValueError(f"num_words is {num_words}; 0, 1 and 2 are no words, so it is 4 at least")
    if length < 1:
        raise ValueError(f"length is {length}; it is 1 at least")
