"""Recipes that extend others: what merges, what replaces, what may be extended."""

import pytest

import hornbook
from hornbook.recipes.document import plain

pytestmark = pytest.mark.usefixtures("bench")

BASE = """\
recipe: 1
name: base
data: {use: points, validation: 0.25}
model: [{use: dense, name: head, units: 3, activation: softmax}]
loss: {use: categorical_crossentropy, label_smoothing: 0.1}
optimizer: {use: adam, learning_rate: 0.1, clipnorm: 1.0}
metrics: [accuracy, {use: mse, name: error}]
callbacks: [{use: early_stopping, patience: 3}]
training: {epochs: 4, batch_size: 8}
tracking: {experiment: base, tags: {team: vision, kind: small}}
"""


@pytest.fixture
def over(write):
    """Reads a recipe that extends the base."""

    def read(text, base=BASE):
        write("base.yaml", base)
        return hornbook.read(write("over.yaml", f"extends: base.yaml\n{text}"))

    return read


def _refused(file):
    with pytest.raises(hornbook.HornbookError) as raised:
        hornbook.read(file)
    return raised.value.problems


def test_mappings_merge_deeply(over):
    recipe = over("training: {epochs: 9}\ntracking: {tags: {team: sound, new: 1}}")
    assert (recipe.training.epochs, recipe.training.batch_size) == (9, 8)
    assert recipe.tracking == {"experiment": "base", "tags": {"team": "sound", "kind": "small", "new": 1}}


@pytest.mark.parametrize("written", ["{use: adam, learning_rate: 0.5}", "{learning_rate: 0.5}"])
def test_the_same_component_or_none_merges(over, written):
    parameters = over(f"optimizer: {written}").optimizer.parameters
    assert (parameters["learning_rate"], parameters["clipnorm"]) == (0.5, 1.0)


def test_a_short_form_merges_as_the_long_one(over):
    assert over("optimizer: adam").optimizer.parameters["clipnorm"] == 1.0
    assert (
        over(
            "loss: {label_smoothing: 0.3}",
            BASE.replace("{use: categorical_crossentropy, label_smoothing: 0.1}", "categorical_crossentropy"),
        ).loss.parameters["label_smoothing"]
        == 0.3
    )


def test_another_component_replaces(over):
    optimizer = over("optimizer: {use: sgd, learning_rate: 0.5}").optimizer
    assert (optimizer.entry.name, optimizer.parameters["clipnorm"]) == ("sgd", None)
    assert "label_smoothing" not in over("loss: mse").loss.parameters


def test_lists_replace(over):
    assert [metric.written for metric in over("metrics: [mae]").metrics] == ["mae"]
    assert len(over("model: [flatten, {use: dense, units: 3}]").model.parameters["layers"]) == 2


def test_what_is_removed_is_not_inherited(over):
    recipe = over("remove: [callbacks, optimizer.clipnorm, metrics.error, tracking.tags.kind]")
    assert recipe.callbacks == ()
    assert recipe.optimizer.parameters["clipnorm"] is None
    assert [metric.written for metric in recipe.metrics] == ["accuracy"]
    assert recipe.tracking["tags"] == {"team": "vision"}


def test_what_is_removed_can_be_written_anew(over):
    callbacks = over("remove: [callbacks]\ncallbacks: [{use: early_stopping, patience: 9}]").callbacks
    assert [callback.parameters["patience"] for callback in callbacks] == [9]


@pytest.mark.parametrize(
    ("removed", "left"),
    [("0, callbacks.1", [3]), ("1, callbacks.0", [3]), ("2", [1, 2]), ("0, callbacks.2", [2])],
)
def test_elements_are_removed_by_the_places_that_the_base_has_them_in(over, removed, left):
    three = ", ".join(f"{{use: early_stopping, monitor: loss, patience: {number}}}" for number in (1, 2, 3))
    base = BASE.replace("[{use: early_stopping, patience: 3}]", f"[{three}]")
    callbacks = over(f"remove: [callbacks.{removed}]", base).callbacks
    assert [callback.parameters["patience"] for callback in callbacks] == left


def test_a_tag_that_is_called_data_is_no_dataset(over):
    assert over("tracking: {tags: {data: mnist}}").tracking["tags"]["data"] == "mnist"


def test_what_is_read_from_the_file_alone_is_refused_elsewhere(write):
    file = write("own.yaml", BASE)
    for override, code in (("extends=iris", "HB123"), ("remove=[callbacks]", "HB121")):
        with pytest.raises(hornbook.HornbookError) as raised:
            hornbook.read(file, [override])
        assert [problem.code for problem in raised.value.problems] == [code]
    (problem,) = _refused(write("other.yaml", BASE + "remove: [callbacks]\n"))
    assert (problem.code, "extends no other" in problem.message) == ("HB122", True)


@pytest.mark.parametrize(
    ("removed", "codes"),
    [
        ("[nothing]", ["HB122"]),
        ("[callbacks.3]", ["HB122"]),
        ("[7]", ["HB121"]),
        ("[seed, no.such]", ["HB122"] * 2),
    ],
)
def test_only_what_is_there_can_be_removed(write, removed, codes):
    write("base.yaml", BASE)
    file = write("over.yaml", f"extends: base.yaml\nremove: {removed}\n")
    problems = _refused(file)
    assert [problem.code for problem in problems] == codes
    assert {problem.place.line for problem in problems} == {2}


