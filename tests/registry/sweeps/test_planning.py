"""Before a sweep begins: every trial's recipe is checked, and what trials are compared by is settled."""

from dataclasses import replace

import pytest

import hornbook
from hornbook.catalog import catalog
from hornbook.sweeps.base import kept_base
from hornbook.sweeps.objective import objective
from hornbook.sweeps.planning import Search, plan, search_for
from hornbook.sweeps.space import read_variables

RECIPE = """
recipe: 1
data: {use: iris, validation: 0.2}
model: [{use: dense, name: head, units: 3, activation: softmax}]
loss: sparse_categorical_crossentropy
optimizer: {use: sgd, learning_rate: 0.1}
metrics: [accuracy]
training: {epochs: 1}
"""


@pytest.fixture
def planned(tmp_path):
    """Plans a sweep of a recipe over what is written after `-v`."""

    def of(*variables, overrides=(), text=RECIPE, search=None):
        (tmp_path / "recipe.yaml").write_text(text)
        return plan("recipe.yaml", overrides, read_variables(variables), search or Search(), catalog())

    return of


def problems(planned, *variables, **more):
    with pytest.raises(hornbook.HornbookError) as refused:
        planned(*variables, **more)
    return refused.value.problems


@pytest.mark.parametrize(
    ("varied", "trials"), [(["seed=1..3"], 4), (["seed=1,2", "training.batch_size=8..24..8"], 7)]
)
def test_a_search_with_more_trials_than_combinations_is_refused(planned, varied, trials):
    search = Search("search", trials, "val_loss", None, "tpe", "none")
    (problem,) = problems(planned, *varied, search=search)
    assert (problem.code, f"at most `--trials {trials - 1}`" in problem.hint) == ("HB543", True)
    assert planned(*varied, search=replace(search, trials=trials - 1)).asked.trials == trials - 1


def test_a_trial_is_what_overrides_would_make_of_the_recipe(planned):
    made = planned("optimizer.learning_rate=0.5", "optimizer=adam", "seed=3")
    trial = made.base.recipe({"optimizer.learning_rate": 0.5, "optimizer": "adam", "seed": 3})
    run = hornbook.read("recipe.yaml", ["optimizer=adam", "optimizer.learning_rate=0.5", "seed=3"])
    assert (trial.optimizer.parameters, trial.seed) == (run.optimizer.parameters, run.seed)
    assert trial.optimizer.entry.name == "adam"


def test_an_override_within_what_is_varied_comes_after_it(planned):
    made = planned("optimizer=sgd,adam", overrides=["optimizer.learning_rate=0.25"])
    assert made.base.recipe({"optimizer": "adam"}).optimizer.parameters["learning_rate"] == 0.25


def test_a_mistake_is_told_once_with_the_trials_that_have_it(planned):
    text = RECIPE.replace("metrics: [accuracy]", "metrics: [acuracy]")
    found = problems(planned, "optimizer=sgd,adm", "seed=1,2,3", text=text)
    messages = {one.place.source: one.message for one in found}
    assert len(found) == 2
    assert messages["recipe.yaml"] == "there is no metric 'acuracy'"
    assert messages["-v optimizer=adm"].endswith("(in 3 of 6 trials with optimizer=adm)")


def test_a_mistake_of_a_combination_names_it(planned):
    # Each is right by itself: the loss on logits wants a layer without softmax.
    losses = "loss=[{use: sparse_categorical_crossentropy}, {use: sparse_categorical_crossentropy, from_logits: true}]"
    warnings = planned(losses, "model.layers.head.activation=softmax,null", "seed=1,2").warnings
    assert sorted(one.code for one in warnings) == ["HB701", "HB702"]
    for warning in warnings:
        assert "(in 2 of 8 trials with loss=" in warning.message
        assert "model.layers.head.activation=" in warning.message


def test_a_search_is_checked_at_the_ends_of_its_ranges(planned):
    search = Search("search", 5, "val_accuracy")
    (problem,) = problems(planned, "training.epochs=0..3", search=search)
    assert problem.message.endswith("(in the trial with training.epochs=0)")


@pytest.mark.parametrize(
    ("variables", "overrides", "code"),
    [
        ([], (), "HB542"),
        (["seed=1"], ["seed=2"], "HB542"),
        (["seed=1"], ["~seed"], "HB542"),
        (["model.layers.tail.units=3"], (), "HB133"),
    ],
)
def test_what_cannot_be_varied(planned, variables, overrides, code):
    (problem,) = problems(planned, *variables, overrides=overrides)
    assert problem.code == code


NUMBERS = """
recipe: 1
data: {use: diabetes, validation: 0.2}
model: [{use: dense, units: 1}]
loss: mse
metrics: [{use: mae, name: off}, r2_score]
training: {epochs: 1}
"""


