"""Wrong recipes: everything that is wrong is told in one pass, each at its line, with the remedy."""

import pytest

import hornbook

BASE = """\
recipe: 1
name: wrong
data: {use: iris, validation: 0.2}
model:
  - {use: dense, units: 8, activation: relu}
  - {use: dense, name: head, units: 3, activation: softmax}
loss: {use: categorical_crossentropy, label_smoothing: 0.1}
optimizer: {use: adam, learning_rate: 0.01}
metrics: [accuracy]
training: {epochs: 1, batch_size: 16}
expect: {val_accuracy: {min: 0.5}}
"""

# What line is written instead -> where the problem is, its code, its path, and words of message and hint.
WRONG = {
    # names
    "a mistyped loss": (
        7,
        "loss: categorical_crosentropy",
        7,
        7,
        "HB201",
        "loss",
        "categorical_crossentropy",
    ),
    "a mistyped optimizer": (8, "optimizer: {use: Adan}", 8, 18, "HB201", "optimizer", "'adam'"),
    "a mistyped layer": (5, "  - dens", 5, 5, "HB201", "model.layers.0", "'dense'"),
    "a mistyped metric": (9, "metrics: [acuracy]", 9, 11, "HB201", "metrics.0", "'accuracy'"),
    "a mistyped dataset": (3, "data: irs", 3, 7, "HB201", "data", "'iris'"),
    "a name like no other": (7, "loss: qqqqqqq", 7, 7, "HB201", "loss", "hornbook list loss"),
    "a name of another kind": (7, "loss: relu", 7, 7, "HB201", "loss", "activation"),
    "a component of another kind": (7, "loss: layer:flatten", 7, 7, "HB214", "loss", "hornbook list loss"),
    "a component of another kind in a parameter": (
        8,
        "optimizer: {use: adam, learning_rate: {use: loss:mse}}",
        8,
        45,
        "HB214",
        "optimizer.learning_rate",
        "scheduler",
    ),
    "an activation that is mistyped": (
        5,
        "  - {use: dense, units: 8, activation: rellu}",
        5,
        40,
        "HB201",
        "model.layers.0.activation",
        "'relu'",
    ),
    "no name": (8, "optimizer: {learning_rate: 0.1}", 8, 12, "HB212", "optimizer", "write `use:`"),
    "no name in a parameter": (
        8,
        "optimizer: {use: adam, learning_rate: {decay_rate: 0.1}}",
        8,
        39,
        "HB212",
        "optimizer.learning_rate",
        "write `use:`",
    ),
    "a number for a name": (7, "loss: {use: 7}", 7, 13, "HB212", "loss", "write `use:`"),
    "nothing for a component": (8, "optimizer:", 8, 11, "HB211", "optimizer", "here goes an optimizer"),
    "a list for a component": (7, "loss: [mse]", 7, 7, "HB211", "loss", "here goes a loss"),
    "one metric without its list": (9, "metrics: accuracy", 9, 10, "HB213", "metrics", "[accuracy]"),
    "a component where none goes": (
        5,
        "  - {use: dense, units: {use: relu}}",
        5,
        25,
        "HB223",
        "model.layers.0.units",
        "layer:dense",
    ),
    "a plugin that is not there": (7, "loss: acme/huber", 7, 7, "HB203", "loss", "acme"),
    "a mistyped plugin": (7, "loss: loses/huber", 7, 7, "HB203", "loss", "'losses'"),
    "a mistyped name in a plugin": (7, "loss: losses/hubber", 7, 7, "HB201", "loss", "'losses/huber'"),
    # parameters
    "a mistyped parameter": (
        8,
        "optimizer: {use: adam, learning_rat: 0.1}",
        8,
        24,
        "HB221",
        "optimizer.learning_rat",
        "'learning_rate'",
    ),
    "a parameter like no other": (
        9,
        "metrics: [{use: accuracy, zzz: 1}]",
        9,
        27,
        "HB221",
        "metrics.0.zzz",
        "hornbook show",
    ),
    "a parameter that lacks": (5, "  - dense", 5, 5, "HB222", "model.layers.0", "'units'"),
    "a parameter below its minimum": (
        4,
        "augment: [{use: mixup, alpha: -1}]\nmodel:",
        4,
        31,
        "HB226",
        "augment.0.alpha",
        "at least 0",
    ),
    "text for a number": (
        4,
        "augment: [{use: mixup, alpha: many}]\nmodel:",
        4,
        31,
        "HB225",
        "augment.0.alpha",
        "is a number, not 'many'",
    ),
    "no number for a number": (
        4,
        "augment: [{use: mixup, alpha: .nan}]\nmodel:",
        4,
        31,
        "HB226",
        "augment.0.alpha",
        "at least 0",
    ),
    # keys and settings
    "a mistyped key": (8, "optimiser: adam", 8, 1, "HB117", "optimiser", "'optimizer'"),
    "a key like no other": (8, "zzzzzz: 1", 8, 1, "HB117", "zzzzzz", "a recipe has"),
    "no version": (1, "seed: 1", 1, 1, "HB112", "recipe", "recipe: 1"),
    "a version to come": (1, "recipe: 2", 1, 9, "HB114", "recipe", "version 2"),
    "a version in words": (1, "recipe: one", 1, 9, "HB116", "recipe", "whole number"),
    "a name that is a number": (2, "name: 7", 2, 7, "HB116", "name", "is text, not 7"),
    "a seed that is too great": (2, "seed: 4294967296", 2, 7, "HB118", "seed", "at most 4294967295"),
    "a seed that is true": (2, "seed: true", 2, 7, "HB116", "seed", "whole number"),
    "no loss": (7, "", 1, 1, "HB113", "loss", "`loss:`"),
    "no training": (10, "", 1, 1, "HB113", "training", "`training:`"),
    "training that is a number": (10, "training: 10", 10, 11, "HB115", "training", "{epochs: 10}"),
    "no epochs": (10, "training: {batch_size: 16}", 10, 11, "HB113", "training.epochs", "epochs"),
    "epochs below 1": (10, "training: {epochs: 0}", 10, 20, "HB118", "training.epochs", "at least 1"),
    "epochs in halves": (10, "training: {epochs: 1.5}", 10, 20, "HB116", "training.epochs", "whole number"),
    "epochs that a run would tell": (
        10,
        'training: {epochs: "${data.classes}"}',
        10,
        20,
        "HB116",
        "training.epochs",
        "not ${data.classes}",
    ),
    "a mistyped key of training": (
        10,
        "training: {epochs: 1, batchsize: 8}",
        10,
        23,
        "HB117",
        "training.batchsize",
        "'batch_size'",
    ),
    "a share above 1": (
        3,
        "data: {use: iris, validation: 20}",
        3,
        31,
        "HB118",
        "data.validation",
        "at most 1",
    ),
    "a share that is no number": (
        3,
        "data: {use: iris, validation: .nan}",
        3,
        31,
        "HB118",
        "data.validation",
        "at least 0",
    ),
    "stratify in words": (
        3,
        "data: {use: iris, stratify: yes}",
        3,
        29,
        "HB116",
        "data.stratify",
        "true or false, not 'yes'",
    ),
    # metrics and expectations
    "two metrics of one name": (
        9,
        "metrics: [accuracy, {use: mse, name: accuracy}]",
        9,
        27,
        "HB232",
        "metrics.1",
        "another `name:`",
    ),
    "a metric called loss": (
        9,
        "metrics: [accuracy, {use: mse, name: loss}]",
        9,
        27,
        "HB232",
        "metrics.1",
        "loss",
    ),
    "an expectation of no metric": (
        11,
        "expect: {val_acuracy: {min: 0.5}}",
        11,
        10,
        "HB231",
        "expect.val_acuracy",
        "'val_accuracy'",
    ),
    "an expectation without bounds": (
        11,
        "expect: {val_accuracy: 0.5}",
        11,
        24,
        "HB115",
        "expect.val_accuracy",
        "{min: 0.9}",
    ),
    "a mistyped bound": (
        11,
        "expect: {val_accuracy: {minimum: 0.5}}",
        11,
        25,
        "HB117",
        "expect.val_accuracy.minimum",
        "'min'",
    ),
    "a bound in words": (
        11,
        "expect: {val_accuracy: {min: high}}",
        11,
        30,
        "HB116",
        "expect.val_accuracy.min",
        "a number, not 'high'",
    ),
    "expectations in a list": (11, "expect: [0.5]", 11, 9, "HB115", "expect", "min: 0.9"),
    # tracking and requirements
    "a mistyped key of tracking": (
        2,
        "tracking: {experimnt: x}",
        2,
        12,
        "HB117",
        "tracking.experimnt",
        "experiment",
    ),
    "an experiment that is a number": (
        2,
        "tracking: {experiment: 7}",
        2,
        24,
        "HB116",
        "tracking.experiment",
        "text",
    ),
    "tags in a list": (2, "tracking: {tags: [a]}", 2, 18, "HB115", "tracking.tags", "team: vision"),
    "a tag that only the run knows": (
        2,
        'tracking: {tags: {classes: "${data.classes}"}}',
        2,
        28,
        "HB120",
        "tracking.tags.classes",
        "not known here",
    ),
    "a requirement that is none": (
        2,
        "requires: ['not a requirement']",
        2,
        12,
        "HB151",
        "requires.0",
        "keras-acme>=2",
    ),
    "a requirement that is not installed": (
        2,
        "requires: ['keras-nowhere-to-be-found>=2']",
        2,
        12,
        "HB152",
        "requires.0",
        'pip install "keras-nowhere-to-be-found>=2"',
    ),
    "a requirement of another version": (2, "requires: keras<3", 2, 11, "HB152", "requires.0", "pip install"),
    # references
    "a reference to nothing": (
        6,
        '  - {use: dense, units: "${data.clases}"}',
        6,
        25,
        "HB141",
        None,
        "'data.classes'",
    ),
    "a reference to itself": (2, 'name: "${name}"', 2, 7, "HB143", "name", "name -> name"),
    "an expression": (
        6,
        '  - {use: dense, units: "${data.classes * 2}"}',
        6,
        25,
        "HB144",
        None,
        "no expression",
    ),
    "a fact within text": (2, 'name: "of ${data.classes}"', 2, 7, "HB142", "name", "stand alone"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_mistake_is_told_at_its_place(what, write):
    number, instead, line, column, code, path, words = WRONG[what]
    lines = BASE.splitlines()
    lines[number - 1] = instead
    file = write("wrong.yaml", "\n".join(lines))
    with pytest.raises(hornbook.HornbookError) as raised:
        hornbook.read(file)
    (problem,) = raised.value.problems
    assert (problem.code, str(problem.place)) == (code, f"{file}:{line}:{column}")
    assert path is None or problem.path == path
    assert words in f"{problem.message} {problem.hint}"
    assert raised.value.exit_code == (3 if code in ("HB203", "HB152") else 2)


def test_the_recipe_that_the_mistakes_are_made_in_is_right(write):
    recipe = hornbook.read(write("right.yaml", BASE))
    assert recipe.warnings == ()
    assert [use.entry.full_name for use in recipe.metrics] == ["metrics/accuracy"]


def test_every_mistake_is_told_in_one_pass_in_the_order_of_lines(write):
    text = BASE
    for right, wrong in (
        ("iris", "irs"),
        ("units: 8", "units: 8, unts: 9"),
        ("adam", "adm"),
        ("epochs: 1", "epochs: 0"),
        ("{min: 0.5}", "{mn: 0.5}"),
    ):
        text = text.replace(right, wrong)
    with pytest.raises(hornbook.HornbookError) as raised:
        hornbook.read(write("wrong.yaml", text))
    assert [(one.place.line, one.code) for one in raised.value.problems] == [
        (3, "HB201"),
        (5, "HB221"),
        (8, "HB201"),
        (10, "HB118"),
        (11, "HB117"),
    ]


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        (b"", 1, 1, "empty"),
        (b"# only a word\n", 1, 1, "empty"),
        (b"digits", 1, 1, "mapping"),
        (b"\n- recipe: 1\n", 2, 1, "mapping"),
    ],
)
def test_a_recipe_is_a_mapping(text, line, column, words, write):
    with pytest.raises(hornbook.HornbookError) as raised:
        hornbook.read(write("wrong.yaml", text))
    (problem,) = raised.value.problems
    assert (problem.code, problem.place.line, problem.place.column) == ("HB119", line, column)
    assert words in problem.message
    assert "recipe: 1" in problem.hint


