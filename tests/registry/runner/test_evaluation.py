"""Evaluation: the numbers that the run recorded come again, and other data is read as the run reads its own."""

import numpy as np
import pytest

import hornbook
from hornbook.catalog import catalog
from hornbook.problem import HornbookError
from hornbook.runner.evaluation import evaluate
from hornbook.runner.examples import Source
from hornbook.runner.journals.folder import find

RECIPE = """\
recipe: 1
name: pets
data: {use: csv, path: pets.csv, target: pet, ignore: [name], validation: 0.25}
model: [{use: dense, units: 8, activation: tanh}, {use: dense, units: "${data.classes}"}]
loss: {use: sparse_categorical_crossentropy, from_logits: true}
optimizer: {use: adam, learning_rate: 0.05}
metrics: [accuracy]
training: {epochs: 30, batch_size: 16}
"""
KINDS = ("bird", "cat", "dog")


def pets(rows, kinds=KINDS):
    """Lines of a table in which the kind of a pet follows from its weight."""
    generator = np.random.default_rng(0)
    weights = {"bird": 0.0, "cat": 1.0, "dog": 2.0}
    lines = ["name,weight,age,pet"]
    for row in range(rows):
        kind = kinds[row % len(kinds)]
        lines.append(f"p{row},{weights[kind] + generator.normal(0, 0.1):.4f},{generator.random():.4f},{kind}")
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    home = tmp_path_factory.mktemp("pets")
    (home / "pets.csv").write_text(pets(120))
    (home / "pets.yaml").write_text(RECIPE)
    run = hornbook.run(home / "pets.yaml", runs_dir=home / "runs", tracking=False)
    assert run.metrics["val_accuracy"] == 1.0
    return run.folder


def test_the_run_s_own_data_gives_the_recorded_numbers_again(folder):
    done = evaluate(folder, catalog(), Source())
    assert (done.examples.source, done.examples.name) == ("csv", "validation")
    assert len(done.examples.split) == 30
    assert done.recorded.keys() == {"loss", "accuracy"}
    assert done.metrics == pytest.approx(done.recorded, rel=1e-5)
    assert not done.examples.changed


@pytest.mark.parametrize(
    ("recipe", "loss"),
    [
        ("diabetes", "{use: huber, delta: 30.0}"),
        ("iris", "{use: sparse_categorical_crossentropy, axis: 1}"),
        ("iris", "{use: categorical_crossentropy, label_smoothing: 0.2}"),
    ],
)
def test_the_saved_model_measures_with_the_loss_of_its_recipe(recipe, loss, tmp_path):
    changes = ["training.epochs=2", "~expect", f"loss={loss}", "metrics=[]"]
    run = hornbook.run(recipe, changes, runs_dir=tmp_path / "runs", tracking=False)
    assert run.outcome == "finished", run.error
    done = evaluate(run.folder, catalog(), Source())
    assert done.metrics == pytest.approx(done.recorded, rel=1e-5)


def test_another_split_has_nothing_recorded(folder):
    done = evaluate(folder, catalog(), Source(split="train"))
    assert len(done.examples.split) == 90
    assert done.recorded == {}


def test_a_file_of_the_same_kind_is_read_as_the_run_read_its_own(folder, tmp_path):
    (tmp_path / "new.csv").write_text(pets(12))
    done = evaluate(folder, catalog(), Source("new.csv"))
    assert len(done.examples.split) == 12
    assert done.metrics["accuracy"] == 1.0
    assert done.recorded == {}


def test_classes_keep_their_numbers_where_other_data_has_fewer(folder, tmp_path):
    (tmp_path / "dogs.csv").write_text(pets(8, ("cat", "dog")))
    done = evaluate(folder, catalog(), Source("dogs.csv"))
    assert done.metrics["accuracy"] == 1.0, "dog is the third class here as well"


def test_classes_are_matched_by_name(folder, tmp_path):
    weights = np.array([[0.0, 0.5], [2.0, 0.5]], "float32")
    np.savez(tmp_path / "two.npz", x=weights, y=np.array(["bird", "dog"]))
    assert evaluate(folder, catalog(), Source("two.npz")).metrics["accuracy"] == 1.0
    # In the order that this file alone would give them, bird and dog are 0 and 1.
    assert (
        evaluate(folder, catalog(), Source("two.npz", ["class_names=[bird, dog]"])).metrics["accuracy"] == 1.0
    )


def test_classes_that_the_run_does_not_know_are_refused(folder, tmp_path):
    np.savez(tmp_path / "fish.npz", x=np.zeros((2, 2), "float32"), y=np.array(["cat", "fish"]))
    with pytest.raises(HornbookError, match="fish"):
        evaluate(folder, catalog(), Source("fish.npz", ["class_names=[cat, fish]"]))


def test_data_without_labels_cannot_be_measured_on(folder, tmp_path):
    np.savez(tmp_path / "bare.npz", inputs=np.zeros((2, 2), "float32"))
    with pytest.raises(HornbookError, match="no labels to measure against"):
        evaluate(folder, catalog(), Source("bare.npz", ["arrays={train: inputs}"]))


def test_data_of_another_shape_is_refused(folder, tmp_path):
    np.savez(tmp_path / "wide.npz", x=np.zeros((2, 5), "float32"), y=np.array([0, 1]))
    with pytest.raises(HornbookError, match=r"takes inputs of shape \(2,\); those of wide.npz have \(5,\)"):
        evaluate(folder, catalog(), Source("wide.npz", ["class_names=[cat, dog]"]))


def test_data_that_has_changed_since_is_told(folder):
    table = folder.path.parents[1] / "pets.csv"
    before = table.read_text()
    try:
        table.write_text(pets(60))
        assert evaluate(folder, catalog(), Source()).examples.changed
    finally:
        table.write_text(before)


def test_parameters_without_data_are_refused(folder):
    with pytest.raises(HornbookError, match="other data than the run's own"):
        evaluate(folder, catalog(), Source(None, ["path=x"]))


def test_a_run_is_found_by_the_beginning_of_its_id(folder):
    assert find(folder.id[:-3], folder.path.parent) == folder
