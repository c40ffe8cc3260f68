"""Grids of images: every image in its place, its colors as they are."""

import io

import numpy as np
import pytest
from PIL import Image

from hornbook.runner.figures import DOTS_PER_INCH, save, style
from hornbook.runner.image_grid import Cell, grid

WHITE = (255, 255, 255)


def drawn(rows, **more):
    """The picture as it is saved, and its figure."""
    with style():
        figure = grid("a title", rows, **more)
        file = io.BytesIO()
        save(figure, file)
    return np.asarray(Image.open(file).convert("RGB")), figure


def plain(color, dtype="uint8", side=8):
    return np.full((side, side, len(color)), color, dtype)


def areas(picture, color):
    """The left, top, width and height of what has a color, in inches."""
    down, across = np.nonzero((picture == color).all(-1))
    assert len(down), f"nothing is {color}"
    found = (across.min(), down.min(), np.ptp(across) + 1, np.ptp(down) + 1)
    return tuple(float(one) / DOTS_PER_INCH for one in found)


def test_images_stand_in_rows_and_columns_all_of_one_size():
    reds = [(200 + 10 * number, 0, 0) for number in range(3)]
    rows = [("first", [Cell(plain(reds[0])), Cell(plain(reds[1]))]), ("second", [Cell(plain(reds[2]))])]
    picture, _ = drawn(rows)
    (left, top, wide, high), second, below = (areas(picture, red) for red in reds)
    assert (wide, high) == pytest.approx((1.2, 1.2), abs=0.03)
    assert second == pytest.approx((left + 1.32, top, wide, high), abs=0.01)
    assert below[0] == pytest.approx(left, abs=0.01)
    assert below[1] > top + high + 0.1


@pytest.mark.parametrize(
    ("image", "color"),
    [
        (plain((10, 200, 30)), (10, 200, 30)),
        (plain((0.2, 1.0, 0.6), "float32"), (51, 255, 153)),
        (plain((130,)), (130, 130, 130)),
        (plain((0.4,), "float32"), (102, 102, 102)),
        (plain((130, 7)), (130, 130, 130)),
        (plain((0, 0, 200, 255)), (0, 0, 200)),
        (plain((2.5, -1.0, np.nan), "float32"), (255, 0, 0)),
        (plain((10, 200, 30), side=300), (10, 200, 30)),
    ],
    ids=["colors", "shares", "gray", "gray shares", "two channels", "opaque", "beyond", "large"],
)
def test_colors_are_shown_as_they_are(image, color):
    picture, _ = drawn([("", [Cell(image)])])
    *_, wide, high = areas(picture, color)
    assert (wide, high) == pytest.approx((1.2, 1.2), abs=0.03)


def test_what_is_transparent_shows_the_page():
    image = plain((200, 0, 0, 0))
    image[:4, :, 3] = 255
    picture, _ = drawn([("", [Cell(image)])])
    left, top, wide, high = (round(one * DOTS_PER_INCH) for one in areas(picture, (200, 0, 0)))
    assert high == pytest.approx(wide / 2, abs=3)
    assert tuple(picture[top + high + 20, left + wide // 2]) == WHITE


def test_a_small_image_shows_its_pixels():
    board = (np.indices((4, 4)).sum(0) % 2 * 255).astype("uint8")[..., None]
    picture, _ = drawn([("", [Cell(board)])])
    left, top, wide, _ = (round(one * DOTS_PER_INCH) for one in areas(picture, (0, 0, 0)))
    middles = wide // 8 + np.arange(4) * wide // 4
    np.testing.assert_array_equal(picture[top + middles][:, left + middles, 0], board[..., 0])


def test_a_wide_image_keeps_its_shape():
    picture, _ = drawn([("", [Cell(np.full((5, 10, 3), (0, 0, 200), "uint8"))])])
    *_, wide, high = areas(picture, (0, 0, 200))
    assert (wide, high) == pytest.approx((1.2, 0.6), abs=0.03)


def test_words_stand_where_they_belong_and_mistakes_are_told_by_their_color():
    cells = [Cell(plain((0,)), "row 3\nsaid 1"), Cell(plain((0,)), "row 4\nsaid $2$", wrong=True)]
    _, figure = drawn([("as it is", cells)], note="the worst first")
    words = {text.get_text(): text for text in figure.texts}
    assert set(words) == {"a title", "the worst first", "as it is", "row 3\nsaid 1", "row 4\nsaid $2$"}
    assert words["row 3\nsaid 1"].get_color() != words["row 4\nsaid $2$"].get_color()
    left, right = (words[text].get_window_extent() for text in ("row 3\nsaid 1", "row 4\nsaid $2$"))
    assert left.x1 < right.x0
    assert words["as it is"].get_window_extent().x1 < left.x0
