"""A model trained on a table reads another table by the names of its columns, not by their order."""

import json

import numpy as np
import pytest

import hornbook

RECIPE = """
recipe: 1
name: table
data: {use: csv, path: train.csv, target: answer, validation: 0.2}
model: mlp
loss: sparse_categorical_crossentropy
training: {epochs: 1}
"""


def written(file, names, columns):
    rows = [",".join(names), *(",".join(map(str, row)) for row in zip(*columns, strict=True))]
    file.write_text("\n".join(rows) + "\n")


@pytest.fixture
def table(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    a, b, c = np.random.default_rng(0).normal(size=(3, 60)).round(3)
    answer = np.where(a > b, "yes", "no")
    written(tmp_path / "train.csv", ["a", "b", "c", "answer"], [a, b, c, answer])
    written(tmp_path / "same.csv", ["a", "b", "c"], [a, b, c])
    written(tmp_path / "other.csv", ["id", "c", "b", "a"], [range(60), c, b, a])
    written(tmp_path / "short.csv", ["a", "c"], [a, c])
    (tmp_path / "recipe.yaml").write_text(RECIPE)
    return hornbook.run("recipe.yaml", tracking=False).id


def predicted(run, data):
    from click.testing import CliRunner

    from hornbook_cli.commands.predict import command

    done = CliRunner().invoke(command, [run, "--data", data, "--format", "json"], catch_exceptions=False)
    return json.loads(done.stdout)["predictions"]


def test_columns_are_matched_by_name(table):
    assert predicted(table, "other.csv") == predicted(table, "same.csv")


def test_a_column_that_is_not_there_is_named(table):
    with pytest.raises(hornbook.HornbookError, match=r"short\.csv lacks b"):
        predicted(table, "short.csv")
