"""Learning curves, learning rates, residuals and grids: what is in the pictures is what the run did."""

import struct

import numpy as np
import pytest

from hornbook.reports import contents
from hornbook.reports.store import load
from hornbook.reports.thumbnails import thumbnails
from hornbook.runner.data.feeding import Portion, feed
from hornbook.runner.session import open_session


def size(file):
    """The width and height of a PNG file."""
    content = file.read_bytes()
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    return struct.unpack(">II", content[16:24])


def lines(axes):
    """The curves of an axes, by their labels."""
    return {line.get_label(): line.get_xydata().T for line in axes.get_lines()}


@pytest.mark.parametrize("name", ["digits", "diabetes", "breast_cancer"])
def test_every_picture_is_a_png_of_some_size(name, request):
    run = request.getfixturevalue(name)
    files = [run.folder.reports / one.file for one in contents(run.folder) if one.kind == "image"]
    assert len(files) >= 3
    for file in files:
        assert all(300 < side < 3500 for side in size(file)), file.name
        assert file.stat().st_size < 1_000_000


def test_curves_are_the_journal(digits, figure):
    panels = {axes.get_title(loc="left"): axes for axes in figure(digits.folder, "learning_curves.png").axes}
    assert list(panels) == ["loss", "accuracy"]
    for name, axes in panels.items():
        drawn = lines(axes)
        for label, prefix in (("train", ""), ("validation", "val_")):
            np.testing.assert_allclose(drawn[label], [[1, 2], digits.history[prefix + name]])
    assert [text.get_text() for text in panels["accuracy"].texts] == ["validation at least 0.01"]
    assert "saved weights" not in "".join(lines(panels["loss"]))


def test_the_epoch_of_restored_weights_is_marked(breast_cancer, figure):
    best = int(np.argmin(breast_cancer.history["val_loss"])) + 1
    drawn = lines(figure(breast_cancer.folder, "learning_curves.png").axes[0])
    np.testing.assert_array_equal(drawn[f"saved weights: epoch {best}"][0], [best, best])


def test_the_rate_is_drawn_over_the_plan(digits, figure):
    drawn = lines(figure(digits.folder, "learning_rate.png").axes[0])
    np.testing.assert_allclose(drawn["as it was after each epoch"], [[1, 2], digits.history["learning_rate"]])
    steps, rates = drawn["planned"]
    assert (steps[0], steps[-1]) == (0, 45 / 23)
    assert np.interp(1, steps, rates) == pytest.approx(digits.history["learning_rate"][0], rel=1e-3)


def test_residuals_are_those_of_the_saved_model(diabetes, answered, figure):
    split, outputs = answered(diabetes)
    against, spread = figure(diabetes.folder, "residuals.png").axes
    points = against.get_lines()[1].get_xydata()
    np.testing.assert_allclose(points, np.stack([split.labels[:, 0], outputs[:, 0]], 1), rtol=1e-4)
    assert sum(bar.get_height() for bar in spread.patches) == len(split)


def test_augmented_examples_are_what_training_begins_with(digits):
    session = open_session(digits.recipe)
    train = session.prepared.splits["train"]
    feeding = feed(Portion(train, 64, digits.recipe.seed, session.augmentation))
    feeding.begin(0)
    inputs, labels = (np.asarray(one) for one in next(iter(feeding.batches)))
    kept = load(digits.folder, "augmented")
    np.testing.assert_allclose(kept["after"], inputs[:10] * 255, atol=1)
    for words, label in zip(kept["mixed"], labels, strict=False):
        assert words.startswith(str(label.argmax()))


@pytest.mark.parametrize("shape", [(2, 8, 8, 1), (2, 500, 300, 3), (2, 1, 900, 4), (2, 40, 40, 7)])
def test_thumbnails_are_small_and_the_same_picture(shape):
    images = np.broadcast_to(np.linspace(0, 1, shape[2], dtype="float32")[:, None], shape)
    small = thumbnails(images, (0.0, 1.0))
    assert small.dtype == np.uint8
    assert max(small.shape[1:3]) < 320
    assert small.shape[-1] in (1, 3, 4)
    assert (small[:, :, 0].max() <= 3) and (small[:, :, -1].min() >= 252)
