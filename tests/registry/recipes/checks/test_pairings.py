"""Pairings that train wrongly: each is told at its line with its code, and the right one beside it is not."""

import pytest

import hornbook

BASE = {
    "recipe": "1",
    "data": "{use: iris, validation: 0.2}",
    "model": "\n- {use: dense, units: 8, activation: relu}\n- {use: dense, units: 3, activation: softmax}",
    "loss": "categorical_crossentropy",
    "training": "{epochs: 10, batch_size: 16}",
}
IMAGES = "data: {use: digits, validation: 0.2}\nmodel: {use: mlp}"
COLOUR = "data: {use: cifar10, validation: 0.2}\nmodel: {use: mlp}"
TWO = "data: {use: breast_cancer, validation: 0.2}"
NUMBERS = "data: {use: diabetes, validation: 0.2}\nloss: mse"
TOLD = "loss: {use: categorical_crossentropy, from_logits: true}"


def ends(units, activation="linear"):
    return f"model:\n- {{use: dense, units: {units}, activation: {activation}}}"


def rate(schedule):
    return f"optimizer: {{use: adam, learning_rate: {schedule}}}"


def stops(monitor="val_loss", patience=3):
    return f"callbacks: [{{use: early_stopping, monitor: {monitor}, patience: {patience}}}]"


PLATEAU = "callbacks: [{use: reduce_on_plateau, monitor: val_loss}]"

