"""A recipe to begin with: what is known of the data chooses loss, last layer, metrics, augmenters and epochs."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hornbook.catalog import Catalog, Entry
from hornbook.home import expanded
from hornbook.names import article, did_you_mean
from hornbook.problem import HornbookError, Problem
from hornbook.recipes.columns import columns
from hornbook.recipes.freezing import on_one_line
from hornbook.recipes.shape import VERSION

TASKS = ("classification", "regression")
MODALITIES = ("images", "tokens", "features")
FILES = {".npz": "npz", ".csv": "csv", ".tsv": "csv"}
"""Which dataset reads a file, by its suffix; a folder is read by `image_folder`."""

_UPDATES = 2000
"""About how many steps a first attempt trains, within 10 to 50 epochs."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a recipe is to be about.

    Args:
        data: A dataset's name, a file or a folder.
        parameters: Parameters of the dataset.
        task: `classification` or `regression`; none where the dataset tells.
        modality: `images`, `tokens` or `features`; none where the dataset tells.
        model: A model's name; none for layers that suit the data.
    """

    data: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    task: str | None = None
    modality: str | None = None
    model: str | None = None


@dataclass(frozen=True, slots=True)
class Data:
    """A dataset and what is known of it.

    Args:
        entry: The dataset component.
        parameters: Its parameters, as given and as far as they follow.
        facts: What is known of it without loading.
    """

    entry: Entry
    parameters: Mapping[str, Any]
    facts: Mapping[str, Any]

    @property
    def missing(self) -> list[str]:
        """The parameters that must be given and are not."""
        parameters = self.entry.component.parameters.values()
        return [one.name for one in parameters if one.required and one.name not in self.parameters]


def known(wishes: Wishes, catalog: Catalog, folder: Path) -> Data:
    """The data that is wished for, and what is known of it.

    Args:
        wishes: What was asked for.
        catalog: The components there are.
        folder: Where the recipe will lie: paths are written relative to it.

    Returns:
        The data; what must still be asked is in `missing`, and a `task` or `modality` that is not in `facts`.

    Raises:
        HornbookError: When there is no such dataset, or a task does not go with it.
    """
    entry, parameters = _reader(wishes.data, catalog, folder)
    component = entry.component
    for name, value in wishes.parameters.items():
        parameter = component.parameters.get(name)
        is_path = parameter is not None and parameter.path and isinstance(value, str)
        parameters[name] = os.path.relpath(expanded(value), folder) if is_path else value
    facts: dict[str, Any] = dict(component.facts)
    for name, wished in (("task", wishes.task), ("modality", wishes.modality)):
        if wished is None:
            facts.setdefault(name, parameters.get(name))
        elif facts.get(name) not in (None, wished):
            message = f"{entry.name} is for {facts[name]}, and not for {wished}"
            raise HornbookError(Problem(code="HB606", message=message, hint=f"leave out the {name}"))
        else:
            facts[name] = wished
            if name in component.parameters:
                parameters[name] = wished
    # Tokens are counted by their vocabulary, which the model must know.
    if facts.get("modality") == "tokens" and "num_words" in component.parameters:
        parameters.setdefault("num_words", component.parameters["num_words"].default)
    text = _text_columns(entry, parameters, folder, facts.get("task"))
    return Data(entry, parameters | ({"ignore": text} if text else {}), facts)


def _text_columns(entry: Entry, parameters: Mapping[str, Any], folder: Path, task: str | None) -> list[str]:
    """The columns of a table that cannot be learned from as they are, where nobody has said which to leave out.

    Raises:
        HornbookError: When there is no other column, or the target is none that can be predicted.
    """
    if entry.full_name != "datasets/csv" or not {"path", "target"} <= parameters.keys():
        return []
    target = str(parameters["target"])
    file = folder / str(parameters["path"])
    names, text = columns(file, str(parameters.get("delimiter", ",")))
    if names:
        _refuse_target(file, target, names, target in text and task == "regression")
    if "ignore" in parameters:
        return []
    if text and {*names} <= {*text, target}:
        message = f"{file.name} has no column of numbers beside the target: {', '.join(text)} hold text"
        hint = "write what they say as numbers, such as a column of 0 and 1 for each of their values"
        raise HornbookError(Problem(code="HB609", message=message, hint=hint))
    return [name for name in text if name != target]


def _refuse_target(file: Path, target: str, names: list[str], words: bool) -> None:
    """Refuse a target that is no column, or one of words where numbers are to be predicted."""
    if target not in names:
        hint = did_you_mean(target, names, f"its columns are {', '.join(names)}")
        message = f"{file.name} has no column {target!r} to predict"
        raise HornbookError(Problem(code="HB609", message=message, hint=hint))
    if words:
        message = f"{file.name} holds text in the column {target!r}, and a regression predicts numbers"
        hint = "`--task classification` tells its words apart"
        raise HornbookError(Problem(code="HB609", message=message, hint=hint))


def _reader(data: str, catalog: Catalog, folder: Path) -> tuple[Entry, dict[str, Any]]:
    named = catalog.find("dataset", data)
    if isinstance(named, Entry):
        return named, {}
    path = expanded(data)
    if not path.exists():
        raise HornbookError(named)
    name = "image_folder" if path.is_dir() else FILES.get(path.suffix.lower())
    reader = None if name is None else catalog.find("dataset", name)
    if not isinstance(reader, Entry):
        hint = "name the dataset that reads it, with `-p path=...`; `hornbook list dataset`"
        raise HornbookError(Problem(code="HB607", message=f"no dataset reads {data} by its name", hint=hint))
    tabs = {"delimiter": "\t"} if path.suffix.lower() == ".tsv" else {}
    return reader, {"path": os.path.relpath(path, folder), **tabs}


def starter(name: str, data: Data, model: str | None, catalog: Catalog) -> str:
    """A recipe to begin with.

    Args:
        name: Its name.
        data: The data, nothing of it missing.
        model: A model's name; none for layers that suit the data.
        catalog: The components there are.

    Returns:
        YAML text with comments.

    Raises:
        HornbookError: When there is no such model, or it needs parameters that nothing here can choose.
    """
    task, modality = data.facts["task"], data.facts["modality"]
    loss, metric, units, activation = _ending(data)
    batch, epochs = _portions(data.facts.get("examples"))
    lines = [
        f"# {task.capitalize()} on {data.entry.name}, to begin with. `hornbook run` carries it out.",
        f"recipe: {VERSION}",
        f"name: {on_one_line(name)}",
        _remarked("seed: 1", "all randomness of a run comes from it"),
        f"data: {on_one_line(_data(data))}",
    ]
    if modality == "images":
        lines.append(
            _remarked("augment: [{use: mixup, alpha: 0.2}]", "`hornbook list augmenter` shows others")
        )
    if model is None:
        lines += ["model:", *(f"  - {layer}" for layer in _layers(data, units, activation))]
    else:
        lines.append(f"model: {_model(model, catalog)}")
    bound = "{min: 0.9}" if task == "classification" else "{max: 1.0}"
    lines += [
        f"loss: {loss}",
        "optimizer:",
        "  use: adam",
        "  learning_rate: {use: cosine_annealing, initial_learning_rate: 0.003}  # falls over the whole run",
        f"metrics: [{metric}]",
        f"training: {{epochs: {epochs}, batch_size: {batch}}}",
        _remarked("# callbacks: [terminate_on_nan]", "`hornbook list callback` shows others"),
        _remarked(f"# expect: {{val_{metric}: {bound}}}", "the run fails when this is not met"),
    ]
    return "\n".join(lines) + "\n"


def _remarked(line: str, remark: str) -> str:
    return f"{line:40}# {remark}"


def _data(data: Data) -> dict[str, Any]:
    written = {"use": data.entry.name, **data.parameters}
    if "validation" not in data.facts.get("splits", ()):
        written["validation"] = 0.2
    return written | ({"stratify": True} if data.facts["task"] == "classification" else {})


def _ending(data: Data) -> tuple[str, str, str, str]:
    """Loss, metric, and the units and activation of the last layer, which must go together."""
    if data.facts["task"] == "regression":
        return "mse", "mae", '"${data.outputs}"', "linear"
    if data.facts["modality"] == "images":  # mixing augmenters need labels in columns
        return "categorical_crossentropy", "accuracy", '"${data.classes}"', "softmax"
    if data.facts.get("classes") == 2:
        return "binary_crossentropy", "accuracy", "1", "sigmoid"
    return "sparse_categorical_crossentropy", "accuracy", '"${data.classes}"', "softmax"


def _layers(data: Data, units: str, activation: str) -> Iterator[str]:
    """Layers that suit the data, small enough to train on a laptop."""
    modality = data.facts["modality"]
    if modality == "images":
        for filters in (32, 64) if _is_small(data.facts.get("shape")) else (32, 64, 128):
            yield f"{{use: conv2d, filters: {filters}, kernel_size: 3, padding: same, activation: relu}}"
            yield "max_pooling2d"
        yield "global_average_pooling2d"
    elif modality == "tokens":
        words = '"${data.num_words}"' if "num_words" in data.parameters else str(_VOCABULARY)
        yield f"{{use: embedding, input_dim: {words}, output_dim: 64}}"
        yield "global_average_pooling1d"
    else:
        yield f"{'normalization':36}# learns each column's mean and spread before training"
        if len(data.facts.get("shape") or ()) != 1:
            yield "flatten"
        yield "{use: dense, units: 64, activation: relu}"
    yield "{use: dropout, rate: 0.2}"
    yield f"{{use: dense, name: head, units: {units}, activation: {activation}}}"


_VOCABULARY = 20_000


def _is_small(shape: Any) -> bool:
    """Whether three poolings would leave nothing of an image."""
    return bool(shape) and min(shape[:2]) < 16


def _model(name: str, catalog: Catalog) -> str:
    found = catalog.find("model", name)
    if not isinstance(found, Entry):
        raise HornbookError(found)
    component = found.component
    needed = [
        one.name
        for one in component.parameters.values()
        if one.required and one.name not in component.provided
    ]
    if needed:
        message = f"{article('model')} {name!r} needs {', '.join(needed)}, which only you can choose"
        others = [one.name for one in catalog.of("model")]
        hint = did_you_mean(
            name, [one for one in others if one != name], "leave the model out, and write it in"
        )
        raise HornbookError(Problem(code="HB608", message=message, hint=hint))
    return on_one_line(name)


def _portions(examples: int | None) -> tuple[int, int]:
    """Batch size and epochs for so many examples."""
    if examples is None:
        return 32, 20
    batch = 16 if examples < 500 else 32 if examples < 5000 else 128
    return batch, min(50, max(10, round(_UPDATES * batch / examples)))
