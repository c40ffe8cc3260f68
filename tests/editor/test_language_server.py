"""What an editor makes of the schema, asked of the language server that editors use."""

import pytest

from hornbook.catalog import catalog
from hornbook.recipes.freezing import frozen
from hornbook.recipes.reading import read, shipped_recipes

pytestmark = pytest.mark.slow

RECIPE = """\
recipe: 1
name: tried
data: {use: digits, validation: 0.2}
augment: [{use: cutmix, alpha: 1.0}]
model:
  - {use: conv2d, filters: 32, kernel_size: 3, activation: relu}
  - flatten
  - use: dense
    units: "${data.classes}"
    activation: softmax
loss:
  use: categorical_crossentropy
  label_smoothing: 0.1
optimizer:
  use: adam
  learning_rate: {use: one_cycle, max_learning_rate: 0.01}
metrics: [accuracy]
training: {epochs: 20, batch_size: 64}
"""


def test_shipped_recipes_have_nothing_underlined(editor):
    recipes = shipped_recipes(catalog())
    assert len(recipes) >= 5
    for name, file in recipes.items():
        assert editor.found(file.read_text()) == [], name


def test_frozen_recipes_have_nothing_underlined(editor):
    for name in shipped_recipes(catalog()):
        assert editor.found(frozen(read(name, (), catalog()))) == [], name


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ("model:", "model: {use: mlp, hidden: [8]}\nmodel_:"),
        ("loss:\n  use: categorical_crossentropy\n  label_smoothing: 0.1", "loss: losses/ce"),
        ("label_smoothing: 0.1", 'label_smoothing: "${data.validation}"'),
        ("use: one_cycle", "use: schedulers/one_cycle"),
        ("{use: one_cycle, max_learning_rate: 0.01}", "1e-3"),
        ("activation: softmax", "activation: {use: layer:relu, max_value: 6}"),
        ("activation: softmax", "activation: null"),
        ("metrics: [accuracy]", "metrics:"),
        ("epochs: 20", 'epochs: "${seed}"'),
    ],
)
def test_what_check_lets_pass_is_not_underlined(editor, written, instead):
    text = RECIPE.replace(written, instead)
    if "model_" in instead:
        text = text[: text.index("model_:")] + text[text.index("loss:") :]
    assert text != RECIPE
    assert editor.found(text) == []


def test_what_extends_another_recipe_may_leave_the_rest_to_it(editor):
    assert editor.found("extends: digits\noptimizer: {learning_rate: 0.1}\ntraining: {epochs: 3}\n") == []
    assert editor.found("optimizer: adam\n") == [
        (1, f'Missing property "{key}".') for key in ("recipe", "data", "model", "loss", "training")
    ]


@pytest.mark.parametrize(
    ("written", "wrong", "line", "message"),
    [
        ("epochs: 20", "epoch: 20", 18, "Property epoch is not allowed."),
        ("optimizer:", "optimiser:", 14, "Property optimiser is not allowed."),
        ("label_smoothing", "label_smoothness", 13, "Property label_smoothness is not allowed."),
        ("filters: 32, ", "", 6, 'Missing property "filters".'),
        ("- flatten", "- flaten", 7, '"flatten"'),
        ("use: one_cycle", "use: one_cicle", 16, '"one_cycle"'),
        ("softmax", "softmux", 10, '"softmax"'),
        ("metrics: [accuracy]", "metrics: [acuracy]", 17, '"accuracy"'),
        ("label_smoothing: 0.1", "label_smoothing: 1.1", 13, "Value is above the maximum of 1."),
        (
            "label_smoothing: 0.1",
            "label_smoothing: much",
            13,
            "Neither a value of this type nor a reference.",
        ),
        ("validation: 0.2", "validation: 20", 3, "Value is above the maximum of 1."),
        ("metrics: [accuracy]", "metrics: [losses/mse]", 17, '"mse"'),
    ],
)
def test_a_mistake_is_underlined_at_its_line(editor, written, wrong, line, message):
    assert written in RECIPE
    found = editor.found(RECIPE.replace(written, wrong, 1))
    assert any(where == line and message in said for where, said in found), found


@pytest.mark.parametrize(
    ("written", "cursor", "offered"),
    [
        ("loss:\n  use: categorical_crossentropy\n  label_smoothing: 0.1", "loss: |", "huber"),
        ("use: categorical_crossentropy\n  label_smoothing: 0.1", "use: hu|", "huber"),
        ("- flatten", "- fl|", "flatten"),
        ("use: cutmix, alpha: 1.0", "use: |", "mixup"),
        ("use: one_cycle, max_learning_rate: 0.01", "use: |", "cosine_annealing"),
        ("activation: softmax", "activation: |", "relu"),
        ("metrics: [accuracy]", "metrics:\n  - |", "f1_score"),
        ("data: {use: digits, validation: 0.2}", "data: |", "iris"),
    ],
)
def test_names_of_components_are_completed(editor, written, cursor, offered):
    assert written in RECIPE
    items = editor.completed(RECIPE.replace(written, cursor, 1))
    assert offered in items
    assert items[offered]["documentation"]  # the component's summary


@pytest.mark.parametrize(
    ("written", "cursor", "offered", "inserted"),
    [
        ("  label_smoothing: 0.1\n", "  |\n", "label_smoothing", "0"),
        ("    activation: softmax\n", "    |\n", "kernel_initializer", "glorot_uniform"),
        (", max_learning_rate: 0.01}", "}\n  |", "beta_1", "0.9"),
        ("training: {epochs: 20, batch_size: 64}", "training:\n  epochs: 20\n  |", "batch_size", "32"),
    ],
)
def test_parameters_are_completed_with_their_defaults(editor, written, cursor, offered, inserted):
    assert written in RECIPE
    items = editor.completed(RECIPE.replace(written, cursor, 1))
    assert offered in items
    assert inserted in items[offered]["insertText"]


def test_only_the_parameters_of_the_component_that_is_named_are_offered(editor):
    text = RECIPE.replace("use: categorical_crossentropy\n  label_smoothing: 0.1\n", "use: huber\n  |\n")
    items = editor.completed(text)
    assert "delta" in items
    assert not {"label_smoothing", "gamma", "filters"} & set(items)


@pytest.mark.parametrize(
    ("at", "told"),
    [
        ("label_sm|oothing", "Float in"),
        ("use: cut|mix", "mixes the labels by area"),
        ("- fl|atten", "Flattens the input"),
        ("[acc|uracy]", "share of examples"),
        ("use: one_|cycle", "Up to a peak"),
        ("ep|ochs", "how often the training split is gone through"),
        ("opti|mizer:", "Adam if left out"),
        ("fil|ters", "number of filters"),
    ],
)
def test_what_something_means_is_told(editor, at, told):
    assert at.replace("|", "") in RECIPE
    assert told in editor.hover(RECIPE.replace(at.replace("|", ""), at, 1))