# Lines in place of the base's -> the code, the line and column among these lines, a word of the hint;
# and what makes it right.
WRONG = {
    "linear outputs as probabilities": (ends(3), "HB701", 2, 38, "softmax", ends(3, "softmax")),
    "linear outputs by default": (
        "model:\n- {use: dense, units: 3}",
        "HB701",
        2,
        9,
        "from_logits: true",
        f"{TOLD}\nmodel:\n- {{use: dense, units: 3}}",
    ),
    "linear outputs as one probability": (
        f"{TWO}\nloss: binary_crossentropy\n{ends(1)}",
        "HB701",
        4,
        38,
        "sigmoid",
        f"{TWO}\nloss: binary_crossentropy\n{ends(1, 'sigmoid')}",
    ),
    "tanh as a probability": (
        f"{TWO}\nloss: binary_crossentropy\n{ends(1, 'tanh')}",
        "HB701",
        4,
        38,
        "sigmoid",
        f"{TWO}\nloss: binary_crossentropy\n{ends(1, 'hard_sigmoid')}",
    ),
    "linear outputs of a model by name": (
        f"{IMAGES.replace('mlp', 'mlp, output_activation: linear')}",
        "HB701",
        2,
        38,
        "softmax",
        IMAGES,
    ),
    "probabilities to a loss that takes logits": (
        TOLD,
        "HB702",
        0,
        0,
        "leave softmax out",
        f"{TOLD}\n{ends(3)}",
    ),
    "a softmax layer before a loss that takes logits": (
        f"{TOLD}\nmodel:\n- {{use: dense, units: 3}}\n- softmax",
        "HB702",
        4,
        3,
        "leave softmax out",
        "model:\n- {use: dense, units: 3}\n- softmax",
    ),
    "logits that are never negative": (
        f"{TWO}\nloss: {{use: binary_crossentropy, from_logits: true}}\n{ends(1, 'relu')}",
        "HB702",
        4,
        38,
        "leave relu out",
        f"{TWO}\nloss: {{use: binary_crossentropy, from_logits: true}}\n{ends(1)}",
    ),
    "a sigmoid before hinge": (
        f"{TWO}\nloss: hinge\n{ends(1, 'sigmoid')}",
        "HB703",
        4,
        38,
        "tanh",
        f"{TWO}\nloss: hinge\n{ends(1, 'tanh')}",
    ),
    "softmax over one column": (
        f"{TWO}\nloss: binary_crossentropy\n{ends(1, 'softmax')}",
        "HB704",
        4,
        38,
        "sigmoid",
        f"{TWO}\n{ends(2, 'softmax')}",
    ),
    "too few columns for class numbers": (
        f"loss: sparse_categorical_crossentropy\n{ends(2, 'softmax')}",
        "HB705",
        3,
        23,
        "data.classes",
        f"loss: sparse_categorical_crossentropy\n{ends(3, 'softmax')}",
    ),
    "too many columns for class numbers": (
        f"loss: sparse_categorical_crossentropy\n{ends(4, 'softmax')}",
        "HB705",
        3,
        23,
        "data.classes",
        f"loss: sparse_categorical_crossentropy\n{ends(chr(34) + '${data.classes}' + chr(34), 'softmax')}",
    ),
    "one column for classes as numbers": (
        f"loss: mse\n{ends(1)}",
        "HB705",
        3,
        23,
        "data.classes",
        f"loss: mse\n{ends(3)}",
    ),
    "two columns for yes or no": (
        f"{TWO}\nloss: binary_crossentropy\n{ends(2, 'sigmoid')}",
        "HB706",
        4,
        23,
        "units: 1",
        f"{TWO}\nloss: binary_crossentropy\n{ends(1, 'sigmoid')}",
    ),
    "four columns for one number": (
        f"{NUMBERS}\n{ends(4)}",
        "HB706",
        4,
        23,
        "units: 1",
        f"{NUMBERS}\n{ends(1)}",
    ),
    "a loss on two classes": (
        "loss: binary_crossentropy\nmodel: {use: mlp}",
        "HB401",
        1,
        7,
        "categorical_crossentropy",
        "",
    ),
    "a loss on classes for numbers": (
        f"{NUMBERS.replace('mse', 'categorical_crossentropy')}",
        "HB401",
        2,
        7,
        "huber",
        "",
    ),
    "a metric on columns for class numbers": (
        "loss: sparse_categorical_crossentropy\nmetrics: [categorical_accuracy]",
        "HB707",
        2,
        11,
        "sparse_categorical_accuracy",
        "loss: sparse_categorical_crossentropy\nmetrics: [sparse_categorical_accuracy]",
    ),
    "a metric on class numbers for columns": (
        "metrics: [sparse_top_k_categorical_accuracy]",
        "HB707",
        1,
        11,
        "`top_k_categorical_accuracy`",
        "metrics: [top_k_categorical_accuracy]",
    ),
    "yes or no for each column": (
        "metrics: [binary_accuracy]",
        "HB707",
        1,
        11,
        "`accuracy`",
        "metrics: [accuracy]",
    ),
    "precision of signs": (
        f"{TWO}\nloss: hinge\n{ends(1)}\nmetrics: [precision]",
        "HB707",
        5,
        11,
        "`accuracy`",
        f"{TWO}\nloss: hinge\n{ends(1)}\nmetrics: [sign_accuracy]",
    ),
    "accuracy of numbers": (
        f"{NUMBERS}\n{ends(1)}\nmetrics: [accuracy]",
        "HB707",
        5,
        11,
        "`mae`",
        f"{NUMBERS}\n{ends(1)}\nmetrics: [r2_score]",
    ),
    "a threshold on logits": (
        f"{TOLD}\n{ends(3)}\nmetrics: [precision]",
        "HB708",
        4,
        11,
        "thresholds: 0.0",
        f"{TOLD}\n{ends(3)}\nmetrics: [{{use: precision, thresholds: 0.0}}]",
    ),
    "a curve over logits": (
        f"{TOLD}\n{ends(3)}\nmetrics: [{{use: precision_at_recall, recall: 0.5}}]",
        "HB708",
        4,
        17,
        "sigmoid",
        f"{TOLD}\n{ends(3)}\nmetrics: [auc]",
    ),
    "a metric that takes probabilities of a loss on logits": (
        f"{TOLD}\n{ends(3)}\nmetrics: [{{use: ce, from_logits: false}}]",
        "HB709",
        4,
        34,
        "leave `from_logits` out",
        f"{TOLD}\n{ends(3)}\nmetrics: [ce]",
    ),
    "mixed class numbers": (
        f"{IMAGES}\nloss: sparse_ce\naugment: [{{use: mixup, alpha: 0.2}}]",
        "HB711",
        4,
        17,
        "categorical_crossentropy",
        f"{IMAGES}\naugment: [{{use: mixup, alpha: 0.2}}]",
    ),
    "mixed class numbers now and then": (
        f"{IMAGES}\nloss: sparse_ce\naugment: [{{use: random_apply, layer: {{use: cutmix, alpha: 1}}}}]",
        "HB711",
        4,
        44,
        "one-hot",
        f"{IMAGES}\naugment: [{{use: random_apply, layer: {{use: cutmix, alpha: 1}}}}]",
    ),
    "mixed signs": (
        f"{TWO}\nloss: hinge\n{ends(1)}\naugment: [{{use: mixup, alpha: 0.2}}]",
        "HB711",
        5,
        17,
        "binary_crossentropy",
        f"{TWO}\nloss: binary_crossentropy\n{ends(1, 'sigmoid')}\naugment: [{{use: mixup, alpha: 0.2}}]",
    ),
    "another range of values": (
        f"{IMAGES}\naugment: [{{use: random_erasing, value_range: [0, 255]}}]",
        "HB712",
        3,
        46,
        "leave `value_range` out",
        f"{IMAGES}\naugment: [random_erasing]",
    ),
    "an augmenter of images on a table": (
        "augment: [random_flip]",
        "HB713",
        1,
        11,
        "search features",
        "augment: [{use: mixup, alpha: 1}]",
    ),
    "colours where there are none": (
        f"{IMAGES}\naugment: [{{use: random_hue, factor: 0.1}}]",
        "HB714",
        3,
        17,
        "leave it out",
        f"{COLOUR}\naugment: [{{use: random_hue, factor: 0.1}}]",
    ),
    "scaled twice": (
        "data: digits\nmodel:\n- {use: rescaling, scale: 0.00392}\n- softmax",
        "HB715",
        3,
        27,
        "leave it out",
        f"{IMAGES}",
    ),
    # 120 of the 150 examples in batches of 16 are 8 steps an epoch, 80 in all.
    "a schedule that ends long before": (
        rate("{use: cosine_decay, initial_learning_rate: 0.1, decay_steps: 20}"),
        "HB721",
        1,
        100,
        "leave `decay_steps` out",
        rate("{use: cosine_decay, initial_learning_rate: 0.1, decay_steps: 80}"),
    ),
    "a schedule that ends long after": (
        rate("{use: one_cycle, max_learning_rate: 0.1, total_steps: 1000}"),
        "HB722",
        1,
        93,
        "leave `total_steps` out",
        rate("{use: one_cycle, max_learning_rate: 0.1}"),
    ),
    "a warmup that is never over": (
        rate("{use: warmup, schedule: 0.1, warmup_steps: 100}"),
        "HB722",
        1,
        82,
        "leave `warmup_steps` out",
        rate("{use: warmup, schedule: 0.1, warmup_steps: 10}"),
    ),
    "a step that never comes": (
        rate("{use: piecewise_constant_decay, boundaries: [100], values: [0.1, 0.01]}"),
        "HB722",
        1,
        83,
        "in steps",
        rate("{use: piecewise_constant_decay, boundaries: [40], values: [0.1, 0.01]}"),
    ),
    "a plateau under a schedule": (
        f"{rate('{use: one_cycle, max_learning_rate: 0.1}')}\n{PLATEAU}",
        "HB723",
        2,
        19,
        "leave one of them out",
        f"{rate(0.1)}\n{PLATEAU}",
    ),
    "stopping before the end of a cycle": (
        f"{rate('{use: one_cycle, max_learning_rate: 0.1}')}\n{stops()}",
        "HB724",
        2,
        19,
        "leave it out",
        f"{rate('{use: exponential_decay, initial_learning_rate: 0.1, decay_rate: 0.9}')}\n{stops()}",
    ),
    "watching no metric": (
        stops("val_acc") + "\nmetrics: [accuracy]",
        "HB731",
        1,
        44,
        "'val_accuracy'",
        stops("val_accuracy") + "\nmetrics: [accuracy]",
    ),
    "expecting of no split": (
        "expect: {test_loss: {max: 1}}",
        "HB732",
        1,
        10,
        "test: 0.2",
        "expect: {test_loss: {max: 1}}\ndata: {use: iris, test: 0.2}",
    ),
    "watching no split": (f"data: iris\n{stops()}", "HB733", 2, 44, "validation: 0.2", stops()),
    "classes of numbers": (
        f"{NUMBERS}\n{ends(chr(34) + '${data.classes}' + chr(34))}",
        "HB303",
        4,
        23,
        "a value",
        f"{NUMBERS}\n{ends(1)}",
    ),
    "a fact of the data for the data": (
        'data: {use: imdb, length: "${data.examples}"}\nmodel: {use: mlp}',
        "HB303",
        1,
        27,
        "a value",
        "",
    ),
}


