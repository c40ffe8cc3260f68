"""Rows that are images in files, decoded when they are asked for."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

try:
    from PIL import Image, ImageOps
except ImportError:
    raise ImportError("images in files are decoded by Pillow", name="pillow") from None

_FORMATS = ("PNG", "JPEG", "BMP", "WEBP")
_THREADS = min(8, os.cpu_count() or 1)
_MOST_PIXELS = 1 << 26
"""Larger images are refused before they are decoded: a small file can claim any size."""


class ImageRows:
    """Images in files, as rows of float32 in [0, 1]; see `hornbook.dataset.Rows`.

    Args:
        files: The files, in the order of the rows.
        size: Height and width of the rows, in pixels.
        mode: Pillow's name for the channels, a letter each: `"L"`, `"RGB"` or `"RGBA"`.
        crop: Whether images of another shape are cropped around the middle; else they are stretched.
    """

    def __init__(self, files: Sequence[Path], size: tuple[int, int], mode: str, crop: bool) -> None:
        self._files = [str(file) for file in files]
        self._height, self._width = size
        self._mode = mode
        self._crop = crop

    @property
    def names(self) -> tuple[str, ...]:
        """What each row is called: its file's name, with the folder's."""
        return tuple("/".join(Path(file).parts[-2:]) for file in self._files)

    @property
    def shape(self) -> tuple[int, ...]:
        """Examples, height, width, channels."""
        return len(self._files), self._height, self._width, len(self._mode)

    @property
    def dtype(self) -> np.dtype:
        """Always float32."""
        return np.dtype("float32")

    def __len__(self) -> int:
        return len(self._files)

    def __getitem__(self, rows: np.ndarray, /) -> np.ndarray:
        """Decode images.

        Args:
            rows: Row numbers, of shape `(n,)`.

        Returns:
            The images, float32 of shape `(n, height, width, channels)` in [0, 1].

        Raises:
            ValueError: A file cannot be decoded, or is larger than can be trusted; the message names it.
        """
        files = [self._files[row] for row in rows]
        pixels = np.empty((len(files), *self.shape[1:]), "uint8")
        with ThreadPoolExecutor(_THREADS) as threads:  # Pillow decodes without holding Python's lock
            for place, decoded in enumerate(threads.map(self._decoded, files)):
                pixels[place] = decoded
        return pixels.astype("float32") / np.float32(255)

    def _decoded(self, file: str) -> np.ndarray:
        try:
            with Image.open(file, formats=_FORMATS) as image:
                if image.width * image.height > _MOST_PIXELS:
                    raise Image.DecompressionBombError
                return self._fitted(image)
        except Image.DecompressionBombError:
            raise ValueError(
                f"{file} is larger than {_MOST_PIXELS:,} pixels; make it smaller beforehand"
            ) from None
        except Exception as error:
            raise ValueError(f"{file} cannot be decoded: {error}") from error

    def _fitted(self, image: Image.Image) -> np.ndarray:
        size = self._width, self._height
        # A JPEG can be decoded at an eighth to a half of its size; twice the size due keeps resizing smooth.
        image.draft(None, (2 * max(size), 2 * max(size)))
        upright = ImageOps.exif_transpose(image)
        if upright.mode.startswith("I"):  # 16 bits, of which Pillow would clip all but the lowest eight
            upright = Image.fromarray((np.asarray(upright).clip(0, 65535) // 257).astype("uint8"))
        colored = upright.convert(self._mode)
        if self._crop:
            fitted = ImageOps.fit(colored, size, Image.Resampling.BILINEAR)
        else:
            fitted = colored.resize(size, Image.Resampling.BILINEAR)
        return np.asarray(fitted, "uint8").reshape(self.shape[1:])
