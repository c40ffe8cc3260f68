import re
import shutil

import pytest


def paths(done):
    return {one["path"]: one for one in done.json["differences"]}


def test_two_recipes_by_path_with_defaults(invoke, tmp_path):
    (tmp_path / "my.yaml").write_text(
        "extends: digits\noptimizer: {beta_1: 0.8, learning_rate: {max_learning_rate: 0.02}}\nseed: 7\n"
    )
    done = invoke("diff", "digits", "my.yaml", "--json")
    assert done.code == 0
    assert done.json["same"] is False
    assert done.json["a"]["kind"] == done.json["b"]["kind"] == "recipe"
    assert paths(done) == {
        "optimizer.learning_rate.max_learning_rate": {
            "path": "optimizer.learning_rate.max_learning_rate",
            "a": 0.01,
            "b": 0.02,
        },
        "optimizer.beta_1": {"path": "optimizer.beta_1", "a": 0.9, "b": 0.8},
    }


def test_for_people(invoke, tmp_path):
    (tmp_path / "my.yaml").write_text(
        "extends: digits\naugment: []\ncallbacks: [terminate_on_nan]\nseed: 8\n"
    )
    done = invoke("diff", "digits", "my.yaml")
    lines = [" ".join(line.split()) for line in done.out.splitlines()]
    assert lines[:2] == ["- recipe digits", "+ recipe my.yaml"]
    assert "seed 7 → 8" in lines
    assert any(line.startswith("- augment.0 {use: augmenters/cutmix, alpha: 1.0") for line in lines)
    assert any(line.startswith("+ callbacks.0 {use: callbacks/terminate_on_nan") for line in lines)


def test_recipes_that_say_the_same(invoke, tmp_path):
    (tmp_path / "frozen.yaml").write_text(invoke("freeze", "digits").out)
    done = invoke("diff", "digits", "frozen.yaml")
    assert (done.code, done.out) == (0, "")
    assert "say the same" in done.err
    assert invoke("diff", "digits", "frozen.yaml", "--json").json["same"] is True


def test_runs_are_compared_as_they_were_frozen(invoke, runs, run_of):
    done = invoke("diff", run_of("iris"), "iris", "--runs-dir", runs, "--json")
    assert done.json["a"]["kind"] == "run"
    assert paths(done)["training.epochs"]["a"] == 2
    assert paths(done)["training.epochs"]["b"] > 2
    assert paths(done)["data.test"] == {"path": "data.test", "a": 0.1, "b": None}
    assert not [path for path in paths(done) if path.startswith(("model.", "resolved."))]
    two = invoke("diff", run_of("iris"), run_of("diabetes"), "--runs-dir", runs, "--json")
    assert paths(two)["data.use"]["b"] == "datasets/diabetes"


@pytest.fixture
def old_run(tmp_path, runs, run_of):
    """A run of a version before, with a plugin that is no longer there."""
    folder = tmp_path / "runs" / run_of("iris")
    shutil.copytree(runs / run_of("iris"), folder)
    text = (folder / "recipe.yaml").read_text()
    text = re.sub(r"hornbook-losses \S+", "hornbook-losses 0.0.9", text).replace("layers/dense", "gone/dense")
    (folder / "recipe.yaml").write_text(text)
    return folder.name


def test_versions_that_differ_are_shown(invoke, old_run):
    done = invoke("diff", old_run, "iris", "--json")
    assert paths(done)["resolved.losses"]["a"] == "hornbook-losses 0.0.9"
    # Nothing of a run needs to be installed.
    gone = [
        one["a"]["use"] for one in done.json["differences"] if one["path"] == "model.layers.1" and "a" in one
    ]
    assert gone == ["gone/dense"]


def test_a_run_goes_by_the_beginning_of_its_id_and_as_latest(invoke, old_run):
    assert invoke("diff", old_run[:12], "latest", "--json").json["same"] is True
    assert invoke("diff", f"runs/{old_run}", "latest", "--json").json["same"] is True


def test_what_is_neither_recipe_nor_run(invoke):
    done = invoke("diff", "digits", "digitz")
    assert done.code == 2
    assert "neither a recipe nor a run 'digitz'" in done.err
    assert "'digits'" in done.err
