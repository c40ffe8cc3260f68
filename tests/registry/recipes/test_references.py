"""References: values of the recipe, and facts that only the run knows."""

import pytest

import hornbook
from hornbook.recipes.references import Fact

BASE = """\
recipe: 1
name: references
seed: 11
data: {use: iris, split_seed: "${seed}"}
model:
  - {use: dense, name: first, units: 8, activation: relu}
  - {use: dense, units: "${ data.classes }", kernel_initializer: "${tracking.tags.how}", bias_initializer: zeros}
loss: categorical_crossentropy
optimizer: {use: adam, learning_rate: "${tracking.tags.rate}"}
training: {epochs: 3, batch_size: "${model.layers.first.units}"}
tracking: {experiment: "${name} of ${seed}, ${optimizer.use}", tags: {rate: 0.25, how: {use: he}}}
"""


@pytest.fixture
def recipe(write):
    return hornbook.read(write("references.yaml", BASE))


def _problems(write, text):
    with pytest.raises(hornbook.HornbookError) as raised:
        hornbook.read(write("wrong.yaml", text))
    return raised.value.problems


def test_a_reference_is_the_value_that_it_names(recipe):
    assert recipe.splitting.split_seed == 11
    assert recipe.optimizer.parameters["learning_rate"] == 0.25


def test_a_list_is_reached_into_by_name(recipe):
    assert recipe.training.batch_size == 8


def test_a_fact_is_left_to_the_run(recipe):
    assert recipe.model.parameters["layers"][1].parameters["units"] == Fact("data.classes")


def test_references_stand_within_text(recipe):
    assert recipe.tracking["experiment"] == "references of 11, adam"


def test_a_whole_component_can_be_referred_to(write):
    text = BASE.replace('"${tracking.tags.how}"', '"${extra}"')
    text = text.replace("bias_initializer: zeros", 'bias_initializer: "${model.layers.1.kernel_initializer}"')
    text = text.replace('"${extra}"', "{use: constant, value: 0.5}")
    layer = hornbook.read(write("whole.yaml", text)).model.parameters["layers"][1]
    assert layer.parameters["bias_initializer"] == layer.parameters["kernel_initializer"]
    assert layer.parameters["bias_initializer"].parameters["value"] == 0.5


def test_a_reference_may_lead_to_a_reference(write):
    text = BASE.replace("rate: 0.25", 'rate: "${tracking.tags.slow}", slow: 0.125')
    assert hornbook.read(write("chain.yaml", text)).optimizer.parameters["learning_rate"] == 0.125


def test_overrides_come_first(write):
    recipe = hornbook.read(write("references.yaml", BASE), ["seed=4"])
    assert recipe.splitting.split_seed == 4


def test_a_circle_is_told_with_its_way(write):
    text = BASE.replace("rate: 0.25", 'rate: "${optimizer.learning_rate}"')
    problem = _problems(write, text)[0]
    assert problem.code == "HB143"
    assert "tracking.tags.rate -> optimizer.learning_rate -> tracking.tags.rate" in problem.message


def test_a_circle_through_a_component_is_one_too(write):
    problems = _problems(write, BASE.replace("units: 8", 'units: "${model}"'))
    assert {problem.code for problem in problems} == {"HB143"}


def test_an_unknown_reference_is_told_with_the_nearest(write):
    (problem,) = _problems(write, BASE.replace("${seed}", "${sed}", 1))
    assert (problem.code, problem.place.line, problem.place.column) == ("HB141", 4, 31)
    assert "'seed'" in problem.hint


@pytest.mark.parametrize("written", ["${seed + 1}", "${}", "${seed", "a ${seed} and ${1}", "$${{seed}}"])
def test_what_only_looks_like_a_reference_is_told(write, written):
    (problem,) = _problems(write, f'{BASE}description: "{written}"')
    assert (problem.code, problem.place.line) == ("HB144", 12)


def test_a_dollar_is_a_dollar(write):
    assert (
        hornbook.read(write("dollar.yaml", BASE.replace("name: references", "name: $5 {x}"))).name == "$5 {x}"
    )


def test_references_that_multiply_are_bounded(write):
    lines = ["x0: [a, a]"] + [f'x{n}: ["${{x{n - 1}}}", "${{x{n - 1}}}"]' for n in range(1, 60)]
    (problem,) = _problems(write, "\n".join(lines))
    assert problem.code == "HB145"
    assert "100,000 values" in problem.message


def test_references_that_nest_are_bounded(write):
    lines = ["x0: [a]"] + [f'x{n}: {"[" * 30}"${{x{n - 1}}}"{"]" * 30}' for n in range(1, 60)]
    (problem,) = _problems(write, "\n".join(lines))
    assert problem.code == "HB145"
    assert "40 levels" in problem.message


def test_a_reference_to_nothing_hides_no_other_mistake(tmp_path):
    (tmp_path / "r.yaml").write_text(
        "recipe: 1\ndata: iris\nmodel: [{use: dense, units: '${data.clas}'}, flaten]\n"
        "loss: mse\ntraining: {epochs: '${nothing}'}\n"
    )
    with pytest.raises(hornbook.HornbookError) as raised:
        hornbook.read(tmp_path / "r.yaml")
    assert [problem.code for problem in raised.value.problems] == ["HB141", "HB201", "HB141"]
