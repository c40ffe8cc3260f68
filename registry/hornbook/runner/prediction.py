"""Prediction: what the model of a run says of examples, in the words of the run's own data."""

from dataclasses import dataclass

import numpy as np

from hornbook.catalog import Catalog
from hornbook.dataset import Split
from hornbook.recipes.reading import read
from hornbook.runner.data.feeding import Portion, feed
from hornbook.runner.examples import Examples, Source, load_examples, refusal
from hornbook.runner.journals.folder import RunFolder
from hornbook.runner.journals.record import record
from hornbook.runner.loading import load_model


@dataclass(frozen=True, slots=True)
class Predictions:
    """What a model says, a row an example.

    Args:
        run_id: The run.
        examples: What was predicted for.
        class_names: The names of the classes; empty where the model does not tell classes apart.
        outputs: What the model gave, of shape `(examples, ...)`.
        classes: The number of each example's class, of shape `(examples,)`; none without classes.
        probabilities: Of each class, of shape `(examples, classes)`; none where the outputs are no
            probabilities, as under a hinge loss.
    """

    run_id: str
    examples: Examples
    class_names: tuple[str, ...]
    outputs: np.ndarray
    classes: np.ndarray | None = None
    probabilities: np.ndarray | None = None


def predict(folder: RunFolder, catalog: Catalog, source: Source) -> Predictions:
    """Predict with the model that a run saved.

    Args:
        folder: The run's folder.
        catalog: The components there are.
        source: For which examples; labels are not needed.

    Returns:
        The predictions, in the order of the examples.

    Raises:
        HornbookError: When the run has no model, the data cannot be had, or the two do not go together.
    """
    recipe, told = read(folder.recipe, (), catalog), record(folder)
    model = load_model(folder)
    examples = load_examples(model, recipe, told, catalog, source, labels=False)
    batches = feed(Portion(Split(examples.split.inputs), recipe.training.batch_size)).batches
    try:
        outputs = np.asarray(model.predict(batches, verbose=0))
    except Exception as error:
        raise refusal(examples, error) from error
    data = told.details.get("data", {})
    from_logits = bool(recipe.loss.parameters.get("from_logits", False))
    names = tuple(data.get("class_names", ()))
    classes, probabilities = interpreted(outputs, data.get("labels", "none"), len(names), from_logits)
    return Predictions(
        folder.id, examples, names if classes is not None else (), outputs, classes, probabilities
    )


def interpreted(
    outputs: np.ndarray, labels: str, classes: int, from_logits: bool
) -> tuple[np.ndarray | None, np.ndarray | None]:
    """Read classes and their probabilities off what a model gave.

    Args:
        outputs: Of shape `(examples, width)`.
        labels: The form of the labels that the loss saw.
        classes: How many classes there are; 0 for none.
        from_logits: Whether the loss took logits.

    Returns:
        The number of the class of each example, and the probability of each class; none for what the
        outputs do not say.

    Example:
        >>> interpreted(np.array([[0.0, 3.0]]), "integer", 2, from_logits=True)[0]
        array([1])
    """
    width = outputs.shape[1] if outputs.ndim == 2 else 0
    if labels in ("one_hot", "integer") and classes and width == classes:
        shares = _softmax(outputs) if from_logits else outputs
        return outputs.argmax(-1), shares if _are_shares(shares) else None
    if labels == "binary" and classes == 2 and width == 1:
        positive = 1 / (1 + np.exp(-outputs)) if from_logits else outputs
        shares = np.concatenate([1 - positive, positive], axis=1)
        return (positive[:, 0] > 0.5).astype("int64"), shares if _are_shares(shares) else None
    if labels == "signed" and classes == 2 and width == 1:
        return (outputs[:, 0] > 0).astype("int64"), None
    return None, None


def _softmax(logits: np.ndarray) -> np.ndarray:
    powers = np.exp(logits - logits.max(-1, keepdims=True))
    return np.asarray(powers / powers.sum(-1, keepdims=True))


def _are_shares(rows: np.ndarray) -> bool:
    return bool((rows >= 0).all() and np.allclose(rows.sum(-1), 1, atol=1e-3))
