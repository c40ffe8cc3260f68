"""`run` and `runs`: outcomes, exit codes, and what is said to people and to programs."""

import json

import pytest

import hornbook as library

QUICK = ["-s", "training.epochs=2", "--no-tracking"]
SHAPE = {"schema_version", "run_id", "run_dir", "outcome", "metrics", "model", "tracking", "seconds"}


def test_a_run_tells_what_came_of_it(invoke, tmp_path):
    done = invoke("run", "iris", *QUICK, "-s", "expect.val_accuracy.min=0.1")
    assert done.code == 0
    assert done.out.startswith("finished: iris, 2 epochs in ")
    assert "at least 0.1: met" in done.out
    (run,) = library.runs(tmp_path / "runs")
    assert f"runs/{run.id}/artifacts/model.keras" in done.out
    assert f"hornbook evaluate {run.id}" in done.out
    assert "hornbook sync" not in done.out
    epochs = [line for line in done.err.splitlines() if line.startswith("epoch ")]
    assert [line.split("  ")[0] for line in epochs] == ["epoch 1/2", "epoch 2/2"]
    assert all("val_accuracy 0." in line for line in epochs)


def test_run_json_is_the_last_line_in_the_documented_shape(invoke):
    done = invoke("run", "iris", *QUICK, "-s", "~expect", "--json")
    assert done.code == 0
    assert set(done.json) == SHAPE
    assert done.json["outcome"] == "finished"
    assert set(done.json["metrics"]) == {"val_loss", "val_accuracy"}
    assert done.json["model"].startswith(done.json["run_dir"])
    assert done.json["tracking"] == {"uri": None, "run_id": None}
    assert len(done.out.splitlines()) == 1


def test_an_expectation_that_is_not_met_fails_the_command(invoke):
    done = invoke("run", "iris", *QUICK, "-s", "expect.val_accuracy.min=1.1")
    assert done.code == 1
    assert done.out.startswith("unmet: iris")
    assert "at least 1.1: not met" in done.out


@pytest.mark.parametrize("command", ["run", "freeze", "preview", "sweep"])
def test_a_change_without_its_s_is_told_where_it_goes(invoke, command):
    done = invoke(command, "iris", "training.epochs=2", "~expect", "loss=a b")
    assert done.code == 2
    hint = "write -s training.epochs=2 -s '~expect' -s 'loss=a b'"
    assert f"Got unexpected extra arguments (training.epochs=2 ~expect loss=a b); {hint}" in done.err
    assert "write" not in invoke(command, "iris", "digits").err


@pytest.mark.parametrize(
    ("option", "told"),
    [
        ("--epochs", "No such option --epochs; write -s training.epochs=..."),
        ("--batch-size=8", "No such option --batch-size; write -s training.batch_size=..."),
        ("--optimizer", "No such option --optimizer; write -s optimizer=..."),
        ("--nonsense", "No such option '--nonsense'."),
    ],
)
def test_a_key_that_is_taken_for_an_option_is_told_where_it_goes(invoke, option, told):
    done = invoke("run", "iris", option, "2")
    assert (done.code, told in done.err) == (2, True), done.err


def test_what_a_sweep_is_to_vary_is_told_apart_from_what_it_sets(invoke):
    done = invoke("sweep", "iris", "seed=1,2", "training.batch_size=8..32..8", "training.epochs=2")
    assert "write -v seed=1,2 -v training.batch_size=8..32..8 -s training.epochs=2" in done.err


def test_quiet_says_only_what_went_wrong(invoke):
    done = invoke("run", "iris", *QUICK, "-s", "expect.val_accuracy.min=1.1", "--quiet")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("not met: val_accuracy at least 1.1; it is 0.")
    done = invoke("run", "iris", *QUICK, "-s", "~expect", "--quiet")
    assert (done.code, done.out, done.err) == (0, "", "")


def test_a_run_that_diverges_writes_json_that_is_json(invoke):
    overrides = ["-s", "optimizer={use: sgd, learning_rate: 1e30}", "-s", "~expect", "-s", "loss=mse"]
    done = invoke("run", "diabetes", *QUICK, *overrides, "--json")
    assert done.code == 1
    assert done.json["outcome"] == "diverged"
    assert "diverged: the loss was " in done.err and " of epoch 1; its batch: rows " in done.err
    json.loads(done.out, parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))


