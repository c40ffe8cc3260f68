"""Values of the wrong type or outside the documented choices, told by the index without any import."""

import pytest

import hornbook
from hornbook.discovery.choices import choices

BASE = """\
recipe: 1
data: {use: digits, validation: 0.2}
model:
  - {use: dense, units: 8, use_bias: true}
  - {use: up_sampling2d, size: 2}
augment: [{use: random_flip, mode: vertical}]
loss: categorical_crossentropy
training: {epochs: 1}
"""

READ = {"mode", "fill_mode", "interpolation", "output_mode", "data_format"}
"""Parameters whose choices are read from docstrings."""

WRONG = {
    "a word for false": ("use_bias: true", "use_bias: no", 4, 38, "HB227", "true or false"),
    "a word like no other for true": ("use_bias: true", "use_bias: maybe", 4, 38, "HB227", "true or false"),
    "a quoted number": (
        "size: 2",
        "size: 2, name: a, trainable: 'off'",
        5,
        55,
        "HB227",
        "write true or false",
    ),
    "a mode that there is not": ("mode: vertical", "mode: vertikal", 6, 36, "HB224", "'vertical'"),
    "an interpolation that there is not": ("size: 2", "interpolation: bilinea", 5, 41, "HB224", "'bilinear'"),
    "a format that there is not": ("size: 2", "data_format: last", 5, 39, "HB224", "channels_last"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_value_that_cannot_be_is_told_at_its_place(what, write):
    right, wrong, line, column, code, words = WRONG[what]
    file = write("wrong.yaml", BASE.replace(right, wrong))
    with pytest.raises(hornbook.HornbookError) as raised:
        hornbook.read(file)
    (problem,) = raised.value.problems
    assert (problem.code, problem.place.line, problem.place.column) == (code, line, column)
    assert words in f"{problem.message} {problem.hint}"


def test_a_quoted_number_is_no_number(write):
    text = BASE.replace("categorical_crossentropy", "{use: categorical_crossentropy, axis: '-1'}")
    with pytest.raises(hornbook.HornbookError) as raised:
        hornbook.read(write("wrong.yaml", text))
    (problem,) = raised.value.problems
    assert (problem.code, problem.hint) == ("HB225", "write it without quotes")


@pytest.mark.parametrize(
    ("description", "default", "found"),
    [
        ('A string, one of `"a"` (default) or `"b"`. The rest.', "a", ("a", "b")),
        ('Available methods are `"a"`, `"b"` and `"c"`. Defaults to `"a"`.', "a", ("a", "b", "c")),
        ('Values can be `"a"`, or `"b"` configuring the layer as follows.', "a", ("a", "b")),
        ("One of `{'a', 'b'}`.", "a", ("a", "b")),
        ('One of `"a"`, `"b"`.', None, ("a", "b")),
        ('One of `"a"`, `"b"`.', "c", ()),
        ('One of `"a"`, `"b"` or a callable.', "a", ()),
        ('One of `"a"`, `"b"`, or an integer.', "a", ()),
        ('Either `"a"` or `"b"` (case-insensitive).', "a", ()),
        ('One of `"a"`, `b`.', "a", ()),
        ('Such as `"a"` or `"b"`.', "a", ()),
        ('The rate; see `mode="rows"`.', "a", ()),
        ("", None, ()),
    ],
)
def test_only_a_closed_list_counts(description, default, found):
    assert choices(description, default) == found


def test_keras_takes_every_choice_that_was_read():
    """What a docstring lists, the constructor takes; a list that was misread would refuse what is right."""
    needed = {"units": 2, "filters": 2, "kernel_size": 2, "factor": 0.1, "output_size": 2, "rate": 0.1}
    also = {
        "category_encoding": {"num_tokens": 4},
        "discretization": {"num_bins": 4},
        "hashing": {"num_bins": 4},
    }
    tried = 0
    for entry in hornbook.components():
        parameters = entry.component.parameters
        given = {name: needed.get(name) for name, one in parameters.items() if one.required}
        if not entry.component.target.startswith("keras.") or None in given.values():
            continue
        for name in READ & parameters.keys():
            for choice in parameters[name].choices:
                if choice != "tf_idf":  # which wants weights as well
                    hornbook.get(
                        entry.kind, entry.full_name, **given, **also.get(entry.name, {}), **{name: choice}
                    )
                    tried += 1
    assert tried > 60
