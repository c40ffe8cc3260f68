"""What hornbook-datasets contributes: data to learn on, with what is known of it before it is loaded."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from hornbook import Component, Parameter, declare, hookimpl
from hornbook_datasets import names

_PATH = Parameter(path=True)
_COUNT = Parameter(minimum=1)
_TASK = Parameter(choices=("classification", "regression"))

ONE, TWO = ["train"], ["train", "test"]
"""The splits that data comes with."""


@hookimpl
def hornbook_components() -> Iterable[Component]:
    """Yield the datasets."""
    yield from _shipped()
    yield from _downloads()
    yield from _files()


def _shipped() -> Iterator[Component]:
    """What comes inside scikit-learn."""
    module = "hornbook_datasets.shipped"
    yield declare.dataset(
        "digits",
        f"{module}:digits",
        facts=_images((8, 8, 1), names.DIGITS, examples=1797, splits=ONE),
        reference="Alpaydin & Kaynak 1998",
        tags=["offline", "small", "handwriting"],
    )
    for name, width, examples, class_names, reference in (
        ("iris", 4, 150, names.IRIS, "Fisher 1936"),
        ("wine", 13, 178, names.WINE, "Forina et al. 1988"),
        ("breast_cancer", 30, 569, names.BREAST_CANCER, "Street et al. 1993"),
    ):
        yield declare.dataset(
            name,
            f"{module}:{name}",
            facts=_classes("features", class_names, shape=[width], examples=examples, splits=ONE),
            reference=reference,
            tags=["offline", "small", "tabular"],
        )
    yield declare.dataset(
        "diabetes",
        f"{module}:diabetes",
        facts=_numbers(10, examples=442, splits=ONE),
        reference="Efron et al. 2004",
        tags=["offline", "small", "tabular"],
    )


def _downloads() -> Iterator[Component]:
    """What Keras downloads and keeps."""
    module = "hornbook_datasets.downloads"
    grey, colour = (28, 28, 1), (32, 32, 3)
    for name, shape, examples, class_names, reference in (
        ("mnist", grey, 60_000, names.DIGITS, "LeCun et al. 1998"),
        ("fashion_mnist", grey, 60_000, names.FASHION, "Xiao et al. 2017"),
        ("cifar10", colour, 50_000, names.CIFAR10, "Krizhevsky 2009"),
        ("cifar100", colour, 50_000, names.CIFAR100, "Krizhevsky 2009"),
        ("cifar100_coarse", colour, 50_000, names.CIFAR100_COARSE, "Krizhevsky 2009"),
    ):
        yield declare.dataset(
            name,
            f"{module}:{name}",
            facts=_images(shape, class_names, examples=examples, splits=TWO),
            reference=reference,
            tags=["download"],
        )
    for name, examples, class_names, reference in (
        ("imdb", 25_000, names.SENTIMENT, "Maas et al. 2011"),
        ("reuters", 8_982, names.REUTERS, "Lewis 1997"),
    ):
        yield declare.dataset(
            name,
            f"{module}:{name}",
            # The shape depends on `length`.
            facts=_classes("tokens", class_names, examples=examples, splits=TWO),
            parameters={"num_words": Parameter(minimum=4), "length": _COUNT},
            reference=reference,
            tags=["download", "text"],
        )
    yield declare.dataset(
        "california_housing",
        f"{module}:california_housing",
        facts=_numbers(8, examples=16_512, splits=TWO),
        reference="Pace & Barry 1997",
        tags=["download", "tabular"],
    )


def _files() -> Iterator[Component]:
    """What users bring themselves."""
    yield declare.dataset(
        "csv",
        "hornbook_datasets.csv_file:csv",
        facts={"modality": "features"},
        parameters={"path": _PATH, "task": _TASK},
        tags=["files", "tabular"],
    )
    yield declare.dataset(
        "npz",
        "hornbook_datasets.npz:npz",
        parameters={
            "path": _PATH,
            "task": _TASK,
            "modality": Parameter(choices=("images", "tokens", "features")),
            "scale": Parameter(minimum=0),
        },
        tags=["files"],
    )
    yield declare.dataset(
        "image_folder",
        "hornbook_datasets.image_folder:image_folder",
        facts={
            "task": "classification",
            "modality": "images",
            "labels": "integer",
            "value_range": [0.0, 1.0],
        },
        parameters={"path": _PATH, "color_mode": Parameter(choices=("rgb", "grayscale", "rgba"))},
        tags=["files", "images"],
    )


def _classes(modality: str, class_names: Sequence[str], **more: Any) -> dict[str, Any]:
    return {
        "task": "classification",
        "modality": modality,
        "labels": "integer",
        "classes": len(class_names),
        "class_names": list(class_names),
        **more,
    }


def _images(shape: Sequence[int], class_names: Sequence[str], **more: Any) -> dict[str, Any]:
    return _classes("images", class_names, shape=list(shape), value_range=[0.0, 1.0], **more)


def _numbers(width: int, **more: Any) -> dict[str, Any]:
    return {
        "task": "regression",
        "modality": "features",
        "labels": "real",
        "shape": [width],
        "outputs": 1,
        **more,
    }
