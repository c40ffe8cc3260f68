"""What the journal of a run says of its beginning and its end."""

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hornbook.recipes.freezing import bounds, flat
from hornbook.recipes.recipe import Recipe
from hornbook.runner.journals.folder import RunFolder
from hornbook.runner.surroundings import environment
from hornbook.runner.surroundings.dependencies import installed

if TYPE_CHECKING:
    from hornbook.runner.session import Result, Session


def started(
    recipe: Recipe, folder: RunFolder, session: "Session", surroundings: Mapping[str, Any]
) -> dict[str, Any]:
    """What the journal says of a run's beginning.

    Args:
        recipe: What is carried out.
        folder: The run's folder.
        session: Its data and objects.
        surroundings: What it runs on, as `hornbook.runner.surroundings.environment` describes it.
    """
    from hornbook.runner.checkpoints.architecture import marks
    from hornbook.runner.data.preparation import described

    return {
        "run_id": folder.id,
        "name": recipe.name,
        "description": recipe.description,
        "task": session.prepared.dataset.task,
        "seed": recipe.seed,
        "backend": surroundings["backend"],
        "git": surroundings["git"],
        "source": str(recipe.source) if recipe.source else None,
        "tracking": dict(recipe.tracking),
        "parameters": flat(recipe),
        "distributions": surroundings["distributions"],
        "plugins": recipe.plugins,
        "data": described(session.prepared, recipe),
        "recipe": folder.recipe.name,
        "epochs": recipe.training.epochs,
        "expect": bounds(recipe),
        "made": marks(session.assembly),
    }


def ended(folder: RunFolder, result: "Result", seconds: float, requirements: Sequence[str]) -> dict[str, Any]:
    """What the journal says of a run's end, or of a stretch of it.

    Args:
        folder: The run's folder.
        result: What came of it.
        seconds: How long it took.
        requirements: What a process needs to load the model.
    """
    signature = folder.artifacts / "signature.json"
    return {
        "outcome": result.outcome,
        "metrics": dict(result.metrics),
        "unmet": list(result.unmet),
        "error": result.error or None,
        "diverged": result.divergence.as_data() if result.divergence else None,
        "seconds": seconds,
        "model": str(folder.model.relative_to(folder.path)) if result.saved else None,
        "signature": json.loads(signature.read_text("utf-8")) if result.saved else None,
        "requirements": list(requirements),
    }


def requirements(recipe: Recipe) -> list[str]:
    """What a process needs to load a recipe's model, pinned to what is installed.

    To be asked as a stretch of a run begins: an earlier one may have begun with others, and somebody may install
    others before it ends.
    """
    import keras

    needed = environment.essential(environment.used(recipe), keras.backend.backend())
    return [f"{name}=={one.version}" for name, one in installed(sorted(needed)).items()]
