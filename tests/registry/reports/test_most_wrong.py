"""The worst answers, in their order."""

import numpy as np

from hornbook.reports.most_wrong import page
from hornbook.reports.report import Told
from hornbook.reports.store import load, save
from hornbook.runner.journals.folder import RunFolder


def test_images_are_ordered_by_the_probability_of_the_true_class(digits, answered):
    split, outputs = answered(digits)
    of_the_true = outputs[np.arange(len(split)), split.labels.argmax(-1)]
    worst = np.argsort(of_the_true)[:20]
    kept = load(digits.folder, "most_wrong")
    shown = kept["examples"]
    assert [one["row"] for one in shown] == worst.tolist()
    np.testing.assert_allclose([one["true_probability"] for one in shown], of_the_true[worst], rtol=1e-4)
    assert [one["said"] for one in shown] == [str(said) for said in outputs[worst].argmax(-1)]
    assert [one["true"] for one in shown] == [str(true) for true in split.labels[worst].argmax(-1)]
    np.testing.assert_allclose(kept["images"], split.inputs[worst] * 255, atol=1)


def test_captions_name_the_row_the_truth_and_what_was_said(digits, figure):
    texts = [text.get_text() for text in figure(digits.folder, "most_wrong.png").texts]
    worst = load(digits.folder, "most_wrong")["examples"][0]
    share = f"{worst['said_probability']:.0%}"
    assert f"row {worst['row']}\ntrue {worst['true']}\nsaid {worst['said']} {share}" in texts


def test_numbers_are_ordered_by_how_far_they_are_off(diabetes, answered):
    split, outputs = answered(diabetes)
    worst = np.argsort(-np.abs(outputs - split.labels)[:, 0])[:8]
    kept = load(diabetes.folder, "most_wrong")
    assert [one["row"] for one in kept["examples"]] == worst.tolist()
    np.testing.assert_allclose(np.transpose(kept["features"]), split.inputs[worst], rtol=1e-6)


def test_margins_are_ordered_by_how_far_they_are_behind(breast_cancer, answered):
    split, outputs = answered(breast_cancer)
    worst = np.argsort((outputs * split.labels)[:, 0])[:8]
    assert [one["row"] for one in load(breast_cancer.folder, "most_wrong")["examples"]] == worst.tolist()
    text = (breast_cancer.folder.reports / "most_wrong.md").read_text()
    assert f"|  | {' | '.join(f'row {row}' for row in worst)} |" in text
    assert "**predicted**" in text and "**output**" in text


def test_hostile_features_stay_in_their_cells(tmp_path):
    folder = RunFolder(tmp_path / "run")
    examples = [{"row": 3, "file": "a|b\n.png", "true": "<b>", "said": "`x`", "right": False, "output": 1.0}]
    features = {"features": [["\x1b[31m|"]], "feature_names": ["$x|y$"]}
    save(
        folder,
        "most_wrong",
        {**features, "examples": examples, "recipe": "r", "split": "test", "shown": 1, "total": 1},
    )
    lines = page(Told(folder)).splitlines()
    assert r"|  | a\|b \.png |" in lines
    assert r"| **true** | &lt;b&gt; |" in lines
    assert r"| \$x\|y\$ | \[31m\| |" in lines
