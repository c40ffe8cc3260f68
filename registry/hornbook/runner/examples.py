"""Examples to measure a run's model on, or to predict for: the run's own, or data that it never saw."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import keras
import numpy as np

from hornbook.assembly.build import build
from hornbook.catalog import Catalog, Entry
from hornbook.dataset import Dataset, Inputs, Split
from hornbook.home import expanded
from hornbook.problem import HornbookError, Problem
from hornbook.recipes.binding import Binder
from hornbook.recipes.document import node, plain
from hornbook.recipes.recipe import Recipe, Splitting
from hornbook.recipes.text import parse
from hornbook.recipes.use import Use
from hornbook.runner.data.preparation import prepare
from hornbook.runner.data.rows import Selection
from hornbook.runner.data.splitting import divided
from hornbook.runner.journals.record import Record
from hornbook.runner.signature import signature

SPLITS = ("test", "validation", "train")
"""The splits in the order in which they are looked for: what the model saw least comes first."""

FILES = {".npz": "npz", ".csv": "csv", ".tsv": "csv"}
"""Which dataset component reads a file, by its suffix; a folder is read by `image_folder`."""


@dataclass(frozen=True, slots=True)
class Source:
    """Which examples are asked for.

    Args:
        data: A dataset's name, a file or a folder; none for the run's own data.
        parameters: Parameters of the dataset, each `key=value`, the value as YAML would read it.
        split: `test`, `validation` or `train`; none for the first of these that there is.
    """

    data: str | None = None
    parameters: Sequence[str] = ()
    split: str | None = None


@dataclass(frozen=True, slots=True)
class Examples:
    """The examples that were asked for.

    Args:
        source: What the data is called: the dataset's name or the file.
        name: The split's name.
        split: The examples. Labels are encoded as the run's loss reads them, where labels were wanted.
        own: Whether they are the run's own.
        changed: Whether the run's own data is no longer what it was when the run was trained on it.
    """

    source: str
    name: str
    split: Split
    own: bool
    changed: bool = False

    @property
    def row_names(self) -> tuple[str, ...]:
        """What the rows are called, such as the names of files, where the dataset tells."""
        return row_names(self.split.inputs)


def load_examples(
    model: keras.Model, recipe: Recipe, told: Record, catalog: Catalog, source: Source, labels: bool
) -> Examples:
    """Load the examples that are asked for.

    Args:
        model: The run's model.
        recipe: The run's recipe.
        told: What the run's journal tells.
        catalog: The components there are.
        source: Which examples.
        labels: Whether labels are needed.

    Returns:
        The examples.

    Raises:
        HornbookError: When the data cannot be had, has no such split, or its inputs or labels do not go
            with the run.
    """
    own = source.data is None
    if own and source.parameters:
        message = "parameters are for other data than the run's own"
        raise _problem("HB610", message, "name the data with --data")
    use = recipe.data if own else _use(source, recipe, told, catalog, labels)
    splitting = recipe.splitting if own else Splitting()
    dataset = build(use, {})
    assert isinstance(dataset, Dataset)
    called = source.data or use.entry.name
    known = told.details.get("data", {})
    if not own:
        dataset = _in_columns(dataset, tuple(known.get("feature_names", ())), called)
    _check_inputs(model, dataset.train.inputs, called)
    if labels:
        if not own:
            dataset = _aligned(dataset, tuple(known.get("class_names", ())), called)
        splits: Mapping[str, Split] = prepare(replace(recipe, splitting=splitting), dataset).splits
    else:
        splits = divided(dataset, splitting)
    name = _chosen(splits, source.split, called)
    changed = own and known.get("digest") not in (None, dataset.digest)
    return Examples(called, name, splits[name], own, changed)


def refusal(examples: Examples, error: Exception) -> HornbookError:
    """What to raise when the backend cannot compute on examples."""
    # TensorFlow buries what a dataset raised while it was read.
    raised = re.search(r"\b\w+Error: (.+)\nTraceback", str(error))
    words = " ".join((raised[1] if raised else str(error)).split())[:500]
    return _problem("HB612", f"the model cannot be applied to {examples.source}: {words}")


def _in_columns(dataset: Dataset, wanted: tuple[str, ...], source: str) -> Dataset:
    """The data with its columns as the run had them, by name; others are left out."""
    given = dataset.feature_names
    if not wanted or not given or given == wanted:
        return dataset
    missing = [name for name in wanted if name not in given]
    if missing:
        message = (
            f"the run was trained on the columns {', '.join(wanted)}; {source} lacks {', '.join(missing)}"
        )
        raise _problem("HB611", message)
    order = [given.index(name) for name in wanted]

    def reordered(split: Split | None) -> Split | None:
        if split is None or isinstance(split.inputs, Mapping):
            return split
        everything = split.inputs[np.arange(len(split))]
        return Split(everything[:, order], split.labels)

    train = reordered(dataset.train)
    assert train is not None
    return replace(
        dataset,
        train=train,
        validation=reordered(dataset.validation),
        test=reordered(dataset.test),
        feature_names=wanted,
    )


def _check_inputs(model: keras.Model, inputs: Inputs, source: str) -> None:
    """Hold the shape of inputs against what the model takes, where both are known."""
    taken = signature(model)
    if taken is None or isinstance(inputs, Mapping) or len(taken["inputs"]) != 1:
        return
    wanted, given = taken["inputs"][0]["shape"][1:], list(inputs.shape[1:])
    fits = len(wanted) == len(given) and all(a in (-1, b) for a, b in zip(wanted, given, strict=True))
    if not fits:
        message = f"the model takes inputs of shape {_shape(wanted)}; those of {source} have {_shape(given)}"
        raise _problem("HB611", message)


def _use(source: Source, recipe: Recipe, told: Record, catalog: Catalog, labels: bool) -> Use:
    """The dataset that a name or a file means, with what the run's own data says where that fits."""
    entry, parameters = _reader(str(source.data), catalog)
    known = entry.component.parameters
    own = recipe.data
    if own.entry.full_name == entry.full_name:
        inherited = {name: value for name, value in own.arguments.items() if not known[name].path}
        parameters = inherited | parameters
    classes = told.details.get("data", {}).get("class_names")
    if "class_names" in known and classes:
        parameters.setdefault("class_names", classes)
    if "unlabelled" in known and not labels:
        parameters["unlabelled"] = True
        if "target" in known:
            parameters.setdefault("target", "")  # where the run's own data has none: every column is an input
    for text in source.parameters:
        name, equals, value = text.partition("=")
        if not equals:
            raise _problem("HB613", f"{text!r} is no parameter", "write -p key=value, such as -p size=64")
        parameters[name.strip()] = plain(parse(value, f"-p {text}"))
    binder = Binder(catalog)
    use = binder.use("dataset", node({"use": entry.full_name, **parameters}), "data")
    if use is None or binder.problems:
        raise HornbookError([replace(problem, path="") for problem in binder.problems])
    return use


