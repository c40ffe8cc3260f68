import importlib.metadata
import re

import pytest

from hornbook.catalog import catalog
from hornbook.problem import Place
from hornbook.recipes.document import leaves, plain
from hornbook.recipes.freezing import frozen
from hornbook.recipes.provenance import explained, origins
from hornbook.recipes.reading import read, shipped_recipes
from hornbook.recipes.text import parse, scalar

BASE = """\
recipe: 1
data: {use: iris, validation: 0.2}
model:
  - normalization
  - {use: dense, name: head, units: "${data.classes}", activation: softmax}
loss: sparse_categorical_crossentropy
optimizer: {use: nesterov, learning_rate: 0.1}
metrics: [accuracy, {use: sparse_categorical_crossentropy, name: ce}]
training: {epochs: 3, batch_size: "${tracking.tags.size}"}
tracking: {tags: {size: 16, "a.b": 1}}
"""
OVER = """\
extends: base.yaml
seed: 5
optimizer:
  learning_rate: {use: step_decay, initial_learning_rate: 0.2, decay_steps: 10}
"""


@pytest.fixture
def traced(write):
    write("base.yaml", BASE)
    file = write("over.yaml", OVER)
    write("batch.yaml", "8\n")
    overrides = ["training.epochs=9", "training.batch_size=@batch.yaml"]

    def read_with(given=overrides):
        recipe = read(file, given, catalog())
        return recipe, {one.path: one for one in origins(recipe, given)}

    return read_with


def test_a_value_comes_from_the_file_or_the_one_it_extends_at_its_place(traced, tmp_path):
    _, found = traced()
    assert found["seed"].source == "recipe"
    assert found["seed"].place == Place(str(tmp_path / "over.yaml"), 2, 7)
    assert found["optimizer.learning_rate.use"].place == Place(str(tmp_path / "over.yaml"), 4, 24)
    assert found["data.validation"].source == "base"
    assert found["data.validation"].place == Place(str(tmp_path / "base.yaml"), 2, 31)
    assert found["model.layers.0.use"].place == Place(str(tmp_path / "base.yaml"), 4, 5)
    assert found["model.layers.0.use"].value == "layers/normalization"
    assert found["tracking.tags.a.b"].source == "base"


def test_an_override_is_named_and_one_from_a_file_has_its_line(traced):
    _, found = traced()
    assert found["training.epochs"].source == "override"
    assert found["training.epochs"].place.source == "-s training.epochs=9"
    assert (found["training.batch_size"].source, found["training.batch_size"].value) == ("override", 8)
    assert found["training.batch_size"].place == Place("batch.yaml", 1, 1)


def test_a_reference_comes_from_where_it_stands(traced, tmp_path):
    _, found = traced([])
    assert found["training.batch_size"].value == 16
    assert found["training.batch_size"].place == Place(str(tmp_path / "base.yaml"), 9, 35)
    assert found["model.layers.1.units"].value == "${data.classes}"
    assert found["model.layers.1.units"].place.line == 5


def test_a_default_is_of_the_distribution_that_chose_it(traced):
    _, found = traced()
    keras = f"keras {importlib.metadata.version('keras')}"
    # The plugin presets momentum; the constructor, which is Keras', has the rest.
    assert found["optimizer.momentum"].source == "default"
    assert found["optimizer.momentum"].supplier.startswith("hornbook-optimizers ")
    assert found["optimizer.weight_decay"].supplier == keras
    assert found["model.layers.1.kernel_initializer.use"].supplier == keras
    assert found["optimizer.learning_rate.decay_rate"].supplier.startswith("hornbook-schedulers ")
    assert found["data.stratify"].supplier == "recipes"
    assert found["callbacks"].supplier == "recipes"
    assert found["name"].place is None  # the file's name


def test_what_the_run_knows_is_provided(traced):
    _, found = traced()
    assert (found["model.input_shape"].source, found["model.input_shape"].value) == (
        "provided",
        "${data.shape}",
    )
    assert found["resolved.models"].source == "installed"


def test_a_metrics_name_comes_from_what_the_recipe_called_it(traced):
    _, found = traced()
    assert found["metrics.1.name"].place.line == 8
    assert found["metrics.1.name"].value == "ce"


def test_every_value_of_the_frozen_recipe_has_an_origin():
    for name in shipped_recipes(catalog()):
        recipe = read(name, (), catalog())
        paths = {one.path for one in origins(recipe)}
        for path, _ in leaves(parse(frozen(recipe), name)):
            parent = path.rpartition(".")[0]
            assert path in paths or parent in paths, f"{name}: {path}"  # a list of numbers is one value


def test_what_is_written_stands_where_its_origin_says():
    names = {entry.full_name: (entry.name, *entry.component.aliases) for entry in catalog().entries}
    checked = 0
    for name, file in shipped_recipes(catalog()).items():
        text = file.read_text().splitlines()
        for one in origins(read(name, (), catalog())):
            # A list of layers is `sequential`; a metric's name is what the recipe called it.
            aside = one.path in ("model.use", "metrics.0.name") or isinstance(one.value, (list, dict))
            if one.place is None or aside:
                continue
            rest = text[one.place.line - 1][one.place.column - 1 :].lstrip("\"'")
            if one.path.endswith(".use"):
                assert re.match(r"\w+", rest)[0] in names[one.value], f"{name}: {one}"
            elif isinstance(one.value, str):
                assert rest.startswith(one.value), f"{name}: {one}"
            else:
                assert scalar(re.match(r"[\w.+-]+", rest)[0]) == one.value, f"{name}: {one}"
            checked += 1
    assert checked > 80


@pytest.mark.parametrize(
    "overrides", [[], ["seed=3", 'description="two\\nlines # and a sign"'], ["name=" + "a b " * 60]]
)
def test_an_explained_recipe_reads_as_the_same(overrides):
    for name in shipped_recipes(catalog()):
        recipe = read(name, overrides, catalog())
        text = explained(frozen(recipe), origins(recipe, overrides))
        assert plain(parse(text, name)) == plain(parse(frozen(recipe), name))
        assert len(text.split("# ")) > 40


def test_files_of_one_name_are_told_apart(write):
    write("more/base.yaml", BASE)
    file = write("base.yaml", "extends: more/base.yaml\nseed: 3\n")
    recipe = read(file, (), catalog())
    text = explained(frozen(recipe), origins(recipe))
    assert f"# {file}:2" in text
    assert f"# base {file.parent / 'more' / 'base.yaml'}:9" in text
