"""The nearest right names."""

import doctest

import pytest

from hornbook import names
from hornbook.names import did_you_mean, nearest

KNOWN = ["huber", "hinge", "squared_hinge", "mean_squared_error", "categorical_crossentropy", "max_pooling2d"]


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("hubber", "huber"),
        ("Hinge", "hinge"),
        ("SquaredHinge", "squared_hinge"),
        ("squared-hinge", "squared_hinge"),
        ("MaxPooling2D", "max_pooling2d"),
        ("categorical_cross_entropy", "categorical_crossentropy"),
        ("mean_square_error", "mean_squared_error"),
        ("sh", "squared_hinge"),
        ("CC", "categorical_crossentropy"),
    ],
)
def test_the_nearest_comes_first(wrong, right):
    assert nearest(wrong, KNOWN)[0] == right
    assert repr(right) in did_you_mean(wrong, KNOWN)


@pytest.mark.parametrize("wrong", ["", "zzzzz", "7"])
def test_where_nothing_is_near_something_else_is_said(wrong):
    assert nearest(wrong, KNOWN) == []
    assert did_you_mean(wrong, KNOWN, "look elsewhere") == "look elsewhere"
    assert nearest(wrong, []) == []


def test_no_more_than_asked_for_are_given():
    assert len(nearest("hinge", ["hinge1", "hinge2", "hinge3", "hinge4"], most=2)) == 2


def test_the_examples_run():
    assert doctest.testmod(names).failed == 0