def _reader(data: str, catalog: Catalog) -> tuple[Entry, dict[str, Any]]:
    """The dataset component for a name, a file or a folder. A name comes first; `./name` is a file."""
    named = catalog.find("dataset", data)
    if isinstance(named, Entry):
        return named, {}
    path = expanded(data)
    if not path.exists():
        if path.suffix or data.startswith((".", "/", "~")):
            raise _problem("HB614", f"there is no file or folder {data}")
        hint = f"nor a file or folder of that name; {named.hint}"
        raise HornbookError(replace(named, hint=hint))
    component = "image_folder" if path.is_dir() else FILES.get(path.suffix.lower())
    if component is None:
        hint = f"name the dataset that reads it: --data csv -p path={data}"
        message = f"{data} is neither a folder of images nor one of {', '.join(FILES)}"
        raise _problem("HB615", message, hint)
    found = catalog.find("dataset", component)
    if isinstance(found, Problem):
        raise HornbookError(replace(found, unavailable=True))
    tabs = {"delimiter": "\t"} if path.suffix.lower() == ".tsv" else {}
    return found, {"path": str(path.absolute()), **tabs}


def _chosen(splits: Mapping[str, Split], wanted: str | None, source: str) -> str:
    if wanted is None:
        return next(name for name in SPLITS if name in splits)
    if wanted not in splits:
        message = f"{source} has no {wanted} split"
        raise _problem("HB616", message, f"it has {' and '.join(name for name in SPLITS if name in splits)}")
    return wanted


def _aligned(dataset: Dataset, classes: tuple[str, ...], source: str) -> Dataset:
    """The data with its classes numbered as the run numbers them."""
    if dataset.labels == "none":
        message = f"{source} has no labels to measure against"
        raise _problem("HB617", message, "`hornbook predict` needs none")
    own = dataset.class_names
    if not classes or not own or own == classes:
        return dataset
    strange = [name for name in own if name not in classes]
    if strange or dataset.labels not in ("integer", "one_hot"):
        message = f"the classes of {source} are {', '.join(own)}; those of the run are {', '.join(classes)}"
        raise _problem("HB618", message)
    numbers = np.array([classes.index(name) for name in own])
    train, validation, test = (
        None if split is None else _renumbered(split, numbers, len(classes))
        for split in (dataset.train, dataset.validation, dataset.test)
    )
    assert train is not None
    return replace(dataset, class_names=classes, train=train, validation=validation, test=test)


def _renumbered(split: Split, numbers: np.ndarray, classes: int) -> Split:
    if split.labels is None:
        return split
    labels = split.labels
    if labels.ndim == 1 or labels.shape[-1] == 1:
        return Split(split.inputs, numbers[labels.reshape(-1).astype("int64")])
    columns = np.zeros((len(labels), classes), labels.dtype)
    columns[:, numbers] = labels
    return Split(split.inputs, columns)


def row_names(inputs: Inputs) -> tuple[str, ...]:
    """What rows are called, such as the names of files; empty where the dataset does not tell."""
    if isinstance(inputs, Mapping):
        return next(filter(None, map(row_names, inputs.values())), ())
    if isinstance(inputs, Selection):
        names = row_names(inputs.rows)
        return tuple(names[row] for row in inputs.chosen) if names else ()
    return tuple(getattr(inputs, "names", ()))


def _shape(sizes: Sequence[int]) -> str:
    return str(tuple(sizes)).replace("-1", "any")


def _problem(code: str, message: str, hint: str = "") -> HornbookError:
    return HornbookError(Problem(code=code, message=message, hint=hint))
