"""Images in folders: what is read, when it is read, and what is refused."""

import shutil
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

import hornbook
from hornbook.dataset import Rows

PIXELS = np.random.default_rng(0).integers(0, 256, (4, 6, 5, 3), "uint8")


def save(file, pixels, **options):
    file.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(file, **options)


@pytest.fixture
def folder(tmp_path):
    """Two cats and two dogs of 6 by 5 pixels."""
    for name, pixels in zip(["cat/a.png", "cat/b.png", "dog/a.png", "dog/b.png"], PIXELS, strict=True):
        save(tmp_path / "pets" / name, pixels)
    return tmp_path / "pets"


def load(folder, size=(6, 5), **parameters):
    return hornbook.get("dataset", "image_folder", path=str(folder), size=size, **parameters)


def refused(folder, **parameters):
    with pytest.raises(hornbook.HornbookError) as raised:
        load(folder, **parameters)
    return str(raised.value)


def everything(split):
    return split.inputs[np.arange(len(split))]


def test_pixels_and_classes(folder):
    data = load(folder)
    assert isinstance(data.train.inputs, Rows)
    assert (data.shape, data.class_names, data.value_range) == ((6, 5, 3), ("cat", "dog"), (0.0, 1.0))
    assert (data.task, data.modality, data.labels) == ("classification", "images", "integer")
    np.testing.assert_array_equal(
        everything(data.train), PIXELS.astype("float32") / np.float32(255), strict=True
    )
    np.testing.assert_array_equal(data.train.labels, np.array([0, 0, 1, 1], "int32"), strict=True)


def test_rows_come_in_the_order_asked_for(folder):
    rows = load(folder).train.inputs
    np.testing.assert_array_equal(rows[np.array([3, 0, 3])], rows[np.arange(4)][[3, 0, 3]])
    assert rows[np.array([], "int64")].shape == (0, 6, 5, 3)
    with pytest.raises(IndexError):
        rows[np.array([4])]


def test_nothing_is_decoded_until_it_is_asked_for(folder):
    (folder / "cat" / "b.png").write_bytes(b"no image")
    rows = load(folder).train.inputs
    save(folder / "cat" / "a.png", 255 - PIXELS[0])
    np.testing.assert_allclose(rows[np.array([0])][0], (255 - PIXELS[0]) / 255, rtol=1e-6)
    with pytest.raises(ValueError, match=r"b\.png cannot be decoded"):
        rows[np.array([0, 1])]


def test_a_file_that_went_away_is_named(folder):
    rows = load(folder).train.inputs
    (folder / "dog" / "b.png").unlink()
    with pytest.raises(ValueError, match=r"dog/b\.png cannot be decoded"):
        rows[np.array([3])]


@pytest.mark.parametrize(("color_mode", "channels"), [("grayscale", 1), ("rgb", 3), ("rgba", 4)])
def test_color_modes(folder, color_mode, channels):
    images = everything(load(folder, color_mode=color_mode).train)
    assert images.shape == (4, 6, 5, channels)
    luma = PIXELS @ np.array([0.299, 0.587, 0.114])  # ITU-R BT.601
    expected = (
        luma[..., None]
        if channels == 1
        else np.pad(PIXELS, [(0, 0)] * 3 + [(0, channels - 3)], constant_values=255)
    )
    np.testing.assert_allclose(images * 255, expected, atol=1)


def test_images_are_resized(tmp_path):
    ramp = np.repeat(np.arange(0, 256, 4, dtype="uint8")[None, :, None], 32, axis=0).repeat(3, axis=2)
    save(tmp_path / "a" / "1.png", ramp)
    image = everything(load(tmp_path, size=16).train)[0, :, :, 0] * 255
    expected = ramp[0, :, 0].reshape(16, 4).mean(axis=1)
    np.testing.assert_allclose(image[:, 2:-2], np.tile(expected[2:-2], (16, 1)), atol=1)


@pytest.mark.parametrize(("crop", "leftmost"), [(True, 1.0), (False, 0.0)])
def test_crop_keeps_the_middle(tmp_path, crop, leftmost):
    bars = np.zeros((10, 30, 3), "uint8")
    bars[:, 10:20] = 255
    save(tmp_path / "a" / "1.png", bars)
    image = everything(load(tmp_path, size=10, crop=crop).train)[0]
    np.testing.assert_array_equal(image[:, [0, 5]], np.array([[[leftmost] * 3, [1.0] * 3]] * 10))


def test_a_large_jpeg_is_close_to_its_full_decoding(tmp_path):
    across, down = np.meshgrid(np.linspace(0, 6, 900), np.linspace(0, 9, 700))
    pixels = np.stack([np.sin(across), np.cos(down), np.sin(across + down)], axis=-1) * 100 + 128
    save(tmp_path / "a" / "1.jpg", pixels.astype("uint8"), quality=95)
    image = everything(load(tmp_path, size=[35, 45]).train)[0]
    expected = pixels.reshape(35, 20, 45, 20, 3).mean(axis=(1, 3)) / 255
    assert np.abs(image - expected).mean() < 0.005


