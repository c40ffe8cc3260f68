"""`evaluate` and `predict` as they are typed; what they compute is tested with the library."""

import csv
import json

import numpy as np
import pytest


@pytest.fixture
def flowers(tmp_path):
    """Four irises in a file, of two of the three classes."""
    inputs = np.array(
        [[5.1, 3.5, 1.4, 0.2], [6.3, 3.3, 6.0, 2.5], [4.9, 3.0, 1.4, 0.2], [5.8, 2.7, 5.1, 1.9]]
    )
    np.savez(tmp_path / "flowers.npz", x=inputs.astype("float32"), y=np.array([0, 2, 0, 2]))
    return tmp_path / "flowers.npz"


def test_evaluate_repeats_what_the_run_recorded(invoke, runs, run_of):
    done = invoke("evaluate", run_of("iris"), "--runs-dir", runs)
    assert done.code == 0
    assert "on its own test split of iris, 15 examples" in done.out
    assert done.out.count("as recorded") == 2


def test_evaluate_json(invoke, runs, run_of):
    done = invoke("evaluate", run_of("iris"), "--runs-dir", runs, "--split", "validation", "--json")
    assert done.json.keys() == {
        "schema_version",
        "run_id",
        "data",
        "split",
        "examples",
        "changed",
        "metrics",
        "recorded",
    }
    assert done.json["metrics"] == pytest.approx(done.json["recorded"], rel=1e-4)


def test_evaluate_on_a_file(invoke, runs, run_of, flowers):
    done = invoke("evaluate", run_of("iris")[:-2], "--runs-dir", runs, "--data", flowers, "--json")
    assert done.code == 0
    assert (done.json["examples"], done.json["recorded"]) == (4, {})


def test_predict_writes_classes_and_probabilities(invoke, runs, run_of, flowers, tmp_path):
    done = invoke("predict", run_of("iris"), "--runs-dir", runs, "--data", flowers)
    assert done.code == 0
    rows = list(csv.DictReader(done.out.splitlines()))
    assert [row["row"] for row in rows] == ["0", "1", "2", "3"]
    assert list(rows[0]) == ["row", "class", "probability", "p(setosa)", "p(versicolor)", "p(virginica)"]
    for row in rows:
        shares = {name: float(row[f"p({name})"]) for name in ("setosa", "versicolor", "virginica")}
        assert sum(shares.values()) == pytest.approx(1, abs=1e-5)
        assert row["class"] == max(shares, key=shares.get)


def test_what_is_predicted_for_needs_no_labels(invoke, runs, run_of, flowers, tmp_path):
    inputs = np.load(flowers)["x"]
    np.savez(tmp_path / "unlabelled.npz", x=inputs)
    names = "sepal length (cm),sepal width (cm),petal length (cm),petal width (cm)"
    np.savetxt(tmp_path / "unlabelled.csv", inputs, delimiter=",", header=names, comments="")
    expected = invoke("predict", run_of("iris"), "--runs-dir", runs, "--data", flowers).out
    for name in ("unlabelled.npz", "unlabelled.csv"):
        done = invoke("predict", run_of("iris"), "--runs-dir", runs, "--data", tmp_path / name)
        assert (done.code, done.out) == (0, expected), done.err


def test_predict_into_a_file_by_its_ending(invoke, runs, run_of, flowers, tmp_path):
    done = invoke("predict", run_of("iris"), "--runs-dir", runs, "--data", flowers, "-o", "out.json")
    assert (done.code, done.out) == (0, "")
    assert "wrote 4 predictions to out.json" in done.err
    written = json.loads((tmp_path / "out.json").read_text())
    assert written["schema_version"] == 1
    assert written["class_names"] == ["setosa", "versicolor", "virginica"]
    assert len(written["predictions"]) == 4
    printed = invoke("predict", run_of("iris"), "--runs-dir", runs, "--data", flowers, "--json").json
    assert printed == written


def test_predict_numbers(invoke, runs, run_of):
    done = invoke("predict", run_of("diabetes"), "--runs-dir", runs, "--split", "test")
    rows = list(csv.DictReader(done.out.splitlines()))
    assert list(rows[0]) == ["row", "value"]
    assert len(rows) == 44


@pytest.mark.parametrize("command", ["evaluate", "predict"])
@pytest.mark.parametrize(
    ("data", "words"),
    [
        (["no.npz"], "there is no file or folder no.npz"),
        (["diabetes"], "shape (4,); those of diabetes have (10,)"),
        (["digts"], "there is no dataset 'digts'"),
        (["folder"], "needs the parameter 'size'"),
        (["folder", "-p", "size=8"], "has no folders"),
        (["empty.npz"], "is empty"),
        (["noise.npz"], "is not an npz file"),
        (["note.txt"], "is neither a folder of images nor one of .npz, .csv, .tsv"),
        (["flowers.npz", "-p", "size"], "'size' is no parameter"),
        (["flowers.npz", "--split", "test"], "has no test split"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_data_that_does_not_do_gets_one_clear_message(
    invoke, runs, run_of, flowers, tmp_path, command, data, words
):
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty.npz").write_bytes(b"")
    (tmp_path / "noise.npz").write_bytes(bytes(range(256)))
    (tmp_path / "note.txt").write_text("words")
    done = invoke(command, run_of("iris"), "--runs-dir", runs, "--data", *data)
    assert (done.code, done.out) == (2, "")
    assert words in done.err
    assert done.err.count("error:") == 1


def test_runs_that_are_not_there(invoke, runs):
    done = invoke("evaluate", "latest")
    assert done.code == 2
    assert "there is no run 'latest' in runs" in done.err
    done = invoke("predict", "20", "--runs-dir", runs)
    assert done.code == 2
    assert "is the beginning of" in done.err


def test_a_model_that_is_damaged(invoke, runs, run_of, tmp_path):
    import shutil

    copy = tmp_path / "runs" / "broken"
    shutil.copytree(runs / run_of("iris"), copy)
    (copy / "artifacts" / "model.keras").write_bytes(b"no archive")
    done = invoke("predict", "broken")
    assert done.code == 1
    assert "is not a saved Keras model" in done.err
    (copy / "artifacts" / "model.keras").unlink()
    assert "has saved no model" in invoke("predict", "broken").err
