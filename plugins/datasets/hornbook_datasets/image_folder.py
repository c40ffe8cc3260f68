"""Images in folders, one folder a class; decoded when they are asked for."""

import hashlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

import numpy as np

from hornbook.dataset import Dataset, Split
from hornbook_datasets.files import existing_folder

ColorMode = Literal["rgb", "grayscale", "rgba"]

SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".webp")

_MODES = {"rgb": "RGB", "grayscale": "L", "rgba": "RGBA"}
"""What Pillow calls the color modes."""

_SPLITS = {
    "train": "train",
    "validation": "validation",
    "val": "validation",
    "valid": "validation",
    "test": "test",
}
"""The split that a folder of this name is taken for."""


def image_folder(
    path: str, size: int | Sequence[int], color_mode: ColorMode = "rgb", crop: bool = False
) -> Dataset:
    """Images in folders, one folder a class: `path/cat/1.jpg`, `path/dog/2.png`.

    Where `path` has a folder `train`, the splits are that and, if they are there, `validation` (or `val`,
    `valid`) and `test`, each with a folder a class. Files are read once, for the digest; images are decoded
    when a batch needs them. Names that start with a dot, and files that are no images, are left alone.

    Args:
        path: The folder. Images are .png, .jpg, .jpeg, .bmp or .webp. Links that lead out of it are refused.
        size: The height and width, in pixels, that images are resized to; one number for both.
        color_mode: `rgb`, `grayscale` or `rgba`.
        crop: Whether images of another shape are cropped around the middle; else they are stretched.

    Returns:
        Images float32 `(examples, height, width, channels)` in [0, 1], in the order of class and file name,
        and class numbers int32 `(examples,)` in the order of the folders' names.

    Raises:
        FileNotFoundError: There is no such folder.
        ImportError: Pillow is not installed.
        ValueError: The folder is not of this form. A broken image says so when its rows are asked for.

    Example:
        >>> import pathlib, tempfile
        >>> from PIL import Image
        >>> root = pathlib.Path(tempfile.mkdtemp())
        >>> for name in ("black", "white"):
        ...     (root / name).mkdir()
        ...     Image.new("L", (20, 20), name).save(root / name / "1.png")
        >>> data = image_folder(str(root), size=16)
        >>> data.class_names, data.shape
        (('black', 'white'), (16, 16, 3))
    """
    from hornbook_datasets.image_rows import ImageRows

    if color_mode not in _MODES:
        raise ValueError(f"color_mode is {color_mode!r}; it can be {', '.join(_MODES)}")
    height_width = _height_width(size)
    root = existing_folder(path).resolve()
    folders = _split_folders(root)
    class_names = tuple(folder.name for folder in _folders(folders["train"], root))
    if not class_names:
        raise ValueError(
            f"{folders['train']} has no folders; it needs one for each class, with its images inside"
        )

    content = hashlib.sha256(f"{height_width} {color_mode} {crop}\n".encode())
    splits = {}
    for split, folder in folders.items():
        files, numbers = _files(folder, root, class_names)
        for file in files:
            content.update(f"{split} {file.parent.name}/{file.name} {file.stat().st_size}\n".encode())
            content.update(file.read_bytes())
        rows = ImageRows(files, height_width, _MODES[color_mode], crop)
        splits[split] = Split(rows, np.array(numbers, "int32"))
    return Dataset(
        train=splits["train"],
        validation=splits.get("validation"),
        test=splits.get("test"),
        task="classification",
        modality="images",
        labels="integer",
        class_names=class_names,
        value_range=(0.0, 1.0),
        digest="sha256:" + content.hexdigest(),
    )


def _height_width(size: int | Sequence[int]) -> tuple[int, int]:
    sides = [size, size] if isinstance(size, int) else list(size)
    if len(sides) != 2 or not all(isinstance(side, int) and side > 0 for side in sides):
        raise ValueError(f"size is {size}; it is one number of pixels, or a height and a width")
    return sides[0], sides[1]


def _split_folders(root: Path) -> dict[str, Path]:
    """The folders of the splits; the root itself where it has no folder `train`."""
    named = {folder.name: folder for folder in _folders(root, root)}
    if "train" not in named:
        return {"train": root}
    others = sorted(set(named) - set(_SPLITS))
    if others:
        raise ValueError(
            f"{root} has a folder 'train', so {others[0]!r} beside it should be a split; move it"
        )
    splits: dict[str, Path] = {}
    for name, split in _SPLITS.items():
        if name in named and splits.setdefault(split, named[name]) != named[name]:
            raise ValueError(f"{root} has both {splits[split].name!r} and {name!r}; keep one for {split}")
    return splits


def _files(folder: Path, root: Path, class_names: tuple[str, ...]) -> tuple[list[Path], list[int]]:
    """The images of one split, and the class number of each."""
    files: list[Path] = []
    numbers: list[int] = []
    for kind in _folders(folder, root):
        if kind.name not in class_names:
            raise ValueError(f"{kind} is of no class: the classes of training are {', '.join(class_names)}")
        images = [file for file in _entries(kind, root) if file.suffix.lower() in SUFFIXES]
        nested = next(_folders(kind, root), None)
        if nested:
            raise ValueError(f"{nested} is a folder in the folder of a class; move its images up")
        if not images:
            raise ValueError(f"{kind} has no images; they end in {', '.join(SUFFIXES)}")
        files += images
        numbers += [class_names.index(kind.name)] * len(images)
    if not files:
        raise ValueError(f"{folder} has no folders; it needs one for each class, with its images inside")
    return files, numbers


def _folders(folder: Path, root: Path) -> Iterator[Path]:
    return (entry for entry in _entries(folder, root) if entry.is_dir())


def _entries(folder: Path, root: Path) -> list[Path]:
    """What is in a folder, in the order of names; nothing that a link leads to outside of the root."""
    with os.scandir(folder) as found:
        entries = sorted(
            (entry for entry in found if not entry.name.startswith(".")), key=lambda entry: entry.name
        )
    for entry in entries:
        if entry.is_symlink() and not Path(entry.path).resolve().is_relative_to(root):
            raise ValueError(
                f"{entry.path} is a link that leads out of {root}; put the images themselves there"
            )
    return [Path(entry.path) for entry in entries]
