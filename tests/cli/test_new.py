import csv
import os
import pty
import subprocess

import numpy as np
import pytest

SHIPPED = ("digits", "iris", "wine", "breast_cancer", "diabetes")
"""The datasets inside scikit-learn: nothing is downloaded for them."""
ELSEWHERE = ("mnist", "fashion_mnist", "cifar10", "cifar100", "imdb", "reuters", "california_housing")


def trains(invoke, file):
    done = invoke("run", file, "-s", "training.epochs=1", "--no-tracking", "--json")
    assert done.code == 0, done.err
    return done.json


@pytest.mark.slow
@pytest.mark.parametrize("data", SHIPPED)
def test_what_is_written_passes_check_and_trains(invoke, tmp_path, data):
    assert invoke("new", "recipe", "my.yaml", "--data", data).code == 0
    checked = invoke("check", "my.yaml", "--json").json
    assert (checked["ok"], checked["problems"]) == (True, [])
    assert "#" in (tmp_path / "my.yaml").read_text()
    measured = trains(invoke, "my.yaml")["metrics"]
    assert set(measured) == {"val_loss", "val_mae" if data == "diabetes" else "val_accuracy"}


@pytest.mark.parametrize("data", ELSEWHERE)
def test_what_is_written_for_data_that_is_not_there_yet_passes_check(invoke, data):
    assert invoke("new", "recipe", "my.yaml", "--data", data).code == 0
    checked = invoke("check", "my.yaml", "--json").json
    assert (checked["ok"], checked["problems"]) == (True, [])


@pytest.mark.slow
def test_a_model_is_taken_by_name(invoke, tmp_path):
    assert invoke("new", "recipe", "my.yaml", "--data", "digits", "--model", "mlp").code == 0
    assert "\nmodel: mlp\n" in (tmp_path / "my.yaml").read_text()
    assert trains(invoke, "my.yaml")["metrics"]["val_accuracy"] > 0.2


@pytest.mark.slow
@pytest.mark.parametrize("task", ["classification", "regression"])
def test_a_table_of_ones_own(invoke, tmp_path, task):
    (tmp_path / "data").mkdir()
    with (tmp_path / "data" / "table.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["a", "b", "y"])
        for row in range(40):
            rows.writerow(
                [row, -row, "high" if row > 20 else "low"] if task == "classification" else [row, 1, row / 3]
            )
    (tmp_path / "recipes").mkdir()
    asked = ("new", "recipe", "recipes/my.yaml", "--data", "data/table.csv", "--task", task, "-p", "target=y")
    assert invoke(*asked).code == 0
    # The path is relative to the recipe, not to where the command was typed.
    assert "path: ../data/table.csv" in (tmp_path / "recipes" / "my.yaml").read_text()
    assert trains(invoke, "recipes/my.yaml")["outcome"] == "finished"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("shape", "modality"), [((20, 20), "images"), ((12,), "tokens"), ((6,), "features"), ((4, 3), "features")]
)
def test_arrays_of_ones_own(invoke, tmp_path, shape, modality):
    generator = np.random.default_rng(0)
    whole = modality == "tokens"
    inputs = generator.integers(0, 50, (60, *shape)) if whole else generator.random((60, *shape), "float32")
    np.savez(tmp_path / "arrays.npz", x=inputs, y=np.arange(60) % 3)
    asked = ("new", "recipe", "my.yaml", "--data", "arrays.npz", "--task", "classification")
    assert invoke(*asked, "--modality", modality, "-p", "arrays={train: [x, y]}").code == 0
    assert trains(invoke, "my.yaml")["outcome"] == "finished"


def test_nothing_is_written_over_without_being_told_so(invoke, tmp_path):
    (tmp_path / "my.yaml").write_text("mine\n")
    done = invoke("new", "recipe", "my.yaml", "--data", "iris")
    assert done.code == 2
    assert "--force" in done.err
    assert (tmp_path / "my.yaml").read_text() == "mine\n"
    assert invoke("new", "recipe", "my.yaml", "--data", "iris", "--force").code == 0


