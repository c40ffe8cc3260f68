"""Training: compile, fit, and write each epoch into the journal as it ends."""

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import keras
import numpy as np

from hornbook.assembly.assembly import Assembly
from hornbook.dataset import Split
from hornbook.recipes.recipe import Recipe
from hornbook.runner.augmentation import Augmentation
from hornbook.runner.checkpoint import Checkpoint, restore, restore_metrics
from hornbook.runner.feeding import Feed, Portion, feed
from hornbook.runner.interruption import Interrupted, Interruption
from hornbook.runner.journal import Journal
from hornbook.runner.keeper import Keeper
from hornbook.runner.relay import Relay
from hornbook.runner.rows import take
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


@dataclass(frozen=True, slots=True)
class Course:
    """Where a training begins, and what accompanies it.

    Args:
        journal: Where epochs are written.
        listener: Told of epochs and of progress within them.
        interruption: Says whether the run is to end.
        keeper: Takes checkpoints.
        start: The checkpoint to go on from; none begins anew.
        history: What the journal has of the epochs before that: each metric's values, by name.
        recorded: How many epochs the journal has: those that are gone through again are not written again.
    """

    journal: Journal
    listener: Listener
    interruption: Interruption
    keeper: Keeper
    start: Checkpoint | None = None
    history: Mapping[str, list[float]] = field(default_factory=dict)
    recorded: int = 0


class Recorder(keras.callbacks.Callback):
    """Sets each epoch's order, writes what came of it, and ends a run that diverged or was interrupted.

    Args:
        train: The feed of the training split.
        course: Where it begins and whom it tells.
        epochs: How many epochs the run has.
    """

    def __init__(self, train: Feed, course: Course, epochs: int) -> None:
        super().__init__()
        self.train = train
        self.course = course
        self.epochs = epochs
        self.history = {name: list(values) for name, values in course.history.items()}
        self._to_restore = course.start
        self._epoch = 0
        self._began = self._told = 0.0

    def on_train_begin(self, logs: Mapping[str, Any] | None = None) -> None:
        """Go on from the checkpoint, now that the model is built and the callbacks have begun."""
        if self._to_restore is not None:
            restore(self._to_restore, self.model, self.course.keeper.callbacks)

    def on_epoch_begin(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Set the epoch's order and randomness, and what the metrics had counted of it before."""
        self.train.begin(epoch)
        if self._to_restore is not None and self._to_restore.step:
            restore_metrics(self._to_restore, self.model)
        self._to_restore = None
        self._epoch, self._began = epoch, time.perf_counter()

    def on_train_batch_end(self, batch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Take a checkpoint, or end here, where that is due; tell progress now and then."""
        portion, keeper = self.train.portion, self.course.keeper
        step = portion.first + batch + 1
        if step < portion.steps:
            if self.course.interruption.wanted:
                keeper.before_interruption(self.model, self._epoch, step)
                raise Interrupted
            keeper.after_step(self.model, self._epoch, step)
        now = time.perf_counter()
        if now - self._told > STEP_SECONDS:
            self._told = now
            done = {"step": min(step, portion.steps), "steps": portion.steps, "epochs": self.epochs}
            self.course.listener({"event": "step", "epoch": self._epoch + 1, **done})

    def on_epoch_end(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Write the epoch into the journal and take a checkpoint, where that is due."""
        metrics = {name: float(value) for name, value in (logs or {}).items()}
        metrics["learning_rate"] = _learning_rate(self.model.optimizer)
        for name, value in metrics.items():
            self.history.setdefault(name, []).append(value)
        if epoch >= self.course.recorded:
            self._record(epoch + 1, metrics)
        if not math.isfinite(metrics.get("loss", 0.0)):
            raise Diverged(f"the loss of epoch {epoch + 1} is {metrics['loss']}")
        last = epoch + 1 >= self.epochs or self.model.stop_training
        interrupted = self.course.interruption.wanted
        self.course.keeper.after_epoch(self.model, epoch + 1, at_once=last or interrupted)
        if interrupted and not last:
            raise Interrupted

    def _record(self, epoch: int, metrics: Mapping[str, float]) -> None:
        portion = self.train.portion
        seconds = time.perf_counter() - self._began
        examples = len(portion.split) - portion.first * portion.batch_size
        event = self.course.journal.write(
            "epoch",
            epoch=epoch,
            step=epoch * portion.steps,
            metrics=metrics,
            seconds=round(seconds, 4),
            examples_per_second=round(examples / seconds, 1),
        )
        self.course.listener({**event, "metrics": metrics})


def _learning_rate(optimizer: Any) -> float:
    return float(keras.ops.convert_to_numpy(optimizer.learning_rate))


def train(
    recipe: Recipe,
    assembly: Assembly,
    splits: Mapping[str, Split],
    augmentation: Augmentation | None,
    course: Course,
) -> dict[str, list[float]]:
    """Train a model as its recipe says, from the beginning or from a checkpoint.

    Args:
        recipe: The recipe.
        assembly: Its Keras objects; the model is trained in place.
        splits: The data, labels encoded.
        augmentation: What is done to training batches, prepared.
        course: Where the training begins, and what accompanies it.

    Returns:
        Each metric's value after each epoch, by name.

    Raises:
        Diverged: When the loss is not finite at the end of an epoch.
        Interrupted: When the run was asked to end.
        HornbookError: When the checkpoint does not fit the model.
    """
    model, training, start = assembly.model, recipe.training, course.start
    compile_model(recipe, assembly, len(splits["train"]))
    whole = Portion(splits["train"], training.batch_size, recipe.seed, augmentation)
    validation = splits.get("validation")
    validated = None if validation is None else feed(Portion(validation, training.batch_size)).batches
    relay = Relay(assembly.callbacks)
    recorder = Recorder(feed(whole), course, training.epochs)

    def fit(begin: int, end: int) -> None:
        model.fit(
            recorder.train.batches,
            initial_epoch=begin,
            epochs=end,
            validation_data=validated,
            callbacks=[relay, recorder],
            shuffle=False,
            verbose=0,
        )

    begin = start.epoch if start is not None else 0
    if start is not None and (start.stopped or begin >= training.epochs):
        relay.set_model(model)
        relay.on_train_begin()
        restore(start, model, assembly.callbacks)
        begin = training.epochs
    elif start is not None and start.step:
        _make_metrics(model, splits["train"])
        complete, recorder.train = recorder.train, feed(replace(whole, first=start.step))
        fit(begin, begin + 1)
        recorder.train, begin = complete, begin + 1
        if model.stop_training:
            begin = training.epochs
    if begin < training.epochs:
        fit(begin, training.epochs)
    relay.end()
    return recorder.history


def _make_metrics(model: keras.Model, split: Split) -> None:
    """Have Keras make the metrics' variables, which it otherwise does only at the first step."""
    row = np.arange(1)
    labels = None if split.labels is None else split.labels[row]
    model.test_on_batch(take(split.inputs, row), labels)


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
