"""Two runs held against each other: what counts as the same."""

import math

import pytest

from hornbook.runner.reproducing.comparison import difference, of_ends, of_epochs, verdict_on, worst


@pytest.mark.parametrize(
    ("then", "now", "share"),
    [
        (0.5, 0.5, 0.0),
        (0.0, -0.0, 0.0),
        (math.nan, math.nan, 0.0),
        (math.inf, math.inf, 0.0),
        (math.inf, -math.inf, math.inf),
        (1.0, math.nan, math.inf),
        (2.0, 2.5, 0.2),
        (2.5, 2.0, 0.2),
        (-1.0, 1.0, 2.0),
        (1e-9, 2e-9, 1e-3),  # what reaches nothing is held against a millionth
        (0.1, math.nextafter(0.1, 1), math.nextafter(0.1, 1) / 0.1 - 1),
    ],
)
def test_a_difference_is_a_share_of_the_larger(then, now, share):
    assert difference(then, now) == pytest.approx(share, rel=1e-3)
    assert (difference(then, now) == 0) == (share == 0)


def test_nothing_but_the_same_bits_is_identical():
    one = {"loss": [0.5, 0.1]}
    (same,) = of_epochs(one, {"loss": [0.5, 0.1]}, 0.0)
    assert (same.verdict, same.first, same.largest, same.values) == ("identical", None, 0.0, 2)
    assert (same.epoch, same.then, same.now) == (2, 0.1, 0.1)
    (near,) = of_epochs(one, {"loss": [0.5, math.nextafter(0.1, 1)]}, 1e-3)
    assert (near.verdict, near.first) == ("within tolerance", 2)
    (far,) = of_epochs(one, {"loss": [0.6, 0.1]}, 1e-3)
    assert (far.verdict, far.first, far.epoch, far.then, far.now) == ("different", 1, 1, 0.5, 0.6)
    (grown,) = of_epochs(one, {"loss": [0.50001, 0.2]}, 1e-3)
    assert (grown.first, grown.epoch, grown.then, grown.now) == (1, 2, 0.1, 0.2)
    (bound,) = of_epochs(one, {"loss": [0.5, 0.2]}, 0.5)
    assert bound.verdict == "within tolerance"


def test_what_has_no_counterpart_is_different():
    (shorter,) = of_epochs({"loss": [0.5, 0.1]}, {"loss": [0.5]}, 1e-3)
    assert (shorter.verdict, shorter.first, shorter.largest) == ("different", 2, math.inf)
    gone, new = of_epochs({"a": [1.0]}, {"b": [1.0]}, 1e-3)
    assert (gone.verdict, gone.now, new.verdict, new.then) == ("different", None, "different", None)
    (missing,) = of_ends({"val_loss": 1.0}, {}, 1e-3)
    assert (missing.verdict, missing.then, missing.now) == ("different", 1.0, None)


def test_the_worst_part_decides():
    assert worst(["identical", "within tolerance", "identical"]) == "within tolerance"
    assert worst(["within tolerance", "different"]) == "different"
    assert worst(["identical"]) == "identical"
    assert worst([]) == "different"
    assert verdict_on(math.inf, 1e9) == "different"