def test_an_editor_finds_the_schema_where_there_is_one(invoke, tmp_path):
    invoke("schema", "-o", "recipe.schema.json")
    assert invoke("new", "recipe", "my.yaml", "--data", "iris").code == 0
    first = (tmp_path / "my.yaml").read_text().splitlines()[0]
    assert first == "# yaml-language-server: $schema=recipe.schema.json"


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ([], "data is not known; say it with --data"),
        (["--data", "csv"], "path is not known; say it with -p path=..."),
        (
            ["--data", "npz", "-p", "path=x.npz"],
            "task is not known; say it with --task: classification or regression",
        ),
        (
            ["--data", "digits", "--task", "regression"],
            "digits is for classification, and not for regression",
        ),
        (["--data", "digits", "--model", "sequential"], "needs layers, which only you can choose"),
        (["--data", "digits", "--model", "mlpp"], "there is no model 'mlpp'"),
        (["--data", "digitz"], "there is no dataset 'digitz'"),
        (["--data", "notes.txt"], "no dataset reads notes.txt by its name"),
        (["--data", "digits", "-p", "oops"], "'oops' is no parameter"),
    ],
)
def test_what_cannot_be_written_leaves_nothing_behind(invoke, tmp_path, asked, told):
    (tmp_path / "notes.txt").write_text("")
    done = invoke("new", "recipe", "my.yaml", *asked)
    assert done.code == 2
    assert told in done.err
    assert not (tmp_path / "my.yaml").exists()


def test_what_is_not_known_is_asked_for(command, tmp_path):
    (tmp_path / "table.csv").write_text("a,b,y\n1,2,3.5\n2,3,4.5\n")
    prefix, environment = command
    terminal, end = pty.openpty()
    asking = subprocess.Popen(
        [*prefix, "new", "recipe", "my.yaml"],
        env=environment,
        stdin=end,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    os.write(terminal, b"table.csv\ny\nregression\n")
    _, told = asking.communicate(timeout=60)
    os.close(end)
    os.close(terminal)
    assert asking.returncode == 0, told
    assert "[digits]" in told
    text = (tmp_path / "my.yaml").read_text()
    assert "data: {use: csv, path: table.csv, target: y, task: regression, validation: 0.2}" in text
    assert "loss: mse" in text


def test_columns_of_text_are_left_out_and_named(invoke, tmp_path):
    rows = [
        f"{'Ulm' if row % 2 else 'Bonn'},{row % 5},{'?' if row == 3 else row},{row * 1.5}" for row in range(9)
    ]
    (tmp_path / "houses.csv").write_text("\n".join(["city,rooms,age,price", *rows]) + "\n")
    asked = ("new", "recipe", "my.yaml", "--data", "houses.csv", "--task", "regression", "-p", "target=price")
    done = invoke(*asked)
    assert done.code == 0
    assert "columns of text are left out, under `ignore`: city\n" in done.err
    assert "target: price, task: regression, ignore: [city], validation" in (tmp_path / "my.yaml").read_text()
    assert invoke(*asked, "-p", "ignore=[age]", "--force").code == 0
    assert "ignore: [age]" in (tmp_path / "my.yaml").read_text()


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (["-p", "target=pricee"], "has no column 'pricee' to predict [HB609]\n  did you mean 'price'?"),
        (["-p", "target=pricee", "-p", "ignore=[city]"], "has no column 'pricee' to predict [HB609]"),
        (["-p", "target=city", "--task", "regression"], "holds text in the column 'city'"),
    ],
)
def test_a_target_that_cannot_be_predicted_is_refused(invoke, tmp_path, asked, told):
    (tmp_path / "houses.csv").write_text("city,rooms,price\nUlm,3,1.5\nBonn,4,2.5\n")
    task = [] if "--task" in asked else ["--task", "regression"]
    done = invoke("new", "recipe", "my.yaml", "--data", "houses.csv", *asked, *task)
    assert (done.code, told in done.err) == (2, True), done.err
    assert not (tmp_path / "my.yaml").exists()


def test_a_table_of_nothing_but_text_is_refused(invoke, tmp_path):
    (tmp_path / "words.csv").write_text("city,street,price\nUlm,Hafengasse,1.5\n")
    asked = ("new", "recipe", "my.yaml", "--data", "words.csv", "--task", "regression", "-p", "target=price")
    done = invoke(*asked)
    assert (done.code, "city, street hold text [HB609]" in done.err) == (2, True)
    assert not (tmp_path / "my.yaml").exists()
