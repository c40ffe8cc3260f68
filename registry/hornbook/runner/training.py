"""Training: compile, fit, and write each epoch into the journal as it ends."""

import math
import time
from collections.abc import Callable, Mapping
from typing import Any

import keras

from hornbook.assembly.assembly import Assembly
from hornbook.dataset import Split
from hornbook.recipes.recipe import Recipe
from hornbook.runner.augmentation import Augmentation
from hornbook.runner.feeding import Feed, Portion, feed
from hornbook.runner.interruption import Interruption
from hornbook.runner.journal import Journal
from hornbook.tracker import Event

STEPS_AT_ONCE = 32
"""How many small steps TensorFlow is given at once: going back to Python for each costs more than it does."""
SMALL_MODEL = 1_000_000
"""Parameters up to which a step is small."""
STEP_SECONDS = 0.1
"""How often, at the most, progress within an epoch is told."""

Listener = Callable[[Event], None]


class Diverged(Exception):
    """The loss is no number any more."""


class Recorder(keras.callbacks.Callback):
    """Sets each epoch's order, writes what came of it, and ends a run that diverged or was interrupted.

    Args:
        train: The feed of the training split.
        examples: How many examples an epoch has.
        journal: Where epochs are written.
        listener: Told of epochs and of progress within them.
        interruption: Says whether the run is to end.
    """

    def __init__(
        self, train: Feed, examples: int, journal: Journal, listener: Listener, interruption: Interruption
    ) -> None:
        super().__init__()
        self.train = train
        self.examples = examples
        self.journal = journal
        self.listener = listener
        self.interruption = interruption
        self.history: dict[str, list[float]] = {}
        self._steps = 0
        self._began = self._told = 0.0
        self._epoch = 0

    def on_epoch_begin(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Set the epoch's order and randomness."""
        self.train.begin(epoch)
        self._epoch, self._began = epoch + 1, time.perf_counter()

    def on_train_batch_end(self, batch: int, logs: Mapping[str, Any] | None = None) -> None:
        """End at this step if the run was interrupted; tell progress now and then."""
        self.interruption.check()
        now = time.perf_counter()
        if now - self._told > STEP_SECONDS:
            self._told = now
            self.listener({"event": "step", "epoch": self._epoch, "step": batch + 1, **self.params})

    def on_epoch_end(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Write the epoch into the journal."""
        seconds = time.perf_counter() - self._began
        metrics = {name: float(value) for name, value in (logs or {}).items()}
        metrics["learning_rate"] = _learning_rate(self.model.optimizer)
        for name, value in metrics.items():
            self.history.setdefault(name, []).append(value)
        self._steps += int(self.params.get("steps") or 0)
        event = self.journal.write(
            "epoch",
            epoch=epoch + 1,
            step=self._steps,
            metrics=metrics,
            seconds=round(seconds, 4),
            examples_per_second=round(self.examples / seconds, 1),
        )
        self.listener({**event, "metrics": metrics})
        if not math.isfinite(metrics.get("loss", 0.0)):
            raise Diverged(f"the loss of epoch {epoch + 1} is {metrics['loss']}")


def _learning_rate(optimizer: Any) -> float:
    return float(keras.ops.convert_to_numpy(optimizer.learning_rate))


def train(
    recipe: Recipe,
    assembly: Assembly,
    splits: Mapping[str, Split],
    augmentation: Augmentation | None,
    journal: Journal,
    listener: Listener,
    interruption: Interruption,
) -> dict[str, list[float]]:
    """Train a model as its recipe says.

    Args:
        recipe: The recipe.
        assembly: Its Keras objects; the model is trained in place.
        splits: The data, labels encoded.
        augmentation: What is done to training batches, prepared.
        journal: Where epochs are written.
        listener: Told of epochs and of progress within them.
        interruption: Says whether the run is to end.

    Returns:
        Each metric's value after each epoch, by name.

    Raises:
        Diverged: When the loss is not finite at the end of an epoch.
        Interrupted: When the run was asked to end.
    """
    model, training = assembly.model, recipe.training
    batches = feed(Portion(splits["train"], training.batch_size, recipe.seed, augmentation))
    recorder = Recorder(batches, len(splits["train"]), journal, listener, interruption)
    compile_model(recipe, assembly, len(splits["train"]))
    validation = splits.get("validation")
    model.fit(
        batches.batches,
        epochs=training.epochs,
        validation_data=None
        if validation is None
        else feed(Portion(validation, training.batch_size)).batches,
        callbacks=[*assembly.callbacks, recorder],
        shuffle=False,
        verbose=0,
    )
    return recorder.history


def compile_model(recipe: Recipe, assembly: Assembly, examples: int) -> None:
    """Compile the model with the recipe's loss, optimizer and metrics."""
    training = recipe.training
    steps = math.ceil(examples / training.batch_size)
    assembly.model.compile(
        optimizer=assembly.optimizer,
        loss=assembly.loss,
        metrics=assembly.metrics,
        jit_compile="auto" if training.jit_compile is None else training.jit_compile,
        steps_per_execution=training.steps_per_execution or _steps_at_once(assembly.model, steps),
    )


def _steps_at_once(model: keras.Model, steps: int) -> int:
    small = keras.backend.backend() == "tensorflow" and model.built and model.count_params() < SMALL_MODEL
    return max(1, min(STEPS_AT_ONCE, steps)) if small else 1


def score(model: keras.Model, split: Split, batch_size: int, prefix: str) -> dict[str, float]:
    """Evaluate a compiled model on a split.

    Args:
        model: The model.
        split: Examples with encoded labels.
        batch_size: Examples a batch.
        prefix: What stands before each metric's name, such as `"val_"`.

    Returns:
        The loss and every metric, by name.
    """
    scores = model.evaluate(feed(Portion(split, batch_size)).batches, verbose=0, return_dict=True)
    return {f"{prefix}{name}": float(value) for name, value in scores.items()}