def recipe(lines):
    """The lines first, then what they leave of the base."""
    given = {line.partition(":")[0] for line in lines.splitlines()}
    return "\n".join([lines, *(f"{key}: {value}" for key, value in BASE.items() if key not in given), ""])


def problems(file):
    try:
        return hornbook.read(file).warnings
    except hornbook.HornbookError as error:
        return error.problems


@pytest.mark.parametrize("what", WRONG)
def test_a_pairing_that_trains_wrongly_is_told(what, write):
    lines, code, line, column, words, right = WRONG[what]
    (problem,) = problems(write("wrong.yaml", recipe(lines)))
    assert problem.code == code
    assert words in problem.hint
    if line:
        assert (problem.place.line, problem.place.column) == (line, column)
    if right:
        assert problems(write("right.yaml", recipe(right))) == ()


def test_what_is_certainly_wrong_is_an_error_and_the_rest_a_warning(write):
    severities = {}
    for lines, code, *_ in WRONG.values():
        (problem,) = problems(write("wrong.yaml", recipe(lines)))
        severities.setdefault(code, set()).add(problem.severity)
    errors = {"HB303", "HB401", "HB704", "HB713", "HB714", "HB723", "HB731", "HB732", "HB733"}
    either = {"HB705", "HB706", "HB707", "HB711"}
    assert {code for code, found in severities.items() if found == {"error"}} == errors
    assert {code for code, found in severities.items() if len(found) == 2} == either


