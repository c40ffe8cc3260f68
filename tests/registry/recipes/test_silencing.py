"""`silence:` a warning by its code, with a reason; and what plugins find wrong themselves."""

import pytest

import hornbook
from hornbook.recipes.freezing import frozen

LOGITS = """\
recipe: 1
data: {use: iris, validation: 0.2}
model: [{use: dense, units: 3}]
loss: categorical_crossentropy
training: {epochs: 1}
"""
SILENT = LOGITS + 'silence: {HB701: "the paper trains it so"}\n'


def test_a_warning_is_told_and_silenced(write):
    (warning,) = hornbook.read(write("loud.yaml", LOGITS)).warnings
    assert (warning.code, warning.severity) == ("HB701", "warning")
    recipe = hornbook.read(write("silent.yaml", SILENT))
    assert recipe.warnings == ()
    assert recipe.silence == {"HB701": "the paper trains it so"}


def test_an_error_among_the_pairings_can_be_meant_too(write):
    text = LOGITS.replace(
        "loss: categorical_crossentropy", "loss: categorical_crossentropy\naugment: [random_flip]"
    )
    text = text.replace("units: 3", "units: 3, activation: softmax")
    with pytest.raises(hornbook.HornbookError, match="HB713"):
        hornbook.read(write("loud.yaml", text))
    assert (
        hornbook.read(write("silent.yaml", text + "silence: {HB713: a table of rows and columns}\n")).warnings
        == ()
    )


def test_a_frozen_recipe_keeps_the_silence(write):
    once = frozen(hornbook.read(write("silent.yaml", SILENT)))
    again = hornbook.read(write("frozen.yaml", once))
    assert again.warnings == ()
    assert frozen(again) == once


@pytest.mark.parametrize(
    ("silence", "code", "column", "words"),
    [
        ("{HB799: so}", "HB161", 11, "explain"),
        ("{hb701: so}", "HB161", 11, "'HB701'"),
        ("{ACME1: so}", "HB161", 11, "explain"),
        ("{HB701: ''}", "HB162", 18, "write why"),
        ("{HB701: 7}", "HB162", 18, "write why"),
        ("{HB701: }", "HB162", 18, "write why"),
        ("{HB117: so}", "HB163", 11, "explain HB117"),
        ("[HB701]", "HB115", 10, "silence"),
    ],
)
def test_a_silence_that_cannot_be(silence, code, column, words, write):
    with pytest.raises(hornbook.HornbookError) as raised:
        hornbook.read(write("wrong.yaml", f"{LOGITS}silence: {silence}\n"))
    problem = next(one for one in raised.value.problems if one.code == code)
    assert (problem.place.line, problem.place.column) == (6, column)
    assert words in problem.hint


def test_nothing_keeps_a_mistake_in_the_structure_silent(write):
    with pytest.raises(hornbook.HornbookError) as raised:
        hornbook.read(write("wrong.yaml", SILENT + "sed: 1\n"))
    assert [one.code for one in raised.value.problems] == ["HB117"]