@pytest.mark.parametrize(
    ("metric", "direction"),
    [("val_r2_score", "maximize"), ("val_loss", "minimize"), ("loss", "minimize"), ("val_off", "minimize")],
)
def test_which_way_is_better_follows_from_what_the_metric_is(planned, metric, direction):
    asked = planned("seed=1,2", text=NUMBERS, search=Search(metric=metric)).asked
    assert (asked.metric, asked.direction) == (metric, direction)


def test_without_a_metric_what_the_recipe_expects_counts(planned):
    asked = planned("seed=1,2", text=f"{RECIPE}expect: {{val_loss: {{max: 1}}}}\n").asked
    assert (asked.metric, asked.direction) == ("val_loss", "minimize")
    assert planned("seed=1,2").asked.metric == "val_accuracy"
    without = RECIPE.replace(", validation: 0.2", "")
    assert planned("seed=1,2", text=without).asked.metric == "accuracy"


def test_a_metric_of_which_nobody_knows_which_way_is_better(planned):
    recipe = planned("seed=1").first
    with pytest.raises(hornbook.HornbookError, match="whether more or less of 'level' is better"):
        objective(recipe, "level", None)
    assert objective(recipe, "level", "minimize").direction == "minimize"


@pytest.mark.parametrize(
    ("search", "words"),
    [
        (Search(metric="val_acuracy"), "no metric 'val_acuracy'"),
        (Search(metric="test_accuracy"), "there is no test split"),
        (Search("search", 3, "nothing"), "no metric 'nothing'"),
    ],
)
def test_a_metric_that_will_not_be_there(planned, search, words):
    (problem,) = problems(planned, "seed=1,2", search=search)
    assert problem.code == "HB545"
    assert words in problem.message


def test_a_pruner_needs_a_metric_of_every_epoch(planned):
    search = Search("search", 3, "test_accuracy", pruner="median")
    (problem,) = problems(planned, "seed=1,2", overrides=["data.test=0.2"], search=search)
    assert "every epoch" in problem.message


def test_the_recipe_that_is_kept_means_the_same_elsewhere(planned, tmp_path, monkeypatch):
    text = """
name: kept
recipe: 1
data: {use: csv, path: data.csv, target: species}
model: [{use: dense, units: "${data.classes}", activation: softmax}]
loss: sparse_categorical_crossentropy
optimizer: {use: sgd, learning_rate: 0.1, momentum: "${optimizer.learning_rate}"}
training: {epochs: 1}
"""
    made = planned("optimizer.learning_rate=0.5,0.25", text=text)
    (tmp_path / "elsewhere").mkdir()
    kept = tmp_path / "elsewhere" / "recipe.yaml"
    kept.write_text(made.base.text(made.first))
    monkeypatch.chdir(tmp_path / "elsewhere")
    again = kept_base(kept, (), catalog(), made.base.source, tmp_path)
    trial = again.recipe({"optimizer.learning_rate": 0.25})
    assert trial.data.parameters["path"] == str(tmp_path / "data.csv")
    assert trial.optimizer.parameters["momentum"] == 0.25
    assert trial.name == "kept"
    varied = again.recipe({"data.path": "other.csv", "optimizer.learning_rate": 0.5})
    assert varied.data.parameters["path"] == str(tmp_path / "other.csv")


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"trials": 5}, "trials is said, which only a search has"),
        ({"sampler": "tpe"}, "sampler is said"),
        ({"pruner": "none", "random": 3}, "pruner is said"),
        ({"optimize": "loss", "random": 3}, "drawn at random or searched for, not both"),
        ({"optimize": "loss", "metric": "val_loss"}, "by the metric that it optimizes"),
        ({"optimize": "loss", "sampler": "grid"}, "no sampler 'grid'; there are tpe, random"),
        ({"optimize": "loss", "pruner": "x"}, "no pruner 'x'"),
        ({"direction": "up"}, "no direction 'up'; there are minimize, maximize"),
        ({"random": 0}, "at least one trial"),
        ({"optimize": "loss", "trials": 0}, "at least one trial"),
    ],
)
def test_what_is_asked_for_is_not_dropped(asked, words):
    with pytest.raises(hornbook.HornbookError, match=words) as refused:
        search_for(**asked)
    assert {problem.code for problem in refused.value.problems} == {"HB542"}


def test_what_is_left_out_is_as_documented():
    assert search_for() == Search()
    assert search_for(random=3, seed=2) == Search("random", 3, seed=2)
    assert search_for(optimize="loss") == Search("search", 20, "loss", None, "tpe", "none")
