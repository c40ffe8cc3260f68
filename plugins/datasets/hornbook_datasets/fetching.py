"""Data that Keras downloads: where it comes from, where it is kept, and what to say when it cannot be had."""

import importlib
import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_STORE = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
_CIFAR = "https://www.cs.toronto.edu/~kriz/"


@dataclass(frozen=True, slots=True)
class Source:
    """Where Keras takes a dataset from, and where it keeps it.

    Args:
        origin: The address of the folder with the files.
        files: The name of each file there, and the name that it is kept under.
        folder: Where it is kept, within Keras' cache folder.
    """

    origin: str
    files: Mapping[str, str]
    folder: str = "datasets"


def _stored(*files: str, folder: str = "datasets") -> Source:
    return Source(_STORE, {file: file for file in files}, folder)


SOURCES = {
    "mnist": _stored("mnist.npz"),
    "fashion_mnist": _stored(
        *("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"),
        *("t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"),
        folder="datasets/fashion-mnist",
    ),
    "cifar10": Source(_CIFAR, {"cifar-10-python.tar.gz": "cifar-10-batches-py-target_archive"}),
    "cifar100": Source(_CIFAR, {"cifar-100-python.tar.gz": "cifar-100-python-target_archive"}),
    "imdb": _stored("imdb.npz"),
    "reuters": _stored("reuters.npz"),
    "california_housing": _stored("california_housing.npz"),
}
"""The modules of `keras.datasets` that are used here."""

Arrays = tuple[tuple[Any, Any], tuple[Any, Any]]


def fetch(name: str, **options: Any) -> Arrays:
    """Load a dataset of Keras' from its cache, downloading it first where it is not there.

    Args:
        name: One of `SOURCES`.
        **options: For the dataset's `load_data`.

    Returns:
        Inputs and labels for training, and for testing.

    Raises:
        FileNotFoundError: It is not in the cache and cannot be downloaded, or is damaged there; the message
            tells which files belong where.
    """
    load_data: Callable[..., Arrays] = importlib.import_module(f"keras.datasets.{name}").load_data
    try:
        # Keras tells of its progress on standard output, which belongs to the command's answer.
        with redirect_stdout(sys.stderr):
            return load_data(**options)
    except Exception as error:  # Keras raises a bare Exception when a download fails
        source = SOURCES[name]
        files = ", ".join(
            file if file == kept else f"{file} as {kept}" for file, kept in source.files.items()
        )
        cause = " ".join(str(error).split()) or type(error).__name__
        raise FileNotFoundError(
            f"Keras could not download {name}, or what it has of it is damaged. By hand, put {files} from "
            f"{source.origin} into {_cache() / source.folder}. The cause: {cause}"
        ) from error


def _cache() -> Path:
    """The folder in which Keras keeps downloads."""
    folder = Path(os.environ.get("KERAS_HOME", "~/.keras")).expanduser()
    return folder if os.access(folder, os.W_OK) else Path(tempfile.gettempdir()) / ".keras"
