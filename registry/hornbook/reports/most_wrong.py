"""The examples that the model is most wrong about: `most_wrong.png` of images, `most_wrong.md` of tables."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from hornbook.reports.report import Report, Source, Told
from hornbook.reports.store import Data
from hornbook.reports.text import escaped, inert, number, of_examples, table
from hornbook.reports.thumbnails import thumbnails
from hornbook.runner.data.rows import take
from hornbook.runner.image_grid import Cell, grid

if TYPE_CHECKING:
    from hornbook.dataset import Inputs
    from hornbook.reports.scene import Scene

IMAGES = 20
A_ROW = 10
TABLE = 8
MOST_FEATURES = 100
_CAPTION = 18


def gather(scene: "Scene") -> Data | None:
    """The worst answers with their inputs; none where inputs are neither images nor a table."""
    answers, prepared = scene.answers, scene.session.prepared
    if answers is None:
        return None
    said = _classes(scene) or _numbers(scene)
    if said is None:
        return None
    wrongness, told = said
    _, split = scene.split
    images = _are_images(split.inputs, prepared.dataset.modality)
    features = None if images else _features(split.inputs, prepared.dataset)
    if not images and features is None:
        return None
    worst = np.argsort(-wrongness, kind="stable")[: IMAGES if images else TABLE]
    rows = answers.rows[worst]
    inputs = take(split.inputs, rows)
    shown: dict[str, Any]
    if images:
        assert isinstance(inputs, np.ndarray)
        shown = {"images": thumbnails(inputs, prepared.dataset.value_range)}
    else:
        shown = {"features": _columns(inputs), "feature_names": features}
    examples = [{"row": int(row), "file": name, **told(one)} for row, one, name in _named(scene, rows, worst)]
    return {**shown, "examples": examples, "recipe": scene.session.recipe.name, **answers.described}


def _classes(scene: "Scene") -> Any:
    """How wrong each answer is, and a function that tells of one; none where there are no classes."""
    classes = scene.classes
    if classes is None or scene.answers is None:
        return None
    outputs = scene.answers.outputs

    def told(one: int) -> dict[str, Any]:
        true, said = int(classes.true[one]), int(classes.said[one])
        shares = classes.probabilities
        measured = {"output": float(outputs[one, said if outputs.shape[1] > 1 else 0])}
        if shares is not None:
            measured = {
                "said_probability": float(shares[one, said]),
                "true_probability": float(shares[one, true]),
            }
        return {"true": classes.names[true], "said": classes.names[said], "right": true == said, **measured}

    return classes.wrongness, told


def _numbers(scene: "Scene") -> Any:
    """As `_classes`, for a regression with one target."""
    answers, prepared = scene.answers, scene.session.prepared
    if answers is None or prepared.labels != "real" or prepared.dataset.task != "regression":
        return None
    if answers.outputs.shape[1] != 1 or answers.labels.size != len(answers.labels):
        return None
    true, said = answers.labels.reshape(-1), answers.outputs[:, 0]
    return np.abs(said - true), lambda one: {"true": float(true[one]), "said": float(said[one])}


def _are_images(inputs: "Inputs", modality: str) -> bool:
    return modality == "images" and not isinstance(inputs, Mapping) and len(inputs.shape) == 4


def _features(inputs: "Inputs", dataset: Any) -> list[str] | None:
    """The names of a table's columns; none where the inputs are no table."""
    if dataset.modality != "features":
        return None
    if isinstance(inputs, Mapping):
        flat = all(rows.shape[1:] in ((), (1,)) for rows in inputs.values())
        return list(inputs)[:MOST_FEATURES] if flat else None
    if len(inputs.shape) != 2:
        return None
    count = inputs.shape[1]
    names = (
        dataset.feature_names
        if len(dataset.feature_names) == count
        else (f"feature {n}" for n in range(count))
    )
    return list(names)[:MOST_FEATURES]


def _columns(inputs: Any) -> list[list[Any]]:
    """The values of each feature."""
    columns = [one.reshape(len(one)) for one in inputs.values()] if isinstance(inputs, Mapping) else inputs.T
    return [[_plain(value) for value in column] for column in columns[:MOST_FEATURES]]


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, (np.number, np.bool_)) else str(value)[:100]


def _named(scene: "Scene", rows: np.ndarray, worst: np.ndarray) -> Iterator[tuple[int, int, str]]:
    """Each row, its place among the answers, and what it is called where the dataset tells."""
    from hornbook.runner.examples import row_names

    names = row_names(scene.split[1].inputs)
    for row, one in zip(rows, worst, strict=True):
        yield int(row), int(one), names[row] if names else ""


def draw(told: Told) -> Any:
    """The images, the worst first."""
    data = told.data("most_wrong")
    if data is None or "images" not in data:
        return None
    cells = [
        Cell(image, _caption(one), wrong=not one.get("right", True))
        for image, one in zip(data["images"], data["examples"], strict=True)
    ]
    rows = [("", cells[first : first + A_ROW]) for first in range(0, len(cells), A_ROW)]
    wrong = "; orange where another class was said" if any(cell.wrong for cell in cells) else ""
    note = f"of {of_examples(data)}, the worst first{wrong}"
    return grid(f"{inert(data['recipe'], 40)}: most wrong", rows, note)


def _caption(one: Mapping[str, Any]) -> str:
    name = inert(one["file"].rpartition("/")[2], _CAPTION) if one["file"] else f"row {one['row']}"
    if "right" not in one:
        return f"{name}\ntrue {number(one['true'])}\nsaid {number(one['said'])}"
    share = f" {one['said_probability']:.0%}" if "said_probability" in one else ""
    true, said = inert(one["true"], _CAPTION - 5), inert(one["said"], _CAPTION - 5 - len(share))
    return f"{name}\ntrue {true}\nsaid {said}{share}"


def page(told: Told) -> str | None:
    """The rows of the table, each a column, the worst first."""
    data = told.data("most_wrong")
    if data is None or "features" not in data:
        return None
    examples = data["examples"]
    lines = [f"# Most wrong: {escaped(data['recipe'])}", "", f"Of {of_examples(data)}, the worst first.", ""]
    header = ["", *(escaped(one["file"]) or f"row {one['row']}" for one in examples)]
    rows = [*_answers(examples)]
    rows += [
        [escaped(name), *map(_cell, values)]
        for name, values in zip(data["feature_names"], data["features"], strict=True)
    ]
    lines += table(header, rows, len(examples))
    return "\n".join(lines) + "\n"


def _answers(examples: Sequence[Mapping[str, Any]]) -> Iterator[list[str]]:
    for key, title in (("true", "true"), ("said", "predicted")):
        yield [f"**{title}**", *(_cell(one[key]) for one in examples)]
    for key, title in (
        ("said_probability", "probability of the predicted"),
        ("true_probability", "probability of the true"),
        ("output", "output"),
    ):
        if key in examples[0]:
            yield [f"**{title}**", *(_cell(one[key]) for one in examples)]


def _cell(value: Any) -> str:
    return number(value) if isinstance(value, (int, float)) else escaped(value, 40)


SOURCES = (Source("most_wrong", "ended", gather),)
REPORTS = (
    Report("most_wrong.png", "Most wrong examples", "image", ("most_wrong",), draw),
    Report("most_wrong.md", "Most wrong examples", "markdown", ("most_wrong",), page),
)
