"""`freeze --explain` and `--set-file`."""

import pytest

from hornbook.recipes.document import plain
from hornbook.recipes.text import parse


def test_every_value_says_where_it_comes_from(invoke, tmp_path):
    (tmp_path / "my.yaml").write_text("extends: digits\nseed: 8\n")
    (tmp_path / "sgd.yaml").write_text("use: nesterov\nlearning_rate: 0.1\n")
    change = ("my.yaml", "-s", "training.epochs=3", "--set-file", "optimizer=sgd.yaml")
    done = invoke("freeze", *change, "--explain")
    lines = [line.split("# ") for line in done.out.splitlines() if not line.startswith("#")]
    said = {line[0].strip(): line[1] for line in lines if len(line) == 2}
    assert said["seed: 8"] == "my.yaml:2"
    assert said["epochs: 3"] == "-s training.epochs=3"
    assert said["batch_size: 64"].startswith("base digits.yaml:")
    assert said["learning_rate: 0.1"] == "set from sgd.yaml:2"
    assert said["nesterov: true"].startswith("default of hornbook-optimizers ")
    assert said["input_shape: ${data.shape}"] == "provided by the run"
    assert plain(parse(done.out, "")) == plain(parse(invoke("freeze", *change).out, ""))


def test_as_json(invoke, repository):
    done = invoke("freeze", "digits", "-s", "training.epochs=3", "--json")
    values = {one["path"]: one for one in done.json["values"]}
    assert values["training.epochs"] == {
        "path": "training.epochs",
        "value": 3,
        "source": "override",
        "file": None,
        "line": None,
        "column": None,
        "override": "-s training.epochs=3",
        "supplier": None,
    }
    smoothing = values["loss.label_smoothing"]
    assert (smoothing["source"], smoothing["file"]) == ("recipe", str(repository / "recipes" / "digits.yaml"))
    assert values["optimizer.learning_rate.rise"]["supplier"].startswith("hornbook-schedulers ")


def test_what_is_explained_can_be_written_and_read(invoke, tmp_path):
    assert invoke("freeze", "digits", "--explain", "-o", "explained.yaml").code == 0
    assert invoke("diff", "digits", "explained.yaml", "--json").json["same"] is True


def test_values_from_files_come_before_those_from_the_command_line(invoke, tmp_path):
    (tmp_path / "sgd.yaml").write_text("{use: sgd, learning_rate: 0.1, momentum: 0.5}")
    done = invoke("freeze", "iris", "-s", "optimizer.momentum=0.25", "--set-file", "optimizer=sgd.yaml", "--json")
    values = {one["path"]: one["value"] for one in done.json["values"]}
    assert values["optimizer.use"] == "optimizers/sgd"
    assert (values["optimizer.learning_rate"], values["optimizer.momentum"]) == (0.1, 0.25)


def test_paths_in_a_file_are_relative_to_it(invoke, tmp_path):
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "data.yaml").write_text("{use: csv, path: table.csv, target: y, task: regression}")
    done = invoke("freeze", "diabetes", "--set-file", "data=there/data.yaml", "--json")
    values = {one["path"]: one["value"] for one in done.json["values"]}
    assert values["data.path"] == str(tmp_path / "there" / "table.csv")


def test_a_mistake_in_a_file_is_told_at_its_line(invoke, tmp_path):
    (tmp_path / "sgd.yaml").write_text("use: sgd\nlearning_rat: 0.1\n")
    done = invoke("check", "iris", "--set-file", "optimizer=sgd.yaml")
    assert done.code == 2
    assert "sgd.yaml:2:1: error:" in done.out
    assert "'learning_rate'" in done.out


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("optimizer=nothing.yaml", "nothing.yaml cannot be read"),
        ("optimizer", "names no path and file"),
        ("=sgd.yaml", "names no path and file"),
        ("optimizer=", "names no path and file"),
        ("optimizer=bad.yaml", "bad.yaml:1:7"),
    ],
)
def test_what_cannot_be_set(invoke, tmp_path, given, told):
    (tmp_path / "bad.yaml").write_text("{use: [}\n")
    done = invoke("check", "iris", "--set-file", given)
    assert done.code == 2
    assert told in done.out + done.err


@pytest.mark.slow
def test_a_run_takes_values_from_files(invoke, tmp_path):
    (tmp_path / "sgd.yaml").write_text("{use: sgd, learning_rate: 0.1}")
    change = ("--set-file", "optimizer=sgd.yaml", "-s", "training.epochs=1", "-s", "~expect")
    done = invoke("run", "iris", *change, "--no-tracking", "--json")
    assert done.json["outcome"] == "finished"
    run = invoke("freeze", f"{done.json['run_dir']}/recipe.yaml", "--json")
    values = {one["path"]: one["value"] for one in run.json["values"]}
    assert values["optimizer.use"] == "optimizers/sgd"
