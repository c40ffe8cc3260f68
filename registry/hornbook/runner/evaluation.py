"""Evaluation: the model of a run measured again, on the run's own data or on other."""

from collections.abc import Mapping
from dataclasses import dataclass

from hornbook.catalog import Catalog
from hornbook.recipes.reading import read
from hornbook.runner.examples import Examples, Source, load_examples, refusal
from hornbook.runner.journals.folder import RunFolder
from hornbook.runner.journals.record import record
from hornbook.runner.loading import load_model
from hornbook.runner.training.training import score

_PREFIXES = {"test": "test_", "validation": "val_", "train": ""}


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What came of an evaluation.

    Args:
        run_id: The run.
        examples: What it was measured on.
        metrics: The loss and every metric, by the names that the recipe gave them.
        recorded: What the run itself recorded for these examples, by the same names; empty for other
            data, and where it recorded nothing.
    """

    run_id: str
    examples: Examples
    metrics: Mapping[str, float]
    recorded: Mapping[str, float]


def evaluate(folder: RunFolder, catalog: Catalog, source: Source) -> Evaluation:
    """Measure the model that a run saved.

    Args:
        folder: The run's folder.
        catalog: The components there are.
        source: On which examples.

    Returns:
        The metrics, beside those that the run recorded.

    Raises:
        HornbookError: When the run has no model, the data cannot be had, or the two do not go together.
    """
    recipe, told = read(folder.recipe, (), catalog), record(folder)
    model = load_model(folder)
    examples = load_examples(model, recipe, told, catalog, source, labels=True)
    try:
        metrics = score(model, examples.split, recipe.training.batch_size, "")
    except Exception as error:
        raise refusal(examples, error) from error
    prefix = _PREFIXES[examples.name]
    # Before a run ends its journal has the metrics of the last epoch, which are not of the saved weights.
    comparable = examples.own and told.outcome in ("finished", "unmet")
    recorded = {
        name: told.metrics[prefix + name] for name in metrics if comparable and prefix + name in told.metrics
    }
    return Evaluation(folder.id, examples, metrics, recorded)