@pytest.mark.parametrize("name", ["breast-cancer", "diabetes", "digits", "digits-mlp", "iris"])
def test_nothing_is_said_of_shipped_recipes_frozen_or_not(name, write):
    from hornbook.recipes.freezing import frozen

    whole = hornbook.read(name)
    assert whole.warnings == ()
    assert hornbook.read(write("frozen.yaml", frozen(whole))).warnings == ()


@pytest.mark.parametrize(
    "lines",
    [
        f"{ends(7, 'softmax')}",
        "augment: [random_flip]",
        "expect: {test_loss: {max: 1}}",
        stops(),
        rate("{use: one_cycle, max_learning_rate: 0.1, total_steps: 100000}"),
        "loss: mse\nmetrics: [binary_accuracy]",
    ],
)
def test_what_is_not_known_of_the_data_silences_what_needs_it(lines, write):
    unknown = "data: {use: npz, path: nowhere.npz}\n"
    assert problems(write("unknown.yaml", recipe(unknown + lines))) == ()
    assert problems(write("known.yaml", recipe("data: {use: iris}\n" + lines)))


def test_what_is_wrong_elsewhere_silences_the_checks_that_read_it(write):
    lines = "metrics: [acuracy]\n" + stops("val_accuracy") + "\n" + ends(3)
    assert [one.code for one in problems(write("wrong.yaml", recipe(lines)))] == ["HB201", "HB701"]


def test_the_task_that_a_recipe_gives_tells_the_labels(write):
    lines = "data: {use: csv, path: x.csv, target: y, task: regression, validation: 0.1}\nmodel: {use: mlp}"
    assert [one.code for one in problems(write("wrong.yaml", recipe(lines)))] == ["HB401"]
