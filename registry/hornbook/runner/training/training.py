"""Training: compile, fit, and write each epoch into the journal as it ends."""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import keras
import numpy as np

from hornbook.assembly.assembly import Assembly
from hornbook.dataset import Split
from hornbook.recipes.recipe import Recipe
from hornbook.runner.checkpoints.checkpoint import Checkpoint
from hornbook.runner.data.augmentation import Augmentation
from hornbook.runner.data.feeding import Portion, feed
from hornbook.runner.data.rows import take
from hornbook.runner.training.recorder import Course, Recorder, Watcher
from hornbook.runner.training.relay import Relay

STEPS_AT_ONCE = 32
"""How many small steps TensorFlow is given at once: going back to Python for each costs more than it does."""
FEWEST_AT_ONCE = 8
"""How few of them still make it worth while that an epoch is a whole number of blocks."""
SMALL_MODEL = 1_000_000
"""Parameters up to which a step is small."""


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
        Diverged: When the loss is not finite.
        Interrupted: When the run was asked to end.
        HornbookError: When the checkpoint does not fit the model.
    """
    recorder = Recorder(course, recipe.training.epochs)
    go_through(recipe, assembly, splits, augmentation, course.start, recorder)
    return recorder.history


def go_through(
    recipe: Recipe,
    assembly: Assembly,
    splits: Mapping[str, Split],
    augmentation: Augmentation | None,
    start: Checkpoint | None,
    watcher: Watcher,
) -> None:
    """Compile a model and fit it from where it stands to the end, as one training to whoever watches it.

    Args:
        recipe: The recipe.
        assembly: Its Keras objects.
        splits: The data, labels encoded.
        augmentation: What is done to training batches, prepared.
        start: The checkpoint to go on from; none begins anew.
        watcher: Watches it, after the recipe's callbacks.
    """
    model, epochs = assembly.model, recipe.training.epochs
    compile_model(recipe, assembly, len(splits["train"]))
    whole = gone_through(recipe, splits, augmentation)
    validation = splits.get("validation")
    validated = None if validation is None else feed(Portion(validation, whole.batch_size)).batches
    relay = Relay(assembly.callbacks, start)
    kept = _BeforeTheEnd()

    def fit(begin: int, end: int, first: int = 0) -> None:
        at_once = None if first else model.steps_per_execution
        watcher.feed = feed(replace(whole, epoch=begin, first=first), at_once)
        model.fit(
            watcher.feed.batches,
            steps_per_epoch=watcher.feed.steps_per_epoch,
            initial_epoch=begin,
            epochs=end,
            validation_data=validated,
            callbacks=[relay, kept, watcher],
            shuffle=False,
            verbose=0,
        )

    begin = start.epoch if start is not None else 0
    if start is not None and (start.stopped or begin >= epochs):
        relay.set_model(model)
        relay.on_train_begin()
        model.optimizer.finalize_variable_values(model.trainable_variables)
        begin = epochs
    elif start is not None and start.step:
        _make_metrics(model, splits["train"])
        fit(begin, begin + 1, start.step)
        begin = epochs if model.stop_training else begin + 1
        if begin < epochs:
            kept.put_back()
    if begin < epochs:
        fit(begin, epochs)
    if averages(model.optimizer):
        _part_from_average(model)
    relay.end()


def gone_through(recipe: Recipe, splits: Mapping[str, Split], augmentation: Augmentation | None) -> Portion:
    """How a recipe goes through its training split."""
    return Portion(splits["train"], recipe.training.batch_size, recipe.seed, augmentation)


class _BeforeTheEnd(keras.callbacks.Callback):
    """Keeps the weights of an epoch's end: an optimizer may replace them by their average at the end of a fit."""

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Keep the weights, if there is an average."""
        averaged = self.model.trainable_variables if averages(self.model.optimizer) else []
        self._values = [keras.ops.convert_to_numpy(one.value) for one in averaged]

    def put_back(self) -> None:
        """Give the model those weights back: what follows is another part of the same training."""
        for variable, value in zip(self.model.trainable_variables, self._values, strict=False):
            variable.assign(value)


def averages(optimizer: Any) -> bool:
    """Whether an optimizer puts an average in place of the weights when a training ends."""
    return bool(getattr(getattr(optimizer, "inner_optimizer", optimizer), "use_ema", False))


def _part_from_average(model: keras.Model) -> None:
    """Give weights and their average memory of their own. Keras lets them share it, and JAX then frees it twice."""
    for variable in model.trainable_variables:
        variable.assign(keras.ops.copy(variable.value))


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
    if (
        assembly.model.built
    ):  # else TensorFlow makes the optimizer's variables in the first step, and traces it twice
        assembly.model.optimizer.build(assembly.model.trainable_variables)


def _steps_at_once(model: keras.Model, steps: int) -> int:
    small = keras.backend.backend() == "tensorflow" and model.built and model.count_params() < SMALL_MODEL
    if not small or not steps:
        return 1
    most = min(STEPS_AT_ONCE, steps)
    return next((count for count in range(most, FEWEST_AT_ONCE - 1, -1) if steps % count == 0), most)


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