def test_sixteen_bits_are_brought_to_eight(tmp_path):
    save(tmp_path / "a" / "1.png", np.array([[0, 257 * 100, 65535]], "uint16"))
    image = everything(load(tmp_path, size=[1, 3], color_mode="grayscale").train)[0, 0, :, 0]
    np.testing.assert_allclose(image, [0, 100 / 255, 1], rtol=1e-6)


def test_photographs_are_turned_upright(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned: the first row of pixels is the right side
    save(tmp_path / "a" / "1.png", PIXELS[0], exif=exif)
    image = everything(load(tmp_path, size=[5, 6]).train)[0]
    np.testing.assert_allclose(image * 255, np.rot90(PIXELS[0], -1), rtol=1e-6)


@pytest.mark.parametrize("validation", ["validation", "val", "valid"])
def test_folders_of_splits(folder, tmp_path, validation):
    for split in ("train", validation, "test"):
        shutil.copytree(folder, tmp_path / "all" / split)
    shutil.rmtree(tmp_path / "all" / "test" / "cat")
    data = load(tmp_path / "all")
    assert {name: len(split) for name, split in data.splits.items()} == {
        "train": 4,
        "validation": 4,
        "test": 2,
    }
    np.testing.assert_array_equal(data.test.labels, [1, 1])
    np.testing.assert_array_equal(everything(data.test), everything(data.train)[2:])


def test_other_files_are_left_alone(folder):
    (folder / "readme.txt").write_text("pets")
    (folder / "cat" / "Thumbs.db").write_bytes(b"?")
    (folder / ".cache").mkdir()
    (folder / "cat" / ".hidden").mkdir()
    assert len(load(folder).train) == 4


def test_the_digest_is_of_the_content(folder, tmp_path):
    digest = load(folder).digest
    shutil.copytree(folder, tmp_path / "copy")
    assert load(tmp_path / "copy").digest == digest
    assert load(folder, size=6).digest != digest
    assert load(folder, color_mode="grayscale").digest != digest
    save(tmp_path / "copy" / "dog" / "b.png", PIXELS[3] ^ 1)
    assert load(tmp_path / "copy").digest != digest
    shutil.copy(folder / "dog" / "b.png", tmp_path / "copy" / "dog" / "b.png")
    assert load(tmp_path / "copy").digest == digest
    (tmp_path / "copy" / "dog").rename(tmp_path / "copy" / "fox")
    assert load(tmp_path / "copy").digest != digest


def test_a_link_within_the_folder_is_followed(folder):
    (folder / "dog" / "c.png").symlink_to(folder / "dog" / "a.png")
    rows = load(folder).train.inputs
    np.testing.assert_array_equal(*rows[np.array([2, 4])])


@pytest.mark.parametrize("link", ["dog/c.png", "fox"])
def test_a_link_out_of_the_folder_is_refused(folder, tmp_path, link):
    save(tmp_path / "elsewhere" / "c.png", PIXELS[0])
    target = tmp_path / "elsewhere"
    (folder / link).symlink_to(target / "c.png" if link.endswith("png") else target)
    said = refused(folder)
    assert f"{folder / link} is a link that leads out of {folder}" in said


def test_an_image_that_claims_to_be_huge_is_not_decoded(folder):
    def chunk(name, content):
        return (
            struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        )

    for name, side in (("a.png", 9_000), ("b.png", 60_000)):
        header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
        content = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
        (folder / "cat" / name).write_bytes(b"\x89PNG\r\n\x1a\n" + content)
    rows = load(folder).train.inputs
    for row, name in enumerate(["a.png", "b.png"]):
        with pytest.raises(ValueError, match=rf"cat/{name} is larger than 67,108,864 pixels"):
            rows[np.array([row])]


def test_only_formats_that_are_images_are_opened(folder):
    (folder / "cat" / "a.png").write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 5 5\n")
    with pytest.raises(ValueError, match="cannot identify image file"):
        load(folder).train.inputs[np.array([0])]


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"size": 0}, "size is 0"),
        ({"size": [6, 5, 3]}, "size is [6, 5, 3]"),
        ({"size": [6, 0.5]}, "a height and a width"),
        ({"color_mode": "cmyk"}, "cmyk"),
    ],
)
def test_parameters_are_checked(folder, parameters, said):
    assert said in refused(folder, **parameters)


def test_what_is_wrong_with_the_folder_is_said(folder, tmp_path):
    assert "there is no" in refused(tmp_path / "missing")
    assert "is a file; name a folder" in refused(folder / "cat" / "a.png")
    assert "has no folders" in refused(folder / "cat")
    (folder / "fox").mkdir()
    assert "fox has no images" in refused(folder)
    (folder / "fox" / "den").mkdir()
    assert "den is a folder in the folder of a class" in refused(folder)


def test_what_is_wrong_with_splits_is_said(folder, tmp_path):
    root = tmp_path / "all"
    shutil.copytree(folder, root / "train")
    (root / "test").mkdir()
    assert "test has no folders" in refused(root)
    save(root / "test" / "fox" / "a.png", PIXELS[0])
    assert "fox is of no class: the classes of training are cat, dog" in refused(root)
    (root / "extra").mkdir()
    assert "'extra' beside it should be a split" in refused(root)
    (root / "extra").rename(root / "val")
    shutil.copytree(folder, root / "valid")
    assert "both 'val' and 'valid'" in refused(root)
