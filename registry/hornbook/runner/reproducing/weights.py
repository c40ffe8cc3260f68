"""The weights of two saved models, bit for bit, without Keras: read as arrays, nothing of them carried out."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from hornbook.runner.reproducing.comparison import Verdict, verdict_on

MOST_BYTES = 8 * 2**30
"""What the weights of a model may take."""
_SMALLEST = float(np.finfo("float32").tiny)
_WEIGHTS = "model.weights.h5"
_OPTIMIZER = "optimizer/"


@dataclass(frozen=True, slots=True)
class WeightAgreement:
    """How the weights of two models agree.

    Args:
        verdict: How far.
        arrays: How many arrays of weights the models have.
        differing: How many of them are not the same, bit for bit.
        largest: The largest difference, as a share of the largest weight of its array; infinite where
            arrays have no counterpart of their shape.
    """

    verdict: Verdict
    arrays: int
    differing: int
    largest: float


def compare(then: Path, now: Path, tolerance: float) -> WeightAgreement:
    """Compare the weights of two saved models; what their optimizers remember is left aside.

    Args:
        then: A `.keras` file.
        now: Another one.
        tolerance: The share by which weights may differ.

    Returns:
        How they agree.

    Raises:
        ValueError: When a file is not a saved model, or too large.
        OSError: When one cannot be read.
    """
    with _arrays(then) as old, _arrays(now) as new:
        names = sorted({*old, *new})
        shares = [_share(old.get(name), new.get(name)) for name in names]
    largest = max(shares, default=0.0)
    return WeightAgreement(
        verdict_on(largest, tolerance), len(names), sum(share > 0 for share in shares), largest
    )


def _share(then: Any, now: Any) -> float:
    if then is None or now is None or then.shape != now.shape or then.dtype != now.dtype:
        return float("inf")
    old, new = np.asarray(then), np.asarray(now)
    if old.tobytes() == new.tobytes():
        return 0.0
    wide = np.float64 if old.dtype.kind in "biuf" else old.dtype
    apart = float(np.abs(old.astype(wide) - new.astype(wide)).max())
    largest = max(float(np.abs(old.astype(wide)).max()), _SMALLEST)
    # Other bits may be the same number: 0 and -0.
    return max(apart / largest, _SMALLEST) if np.isfinite(apart) else float("inf")


@contextmanager
def _arrays(file: Path) -> Iterator[dict[str, Any]]:
    """The arrays of a saved model by name, read when they are looked at.

    Links, and arrays whose values lie in other files, are not followed: a saved model may be anybody's.
    """
    import h5py  # type: ignore[import-untyped]

    try:
        with zipfile.ZipFile(file) as archive:
            if archive.getinfo(_WEIGHTS).file_size > MOST_BYTES:
                raise ValueError(f"{file} is too large")
            content = archive.read(_WEIGHTS)
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError) as error:
        raise ValueError(f"{file} is not a saved Keras model: {error}") from None
    found: dict[str, Any] = {}

    def take(name: str, item: Any) -> None:
        if isinstance(item, h5py.Dataset) and not name.startswith(_OPTIMIZER):
            if item.external or item.is_virtual:
                raise ValueError(f"{file} has its weights in other files")
            found[name] = item

    with h5py.File(io.BytesIO(content), "r") as stored:
        stored.visititems(take)
        yield found
