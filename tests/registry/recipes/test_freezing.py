"""Freezing: everything is written out, and what is written out is read as the same recipe."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hornbook
from hornbook.catalog import catalog
from hornbook.recipes.document import plain
from hornbook.recipes.freezing import flat, frozen
from hornbook.recipes.reading import shipped_recipes
from hornbook.recipes.text import parse

pytestmark = pytest.mark.usefixtures("bench")


def _again(text, tmp_path):
    file = tmp_path / "frozen.yaml"
    file.write_text(text, "utf-8")
    return hornbook.read(file)


def test_freezing_a_shipped_recipe_twice_changes_nothing(tmp_path):
    names = set(shipped_recipes(catalog())) - {"bench-outside"}
    assert {"digits", "iris", "bench-points"} <= names
    for name in names:
        once = frozen(hornbook.read(name))
        assert frozen(_again(once, tmp_path)) == once, name


def test_what_is_frozen_is_the_same_recipe(tmp_path):
    recipe = hornbook.read("digits")
    again = _again(frozen(recipe), tmp_path)
    for part in ("name", "seed", "data", "splitting", "augment", "model", "loss", "optimizer", "callbacks"):
        assert getattr(again, part) == getattr(recipe, part), part
    assert (again.training, again.expect, again.tracking) == (recipe.training, recipe.expect, recipe.tracking)
    assert [metric.entry for metric in again.metrics] == [metric.entry for metric in recipe.metrics]


@pytest.mark.parametrize(
    "metric",
    ["mean_absolute_error", "mae", "{use: mae, name: mean_absolute_error}", "{use: mae, name: error}"],
)
def test_a_metric_keeps_the_name_that_it_was_given(metric, tmp_path):
    name = metric.rpartition("name: ")[2].rstrip("}")
    changes = [f"metrics=[{metric}]", f"expect={{val_{name}: {{min: 0}}}}"]
    once = frozen(hornbook.read("diabetes", changes))
    again = _again(once, tmp_path)
    assert frozen(again) == once
    assert [bound.metric for bound in again.expect] == [f"val_{name}"]


def test_a_frozen_recipe_has_full_names_every_default_and_what_supplied_them():
    data = plain(parse(frozen(hornbook.read("digits")), "f"))
    head = data["model"]["layers"][-1]
    assert head["use"] == "layers/dense"
    assert head["units"] == "${data.classes}"
    assert head["kernel_initializer"]["use"] == "layers/glorot_uniform"
    assert data["optimizer"]["learning_rate"]["total_steps"] == "${training.total_steps}"
    assert data["optimizer"]["beta_1"] == 0.9
    assert data["metrics"] == [data["metrics"][0] | {"use": "metrics/accuracy", "name": "accuracy"}]
    assert data["resolved"]["layers"].startswith("hornbook-layers ")
    assert data["training"]["batch_size"] == 64


def test_references_to_values_are_resolved(write):
    recipe = hornbook.read("bench-points", ["training.batch_size=${seed}"])
    assert plain(parse(frozen(recipe), "f"))["training"]["batch_size"] == 3


def test_metrics_keep_the_name_that_they_are_logged_under(tmp_path):
    recipe = hornbook.read("bench-points", ["metrics=[accuracy, nameless, {use: sparse_ce, name: error}]"])
    once = frozen(recipe)
    again = _again(once, tmp_path)
    assert frozen(again) == once
    assert [plain_metric.get("name") for plain_metric in plain(parse(once, "f"))["metrics"]] == [
        "accuracy",
        None,
        "error",
    ]


def test_what_is_frozen_is_flat_for_trackers():
    values = flat(hornbook.read("digits"))
    assert values["optimizer"] == "optimizers/adam"
    assert values["optimizer.learning_rate"] == "schedulers/one_cycle"
    assert values["optimizer.learning_rate.max_learning_rate"] == 0.01
    assert values["model.layers.0.filters"] == 32
    assert values["model.layers.0.kernel_initializer"] == "layers/glorot_uniform"
    assert not any(key.startswith(("tracking", "expect", "resolved", "requires")) for key in values)
    assert None not in values.values()


@pytest.mark.parametrize(
    "written", [".inf", "-.inf", "1e-300", "-0.0", "'1e5'", '"a\\x85b"', '"\\r\\n"', "🂡", "${seed}"]
)
def test_odd_values_survive(tmp_path, written):
    recipe = hornbook.read("bench-points", [f"tracking.tags.odd={written}"])
    again = _again(frozen(recipe), tmp_path)
    assert repr(again.tracking) == repr(recipe.tracking)


WORDS = st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]), max_size=12)
NUMBERS = st.floats(-1e300, 1e300) | st.integers(-(10**12), 10**12)
VALUES = st.recursive(
    WORDS | NUMBERS | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=6,
)
UNIT = st.floats(0, 1)


@st.composite
def recipes(draw):
    """Recipes as somebody might write them, with odd words where words may be odd."""
    layers = draw(
        st.lists(
            st.one_of(
                st.just("flatten"),
                st.builds(lambda rate: {"use": "dropout", "rate": rate}, st.floats(0, 0.9)),
                st.builds(
                    lambda units, l2, initializer: {
                        "use": "dense",
                        "units": units,
                        "kernel_regularizer": {"use": "l2", "l2": l2},
                        "kernel_initializer": initializer,
                    },
                    st.integers(1, 99),
                    UNIT,
                    st.sampled_from(["he", "zeros", "glorot_normal", {"use": "constant", "value": 0.5}]),
                ),
            ),
            max_size=3,
        )
    )
    learning_rate = st.one_of(
        UNIT,
        st.just({"use": "one_cycle", "max_learning_rate": 0.1}),
        st.just(
            {
                "use": "warmup",
                "schedule": {"use": "cosine_annealing", "initial_learning_rate": 1},
            }
        ),
    )
    return {
        "recipe": 1,
        "name": draw(WORDS.filter(lambda word: "${" not in word)),
        "description": draw(WORDS),
        "seed": draw(st.integers(0, 2**32 - 1)),
        "data": {"use": draw(st.sampled_from(["points", "bench/points"])), "validation": draw(UNIT)},
        "model": [*layers, {"use": "dense", "units": "${data.classes}", "activation": "softmax"}],
        "loss": draw(st.sampled_from(["categorical_crossentropy", {"use": "huber", "delta": 2.0}])),
        "optimizer": {"use": draw(st.sampled_from(["adam", "sgd"])), "learning_rate": draw(learning_rate)},
        "metrics": draw(st.sampled_from([[], ["accuracy"], ["mae", {"use": "mse", "name": "off"}]])),
        "training": {"epochs": draw(st.integers(1, 10**6)), "batch_size": draw(st.integers(1, 10**6))},
        "tracking": {"experiment": draw(WORDS), "tags": draw(st.dictionaries(WORDS, VALUES, max_size=3))},
    }


@settings(max_examples=40, deadline=None)
@given(recipes())
def test_freezing_any_recipe_twice_changes_nothing(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("frozen")
    (folder / "recipe.yaml").write_text(json.dumps(data), "utf-8")
    recipe = hornbook.read(folder / "recipe.yaml")
    once = frozen(recipe)
    again = _again(once, folder)
    assert frozen(again) == once
    assert again.tracking == recipe.tracking == data["tracking"]
    assert (again.name, again.description, again.seed) == (recipe.name, recipe.description, data["seed"])
    assert (again.model, again.optimizer, again.loss) == (recipe.model, recipe.optimizer, recipe.loss)
