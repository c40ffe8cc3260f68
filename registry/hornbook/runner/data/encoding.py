"""Labels as a dataset writes them -> labels as a loss reads them."""

import numpy as np

from hornbook.component import LabelForm
from hornbook.dataset import Dataset
from hornbook.problem import HornbookError, Problem
from hornbook.recipes.labels import reaching


def label_form(dataset: Dataset, wanted: LabelForm | None) -> LabelForm:
    """The form in which labels will reach the loss.

    Args:
        dataset: The data.
        wanted: The form that the loss declares; none where it declares nothing.

    Returns:
        `wanted`, or the dataset's own form where the loss does not say. Classes to a loss on real
        numbers go as `one_hot`: their numbers are names, not amounts.
    """
    form = reaching(wanted, dataset.labels)
    assert form is not None
    return form


def encoded(labels: np.ndarray | None, dataset: Dataset, form: LabelForm) -> np.ndarray | None:
    """Labels in the form that reaches the loss.

    Args:
        labels: As the dataset writes them; shape `(examples,)` or `(examples, width)`.
        dataset: Where they come from.
        form: As `label_form` gives it.

    Returns:
        `one_hot` and `real`: float32 `(examples, width)`; `binary` and `signed`: float32
        `(examples, 1)`; `integer`: int32 `(examples,)`; none for `input` and `none`.

    Raises:
        HornbookError: When the labels cannot be put in that form.
    """
    if form in ("input", "none"):
        return None
    if labels is None:
        raise _impossible(dataset, form, "the data has no labels")
    if dataset.labels == "integer":
        labels = _within_classes(labels, dataset, form)
    if form == dataset.labels:
        return _shaped(labels, form)
    if form in ("one_hot", "integer") and dataset.labels in ("integer", "one_hot"):
        return _one_hot(labels, dataset) if form == "one_hot" else _numbers(labels)
    if form in ("binary", "signed"):
        return _two_sided(labels, dataset, form)
    if dataset.labels in ("binary", "signed"):
        return _from_two_sided(labels, dataset, form)
    raise _impossible(dataset, form, f"the data's labels are {dataset.labels}")


def _within_classes(labels: np.ndarray, dataset: Dataset, form: str) -> np.ndarray:
    """Class numbers in one row; numpy would take -1 for the last class."""
    numbers = labels.reshape(len(labels)) if labels.shape[1:] == (1,) else labels
    least, greatest = int(numbers.min()), int(numbers.max())
    if least < 0 or (dataset.classes and greatest >= dataset.classes):
        wrong = least if least < 0 else greatest
        raise _impossible(dataset, form, f"there is a label {wrong} among {dataset.classes or 'the'} classes")
    return numbers


def _shaped(labels: np.ndarray, form: str) -> np.ndarray:
    if form == "integer":
        return labels.astype("int32")
    return _column(labels.astype("float32"))


def _column(labels: np.ndarray) -> np.ndarray:
    return labels[:, None] if labels.ndim == 1 else labels


def _one_hot(labels: np.ndarray, dataset: Dataset) -> np.ndarray:
    columns = np.eye(dataset.classes or int(labels.max()) + 1, dtype="float32")
    return np.asarray(columns[labels])


def _numbers(labels: np.ndarray) -> np.ndarray:
    return np.asarray(labels.argmax(-1), "int32")


def _two_sided(labels: np.ndarray, dataset: Dataset, form: str) -> np.ndarray:
    if dataset.labels in ("integer", "one_hot"):
        if dataset.classes != 2:
            raise _impossible(dataset, form, f"the data has {dataset.classes} classes")
        labels = labels if dataset.labels == "integer" else _numbers(labels)
    elif dataset.labels not in ("binary", "signed"):
        raise _impossible(dataset, form, f"the data's labels are {dataset.labels}")
    positive = (_column(labels) > 0).astype("float32")
    return positive if form == "binary" else 2 * positive - 1


def _from_two_sided(labels: np.ndarray, dataset: Dataset, form: str) -> np.ndarray:
    """0/1 or -1/+1 as amounts, or as the numbers of two classes."""
    columns = _column(labels)
    if form == "real":
        return columns.astype("float32")
    if columns.shape[1] > 1:
        raise _impossible(dataset, form, f"an example of the data has {columns.shape[1]} labels, not one")
    classes = (columns[:, 0] > 0).astype("int32")
    return classes if form == "integer" else np.asarray(np.eye(2, dtype="float32")[classes])


_BETTER = {
    "one_hot": "a regression loss such as `mse` or `huber` takes real labels",
    "integer": "a regression loss such as `mse` or `huber` takes real labels",
    "binary": "`categorical_crossentropy` takes any number of classes",
    "signed": "`categorical_hinge` takes any number of classes",
    "real": "a classification loss such as `categorical_crossentropy` takes classes",
}


def _impossible(dataset: Dataset, form: str, why: str) -> HornbookError:
    message = f"the loss works on {form} labels, but {why}"
    return HornbookError(Problem(code="HB401", message=message, hint=_BETTER.get(form, ""), path="loss"))