def test_several_bases_lie_over_one_another_in_their_order(write):
    write("base.yaml", BASE)
    write("fast.yaml", "training: {epochs: 1, batch_size: 64}\nseed: 1\n")
    write("parts/long.yaml", "training: {epochs: 50}\n")
    file = write("over.yaml", "extends: [base.yaml, fast.yaml, parts/long.yaml]\nseed: 2\n")
    recipe = hornbook.read(file)
    assert (recipe.training.epochs, recipe.training.batch_size, recipe.seed, recipe.name) == (
        50,
        64,
        2,
        "base",
    )


def test_bases_may_extend_in_turn(write):
    write("deep/base.yaml", BASE)
    write("deep/middle.yaml", "extends: base.yaml\nseed: 5\n")
    recipe = hornbook.read(write("over.yaml", "extends: deep/middle.yaml\nname: over\n"))
    assert (recipe.name, recipe.seed, recipe.training.epochs) == ("over", 5, 4)
    assert "extends" not in plain(recipe.document)


def test_a_mistake_in_a_base_is_told_at_its_place(write):
    base = write("base.yaml", BASE.replace("adam", "adm"))
    (problem,) = _refused(write("over.yaml", "extends: base.yaml\n"))
    assert (problem.code, str(problem.place)) == ("HB201", f"{base}:6:18")


def test_recipes_cannot_extend_each_other_in_a_circle(write):
    write("a.yaml", "extends: b.yaml\n")
    write("b.yaml", "extends: ./c.yaml\n")
    file = write("c.yaml", "extends: a.yaml\n")
    (problem,) = _refused(file)
    assert problem.code == "HB125"
    assert "c.yaml -> a.yaml -> b.yaml -> c.yaml" in problem.message
    (problem,) = _refused(write("self.yaml", "extends: self.yaml\n"))
    assert (problem.code, problem.place.line, problem.place.column) == ("HB125", 1, 10)


def test_a_missing_base_is_told_with_the_way_that_led_there(write):
    write("middle.yaml", "name: middle\nextends: [base.yml]\n")
    (problem,) = _refused(write("over.yaml", "extends: middle.yaml\n"))
    assert (problem.code, problem.place.line, problem.place.column) == ("HB124", 2, 11)
    assert "'base.yml'" in problem.message
    assert "over.yaml" in problem.message and "middle.yaml" in problem.message


@pytest.mark.parametrize("written", ["7", "{a: b}", "[[a.yaml]]", ""])
def test_only_files_can_be_extended(write, written):
    (problem,) = _refused(write("over.yaml", f"extends: {written}\n"))
    assert (problem.code, problem.place.line) == ("HB123", 1)


def test_a_base_must_be_a_mapping_too(write):
    base = write("base.yaml", "- recipe: 1\n")
    (problem,) = _refused(write("over.yaml", "extends: base.yaml\n"))
    assert (problem.code, problem.place.source) == ("HB119", str(base))


def test_a_recipe_that_a_plugin_ships_is_extended_by_name(write):
    recipe = hornbook.read(write("over.yaml", "extends: bench-points\nname: over\n"))
    assert (recipe.name, recipe.training.epochs, recipe.seed) == ("over", 2, 3)


def test_shipped_recipes_extend_shipped_ones():
    assert hornbook.read("bench-longer").training.epochs == 3


def test_a_shipped_recipe_does_not_reach_out(bench):
    (bench.path / "outside.yaml").write_text(BASE)
    (problem,) = _refused("bench-outside")
    assert problem.code == "HB126"
    assert "../../outside.yaml" in problem.message


def test_paths_are_relative_to_the_file_that_wrote_them(write, tmp_path, monkeypatch):
    from hornbook.recipes.freezing import frozen

    table = "recipe: 1\ndata: {use: table, path: numbers.csv}\nmodel: [{use: dense, units: 2}]\n"
    base = write("deep/base.yaml", table + "loss: mse\ntraining: {epochs: 1}\n")
    over = write("over.yaml", "extends: deep/base.yaml\n")
    monkeypatch.chdir(write("elsewhere/x", "").parent)
    assert hornbook.read(over).data.parameters["path"] == str(base.parent / "numbers.csv")
    own = write("own.yaml", "extends: deep/base.yaml\ndata: {path: numbers.csv}\n")
    assert hornbook.read(own).data.parameters["path"] == str(tmp_path / "numbers.csv")
    # An override is written by whoever stands here.
    here = hornbook.read(over, ["data.path=numbers.csv"]).data.parameters["path"]
    assert here == str(tmp_path / "elsewhere" / "numbers.csv")
    again = write("elsewhere/frozen.yaml", frozen(hornbook.read(over)))
    assert hornbook.read(again).data.parameters["path"] == str(base.parent / "numbers.csv")


def test_other_data_keeps_the_settings_that_belong_to_the_run(tmp_path):
    base = "recipe: 1\ndata: {use: iris, validation: 0.2, split_seed: 3}\nmodel: mlp\n"
    (tmp_path / "base.yaml").write_text(
        base + "loss: sparse_categorical_crossentropy\ntraining: {epochs: 1}\n"
    )
    (tmp_path / "over.yaml").write_text("recipe: 1\nextends: base.yaml\ndata: {use: wine, split_seed: 4}\n")
    recipe = hornbook.read(tmp_path / "over.yaml")
    assert recipe.data.entry.name == "wine"
    assert (recipe.splitting.validation, recipe.splitting.split_seed) == (0.2, 4)