def test_a_key_with_nothing_after_it_is_as_if_it_were_not_there(write):
    text = BASE.replace(
        "expect: {val_accuracy: {min: 0.5}}", "expect:\ntracking:\nrequires:\ncallbacks:\nseed:"
    )
    recipe = hornbook.read(write("right.yaml", text))
    assert (recipe.expect, recipe.tracking, recipe.requires, recipe.callbacks, recipe.seed) == (
        (),
        {},
        (),
        (),
        0,
    )


def test_a_component_may_tell_its_kind_where_its_type_fits(write):
    text = BASE.replace("activation: relu", "activation: {use: layer:leaky_relu}").replace(
        "use: categorical_crossentropy", "use: loss:losses/categorical_crossentropy"
    )
    recipe = hornbook.read(write("right.yaml", text))
    assert recipe.loss.entry.name == "categorical_crossentropy"
    assert recipe.model.parameters["layers"][0].parameters["activation"].entry.kind == "layer"


def test_metrics_go_by_what_the_recipe_wrote_or_their_name(write):
    text = BASE.replace("[accuracy]", "[accuracy, metrics/mse, {use: mae, name: error}]").replace(
        "{val_accuracy: {min: 0.5}}", "{val_mse: {max: 1}, error: {max: 1}, loss: {min: 0, max: 9}}"
    )
    recipe = hornbook.read(write("right.yaml", text))
    assert [(one.metric, one.minimum, one.maximum) for one in recipe.expect] == [
        ("val_mse", None, 1),
        ("error", None, 1),
        ("loss", 0, 9),
    ]


