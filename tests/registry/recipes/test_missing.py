"""Names that no installed plugin offers: the nearest, and where the recipe says so, what to install."""

import pytest

import hornbook

RECIPE = """\
recipe: 1
{says}
data: {{use: iris, validation: 0.2}}
model: [{{use: dense, units: 3, activation: softmax}}]
loss: {loss}
training: {{epochs: 1}}
"""


@pytest.fixture
def wrong(write):
    """The problem with a recipe's loss, and the exit code."""

    def read(loss, says=""):
        with pytest.raises(hornbook.HornbookError) as caught:
            hornbook.read(write("recipe.yaml", RECIPE.format(loss=loss, says=says)))
        (problem,) = (one for one in caught.value.problems if one.path == "loss")
        return problem, caught.value.exit_code

    return read


def test_without_a_word_on_it_a_name_is_wrong(wrong):
    problem, code = wrong("categorical_crosentropy")
    assert code == 2
    assert not problem.unavailable
    assert problem.hint.startswith("did you mean 'categorical_crossentropy'")


def test_a_frozen_recipe_tells_the_distribution_and_its_version(wrong):
    problem, code = wrong("acme/focal", "resolved: {acme: keras-acme 2.1, losses: hornbook-losses 0.1.0}")
    assert code == 3
    assert problem.unavailable
    assert 'pip install "keras-acme==2.1"' in problem.hint
    assert "hornbook-losses" not in problem.hint


def test_what_is_required_and_not_installed_may_offer_it(wrong):
    problem, code = wrong("focale", 'requires: ["keras-acme>=2"]')
    assert code == 3
    assert 'pip install "keras-acme>=2"' in problem.hint


def test_the_nearest_name_is_told_too(wrong):
    problem, _ = wrong("categorical_crosentropy", 'requires: ["keras-acme>=2"]')
    assert problem.hint.startswith("did you mean 'categorical_crossentropy'")
    assert 'pip install "keras-acme>=2"' in problem.hint


def test_what_is_installed_explains_nothing(wrong):
    problem, code = wrong("focale", 'requires: ["hornbook-losses>=0.1"]')
    assert code == 2
    assert "pip install" not in problem.hint


def test_an_official_plugin_that_is_not_installed(wrong, monkeypatch):
    from hornbook.catalog import Catalog

    without = Catalog(plugin for plugin in hornbook.plugins() if plugin.name != "losses")
    problem = without.find("loss", "losses/huber")
    assert problem.unavailable
    assert problem.hint == "pip install hornbook-losses"


@pytest.mark.parametrize("supplier", ['"x; rm -rf / 1"', "7", '"$(reboot) 1.0"', "[1, 2]", '"keras-acme"'])
def test_what_is_no_distribution_is_nothing_to_type(wrong, supplier):
    problem, _ = wrong("acme/focal", f"resolved: {{acme: {supplier}}}")
    assert "pip install" not in problem.hint
