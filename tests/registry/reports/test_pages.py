"""The model's layers, the recipe's difference, and the example of input."""

import json
import re

import keras
import numpy as np
import pytest

import hornbook
from hornbook.reports.model_summary import page as summary
from hornbook.reports.report import Told
from hornbook.reports.store import load, save
from hornbook.runner.figures import style
from hornbook.runner.journals.folder import RunFolder


def _rows(text):
    return [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")]


def test_the_summary_is_the_model(digits):
    model = hornbook.load(digits)
    text = (digits.folder.reports / "summary.md").read_text()
    assert f"**{model.count_params():,} parameters**" in text
    rows = {row[0].replace("\\", ""): row[1:] for row in _rows(text)}
    for layer in model.layers:
        shape = str(layer.output.shape)
        assert rows[layer.name] == [type(layer).__name__, f"`{shape}`", f"{layer.count_params():,}"]
    assert rows["optimizer"] == ["`{use: adam, learning_rate: {use: one_cycle, max_learning_rate: 0.01}}`"]
    assert rows["loss"] == ["`{use: categorical_crossentropy, label_smoothing: 0.1}`"]


def test_layers_within_layers_are_shown_below_what_holds_them(scene, gathered):
    model = (
        "model=[flatten, {use: residual, layers: [{use: dense, units: 64, trainable: false}]}, "
        "{use: repeat, times: 2, layers: [{use: dense, units: 4}]}, {use: dense, units: 10}]"
    )
    made = scene("digits", model)
    kept = gathered(made, "model")
    told = {(one["depth"], one["type"]): one for one in kept["layers"]}
    assert told[0, "Residual"]["parameters"] == told[2, "Dense"]["parameters"] == 64 * 65
    assert told[2, "Dense"]["shape"] == [None, 64]
    assert told[1, "Dense"]["shape"] == [None, 4]
    assert kept["trainable"] + kept["frozen"] == made.session.assembly.model.count_params()
    save(made.folder, "model", kept)
    text = summary(Told(made.folder))
    assert re.search(
        r"^\| ↳ ↳ dense\S* \| Dense \| `\(None, 64\)` \| 4,160 \(frozen\) \|$", text, re.MULTILINE
    )


def test_the_difference_names_base_value_and_line(write, scene, gathered, repository):
    write("base.yaml", (repository / "recipes" / "digits.yaml").read_text())
    recipe = write(
        "mine.yaml",
        "recipe: 1\nextends: base.yaml\nname: mine\nremove: [augment]\noptimizer: {use: sgd}\n",
    )
    kept = gathered(scene(recipe, "training.epochs=3"), "difference")
    rows = {row["path"]: row for row in kept["rows"]}
    assert kept["extends"] == ["base.yaml"]
    assert rows["training.epochs"] == {
        "path": "training.epochs",
        "before": "20",
        "after": "3",
        "by": "-s training.epochs=3",
    }
    assert rows["name"]["by"] == "mine.yaml:3"
    assert (rows["augment.0"]["after"], rows["augment.0"]["by"]) == (None, "removed")
    assert rows["optimizer.use"]["before"] == "optimizers/adam"
    assert "loss.use" not in rows


def test_bases_that_are_no_whole_recipe_are_compared_as_they_are_written(write, scene, gathered):
    write("base.yaml", "recipe: 1\ntraining: {epochs: 2, batch_size: 8}\n")
    recipe = write(
        "mine.yaml",
        "recipe: 1\nextends: base.yaml\ndata: iris\nmodel: [{use: dense, units: 3, activation: softmax}]\n"
        "loss: sparse_categorical_crossentropy\ntraining: {epochs: 5}\n",
    )
    rows = {row["path"]: row for row in gathered(scene(recipe), "difference")["rows"]}
    assert (rows["training.epochs"]["before"], rows["training.epochs"]["after"]) == ("2", "5")
    assert "training.batch_size" not in rows


def test_a_recipe_as_it_stands_differs_from_nothing(scene, gathered):
    assert gathered(scene("iris"), "difference") is None
    assert gathered(scene("iris", "training.epochs=60"), "difference") is None
    assert gathered(scene("iris", "training.epochs=61"), "difference")["extends"] == []


def test_the_model_takes_the_example(digits, diabetes, answered):
    for run in (digits, diabetes):
        example = json.loads((run.folder.reports / "input_example.json").read_text())
        split, outputs = answered(run)
        inputs = np.asarray(example["inputs"], "float32")
        np.testing.assert_array_equal(inputs, split.inputs[:5])
        given = hornbook.load(run).predict(inputs, verbose=0)
        np.testing.assert_allclose(given, outputs[:5], rtol=1e-4, atol=1e-5)


@pytest.mark.usefixtures("bench")
def test_inputs_with_names_keep_them_and_fail_nothing(write, tmp_path):
    recipe = write(
        "pairs.yaml",
        "recipe: 1\ndata: {use: pairs, validation: 0.25}\nmodel: two_inputs\nloss: mse\ntraining: {epochs: 1}\n",
    )
    run = hornbook.run(recipe, tracking=False)
    files = {one.name for one in run.folder.reports.iterdir()}
    assert {"residuals.png", "learning_curves.png", "input_example.json"} <= files
    assert not {"most_wrong.md", "most_wrong.png", "confusion_matrix.png"} & files
    example = json.loads((run.folder.reports / "input_example.json").read_text())["inputs"]
    assert {name: np.shape(rows) for name, rows in example.items()} == {"left": (5, 3), "right": (5, 2)}
    hornbook.load(run).predict(
        {name: np.asarray(rows, "float32") for name, rows in example.items()}, verbose=0
    )


def test_tokens_are_classified_and_shown_no_table_of(write, tmp_path, scene, gathered):
    rows = np.random.default_rng(0).integers(1, 9, (40, 6))
    np.savez(tmp_path / "tokens.npz", x=rows, y=np.arange(40) % 2)
    recipe = write(
        "tokens.yaml",
        "recipe: 1\ndata: {use: npz, path: tokens.npz, arrays: {train: [x, y]}, task: classification, "
        "modality: tokens, class_names: [bad, good]}\n"
        "model: [{use: embedding, input_dim: 9, output_dim: 2}, flatten, {use: dense, units: 1}]\n"
        "loss: {use: binary_crossentropy, from_logits: true}\ntraining: {epochs: 1}\n",
    )
    made = scene(recipe)
    assert gathered(made, "confusion")["counts"].sum() == 40
    assert gathered(made, "confusion")["split"] == "train"
    assert gathered(made, "most_wrong") is None
    assert gathered(made, "augmented") is None
    np.testing.assert_array_equal(gathered(made, "input_example")["input0"], rows[:5])


def test_large_data_is_asked_of_in_part_and_said_so(monkeypatch, scene, gathered, figure):
    monkeypatch.setattr("hornbook.reports.scene.MOST_EXAMPLES", 50)
    made = scene("digits")
    kept = gathered(made, "confusion")
    assert kept["counts"].sum() == kept["shown"] == 50
    assert kept["total"] == 359
    rows = made.answers.rows
    assert (rows[0], rows[-1], len(set(rows))) == (0, 358, 50)  # spread over the whole split
    model, (_, split) = made.session.assembly.model, made.split
    expected = keras.ops.convert_to_numpy(model(split.inputs[rows]))
    np.testing.assert_allclose(made.answers.outputs, expected, rtol=1e-4, atol=1e-6)
    save(made.folder, "confusion", kept)
    with style():
        notes = [text.get_text() for text in figure(made.folder, "confusion_matrix.png").texts]
    assert any(note.startswith("50 of 359 examples of the validation split") for note in notes)


def test_pickled_data_is_never_loaded(tmp_path):
    folder = RunFolder(tmp_path / "run")
    save(folder, "confusion", {"counts": np.eye(2)})
    np.savez(folder.reports / "data" / "confusion.npz", counts=np.array([object()]), allow_pickle=True)
    with pytest.raises(ValueError, match="allow_pickle"):
        load(folder, "confusion")
    with pytest.raises(ValueError):
        save(folder, "other", {"array": np.array([object()])})