def test_the_optimizer_may_be_left_out(write):
    recipe = hornbook.read(
        write("right.yaml", BASE.replace("optimizer: {use: adam, learning_rate: 0.01}\n", ""))
    )
    assert recipe.optimizer.entry.full_name == "optimizers/adam"


def test_what_is_required_and_there_is_fine(write):
    recipe = hornbook.read(write("right.yaml", BASE + "requires: [keras>=3, numpy]\n"))
    assert recipe.requires == ("keras>=3", "numpy")


@pytest.mark.parametrize("name", ["no-such-recipe", "digts", "x" * 5000, "recipe: 1\nname: " + "y" * 5000])
def test_a_recipe_that_is_not_there(name):
    with pytest.raises(hornbook.HornbookError) as raised:
        hornbook.read(name)
    (problem,) = raised.value.problems
    assert problem.code == "HB001"
    assert len(problem.message) < 300


def test_near_names_of_recipes_are_offered(write, tmp_path):
    write("mine.yaml", BASE)
    for wrong, right in (("digts", "digits"), ("min.yaml", "mine.yaml")):
        with pytest.raises(hornbook.HornbookError) as raised:
            hornbook.read(wrong)
        assert repr(right) in raised.value.problems[0].hint
    with pytest.raises(hornbook.HornbookError, match="is a folder"):
        hornbook.read(tmp_path)