def test_a_wrong_recipe_is_refused_before_a_backend_is_loaded(hornbook, tmp_path):
    (tmp_path / "wrong.yaml").write_text("recipe: 1\ndata: digts\nmodel: [flaten]\nloss: mse\n")
    done = hornbook("run", "wrong.yaml", KERAS_BACKEND="a backend that nobody has")
    assert (done.code, done.out) == (2, "")
    for words in ("no dataset 'digts'", "no layer 'flaten'", "lacks `training:`"):
        assert words in done.err
    assert not (tmp_path / "runs").exists()


def test_a_run_folder_that_cannot_be_made(invoke, tmp_path):
    (tmp_path / "taken").write_text("a file")
    done = invoke("run", "iris", *QUICK, "--runs-dir", "taken")
    assert done.code == 1
    assert "cannot be made: Not a directory" in done.err


def test_data_that_is_not_there_is_said_at_its_line(invoke, tmp_path):
    recipe = "recipe: 1\ndata: {use: npz, path: no.npz}\nmodel: [flatten]\nloss: mse\ntraining: {epochs: 1}\n"
    (tmp_path / "lost.yaml").write_text(recipe)
    done = invoke("run", "lost.yaml", "--no-tracking")
    assert done.code == 2
    assert done.err.startswith("lost.yaml:2:")
    assert f"there is no {tmp_path / 'no.npz'}" in done.err
    assert list((tmp_path / "runs").iterdir()) == []


def test_a_dataset_that_lacks_a_distribution_is_unavailable(hornbook, site, tmp_path):
    plugin = """
        from hornbook import declare, hookimpl

        @hookimpl
        def hornbook_components():
            yield declare.dataset("stars", "sky.stars:stars")
    """
    stars = "def stars():\n    import a_telescope\n"
    modules = {"sky/__init__.py": "", "sky/plugin.py": plugin, "sky/stars.py": stars}
    site.install("sky", [("sky", "sky.plugin")], modules)
    recipe = "recipe: 1\ndata: stars\nmodel: [flatten]\nloss: mse\ntraining: {epochs: 1}\n"
    (tmp_path / "stars.yaml").write_text(recipe)
    done = hornbook("run", "stars.yaml", "--no-tracking")
    assert done.code == 3
    assert done.err.startswith("stars.yaml:2:7: error: dataset 'stars' needs something that is not installed")
    assert "a_telescope" in done.err
    assert "Traceback" not in done.err


def test_a_backend_that_is_not_installed_is_unavailable(hornbook):
    from importlib.util import find_spec

    missing = next((name for name in ("torch", "jax") if find_spec(name) is None), None)
    if missing is None:
        done = hornbook("run", "iris", "--backend", "numpy")
        assert done.code == 2, "not one to choose"
        return
    done = hornbook("run", "iris", "--backend", missing)
    assert done.code == 3
    assert f"the backend '{missing}' is not installed" in done.err


def test_options_that_contradict_each_other(invoke):
    done = invoke("run", "iris", "--no-tracking", "--require-tracking")
    assert done.code == 2
    assert "--no-tracking goes with neither" in done.err


@pytest.mark.slow
def test_the_backend_is_chosen_and_keeps_quiet(hornbook):
    done = hornbook("run", "iris", *QUICK, "-s", "~expect", "--backend", "tensorflow", KERAS_BACKEND="jax")
    assert done.code == 0
    assert all(line.startswith("epoch ") for line in done.err.splitlines()), done.err
    (run,) = library.runs()
    assert run.details["backend"] == "tensorflow"


def test_runs_lists_what_there_is(invoke, runs):
    listed = invoke("runs", "--runs-dir", runs)
    assert listed.code == 0
    header, *rows = listed.out.splitlines()
    assert header.split() == ["run", "outcome", "started", "epochs", "took", "metrics"]
    assert [row.split()[1] for row in rows] == ["finished", "finished"]
    assert all(" 2/2 " in row for row in rows)
    printed = invoke("runs", "--runs-dir", runs, "--json").json
    assert [one["name"] for one in printed["runs"]] == ["iris", "diabetes"]
    assert printed["runs"][0]["metrics"].keys() == {"val_accuracy", "val_loss", "test_accuracy", "test_loss"}


def test_runs_of_an_empty_folder(invoke):
    listed = invoke("runs")
    assert (listed.code, listed.out) == (0, "")
    assert "there are no runs in runs" in listed.err
