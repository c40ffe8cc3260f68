"""The model built without data: what each layer gives, and which line an error of Keras' belongs to."""

import keras
import pytest

import hornbook
from hornbook.assembly.layout import layout

RECIPE = """\
recipe: 1
data: {use: digits, validation: 0.2}
model:
  - {use: conv2d, filters: 8, kernel_size: 3}
  - use: chain
    layers:
      - flatten
      - {use: dense, units: 9}
  - {use: dense, name: head, units: "${data.classes}", activation: softmax}
loss: categorical_crossentropy
training: {epochs: 1}
"""


@pytest.fixture
def laid_out(write):
    return lambda text: layout(hornbook.read(write("recipe.yaml", text)))


def raised_by(laid_out, text):
    with pytest.raises(hornbook.HornbookError) as raised:
        laid_out(text)
    (problem,) = raised.value.problems
    return problem


def test_each_layer_is_told_with_its_line_shape_and_parameters(laid_out):
    rows = laid_out(RECIPE)
    assert [(row.use.place.line, row.shape, row.parameters) for row in rows] == [
        (4, (None, 6, 6, 8), 3 * 3 * 8 + 8),
        (5, (None, 9), 6 * 6 * 8 * 9 + 9),
        (9, (None, 10), 9 * 10 + 10),
    ]
    assert rows[-1].name == "head"


def test_layers_that_a_model_makes_itself_belong_to_its_line(laid_out):
    text = (
        RECIPE[: RECIPE.index("model:")]
        + "model: {use: mlp, hidden: [5]}\n"
        + RECIPE[RECIPE.index("loss:") :]
    )
    rows = laid_out(text)
    assert {row.use.place.line for row in rows} == {3}
    assert (rows[-1].shape, sum(row.parameters for row in rows)) == ((None, 10), 64 * 5 + 5 + 5 * 10 + 10)


@pytest.mark.parametrize(
    ("right", "wrong", "line", "column", "shape", "name"),
    [
        ("- {use: conv2d, filters: 8", "- {use: conv1d, filters: 8", 4, 11, "(None, 8, 8, 1)", "'conv1d'"),
        (
            "- {use: dense, units: 9}",
            "- {use: conv2d, filters: 9, kernel_size: 2}",
            8,
            15,
            "(None, 288)",
            "'conv2d'",
        ),
        (
            "- {use: dense, units: 9}",
            "- {use: reshape, target_shape: [5, 5]}",
            8,
            15,
            "(None, 288)",
            "'reshape'",
        ),
        ("kernel_size: 3}", "kernel_size: 9}", 4, 11, "(None, 8, 8, 1)", "'conv2d'"),
    ],
)
def test_a_layer_that_cannot_take_its_input_is_told_at_its_line(
    laid_out, right, wrong, line, column, shape, name
):
    problem = raised_by(laid_out, RECIPE.replace(right, wrong))
    assert problem.code == "HB313"
    assert (problem.place.line, problem.place.column) == (line, column)
    assert shape in problem.message
    assert name in problem.message
    assert "Arguments received" not in problem.message
    assert keras.config.is_traceback_filtering_enabled()


def test_a_run_tells_it_at_the_line_too(write, tmp_path):
    file = write("recipe.yaml", RECIPE.replace("- {use: dense, units: 9}", "- max_pooling2d"))
    with pytest.raises(hornbook.HornbookError) as raised:
        hornbook.run(file, tracking=False, runs_dir=tmp_path / "runs")
    (problem,) = raised.value.problems
    assert (problem.code, problem.place.line, problem.path) == ("HB313", 8, "model.layers.1.layers.1")


def test_outputs_that_the_loss_cannot_compare_are_told(laid_out):
    problem = raised_by(laid_out, RECIPE.replace("      - flatten\n", ""))
    assert (problem.code, problem.place.line) == ("HB315", 9)
    assert "(None, 10)" in problem.message
    assert "(None, 6, 6, 10)" in problem.message


def test_a_shape_that_is_known_only_once_the_data_is_loaded_is_a_note(laid_out):
    problem = raised_by(laid_out, RECIPE.replace("use: digits", "use: npz, path: points.npz"))
    assert (problem.code, problem.severity) == ("HB314", "note")


def test_what_has_to_be_known_can_be_given(laid_out):
    text = RECIPE.replace("use: digits", "use: npz, path: points.npz").replace('"${data.classes}"', "7")
    layers = text[text.index("  - {use: conv2d") : text.index("loss:")].replace("\n", "\n  ").rstrip(" ")
    model = f"model:\n  use: sequential\n  input_shape: [8, 8, 1]\n  layers:\n  {layers}"
    rows = laid_out(text[: text.index("model:")] + model + text[text.index("loss:") :])
    assert rows[-1].shape == (None, 7)
