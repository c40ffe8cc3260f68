"""Arrays as they stand in a file -> inputs that a model can take."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from hornbook.dataset import Modality


@dataclass(frozen=True, slots=True)
class PreparedInputs:
    """Inputs for each split, and what is to be known of them.

    Args:
        modality: What they are.
        value_range: The least and the greatest value that they can take, where the type tells.
        splits: The inputs, by the name of the split: float32, or int32 for tokens.
    """

    modality: Modality
    value_range: tuple[float, float] | None
    splits: dict[str, np.ndarray]


def prepare_inputs(
    columns: Mapping[str, np.ndarray], modality: Modality | None = None, scale: float | None = None
) -> PreparedInputs:
    """Make inputs of arrays.

    Args:
        columns: The arrays of each split, of shape `(examples, ...)`; `train` among them.
        modality: `"images"`, `"tokens"` or `"features"`. Left out, unsigned integers of three or four axes
            are images, and so are numbers of four axes of which the last is 1, 3 or 4; all else is features.
        scale: What inputs are multiplied by. Left out, images of unsigned integers are scaled to [0, 1],
            and nothing else is scaled.

    Returns:
        The inputs; images have an axis of channels.

    Raises:
        ValueError: The arrays are not numbers, or not of the modality's shape.

    Example:
        >>> prepare_inputs({"train": np.full((5, 8, 8), 255, "uint8")}).splits["train"].max()
        np.float32(1.0)
    """
    train = columns["train"]
    modality = modality or _evident_modality(train)
    if modality not in ("images", "tokens", "features"):
        raise ValueError(f"modality is {modality!r}; it can be images, tokens or features")
    if scale is not None and not (scale > 0 and modality != "tokens"):
        reason = "tokens are not scaled" if modality == "tokens" else f"scale is {scale}, not above 0"
        raise ValueError(reason)
    value_range = None
    if modality == "images" and train.dtype.kind == "u":
        greatest = np.iinfo(train.dtype).max
        scale = scale or 1 / greatest
        value_range = (0.0, float(greatest * scale))
    splits = {split: _prepared(column, modality, scale) for split, column in columns.items()}
    shapes = {split: rows.shape[1:] for split, rows in splits.items()}
    if len(set(shapes.values())) > 1:
        differ = ", ".join(f"{split} {shape}" for split, shape in shapes.items())
        raise ValueError(f"inputs differ in shape between the splits: {differ}")
    if len({column.dtype for column in columns.values()}) > 1:
        raise ValueError("inputs differ in dtype between the splits, and may differ in scale")
    return PreparedInputs(modality, value_range, splits)


def _evident_modality(train: np.ndarray) -> Modality:
    unsigned = train.dtype.kind == "u" and train.ndim in (3, 4)
    return "images" if unsigned or (train.ndim == 4 and train.shape[-1] in (1, 3, 4)) else "features"


def _prepared(column: np.ndarray, modality: Modality, scale: float | None) -> np.ndarray:
    if column.dtype.kind not in "biuf":
        raise ValueError(f"inputs are numbers, not {column.dtype}")
    if modality == "tokens":
        return _tokens(column)
    if column.dtype.kind == "f" and not np.isfinite(column).all():
        raise ValueError("there are inputs that are missing or infinite; leave those examples out")
    with np.errstate(over="ignore"):  # what overflows is infinite, and refused below
        rows = column.astype("float32")
        if scale is not None:
            rows *= np.float32(scale)
    if not np.isfinite(rows).all():
        raise ValueError("there are inputs beyond the range of float32; scale them down")
    if modality == "images":
        return _images(rows)
    return rows[:, None] if rows.ndim == 1 else rows


def _images(rows: np.ndarray) -> np.ndarray:
    if rows.ndim == 3:
        return rows[..., None]
    if rows.ndim != 4:
        raise ValueError(
            f"images are (examples, height, width) or (examples, height, width, channels), not {rows.shape}"
        )
    return rows


def _tokens(column: np.ndarray) -> np.ndarray:
    if column.dtype.kind not in "iu" or column.ndim != 2:
        raise ValueError(
            f"tokens are whole numbers of shape (examples, length), not {column.dtype} of {column.shape}"
        )
    if column.min() < 0 or column.max() > np.iinfo("int32").max:
        raise ValueError("tokens are numbers from 0 within the range of int32")
    return column.astype("int32")
