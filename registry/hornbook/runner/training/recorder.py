"""Recorder: what a run does as its training goes on: writes epochs down, keeps checkpoints, and ends it in time."""

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import keras

from hornbook.runner.checkpoints.checkpoint import Checkpoint
from hornbook.runner.checkpoints.keeper import Keeper
from hornbook.runner.data.feeding import Feed
from hornbook.runner.journals.journal import Journal
from hornbook.runner.training.divergence import Diverged
from hornbook.runner.training.interruption import Interrupted, Interruption
from hornbook.runner.training.rate import Rate
from hornbook.tracker import Event

STEP_SECONDS = 0.1
"""How often, at the most, progress within an epoch is told."""

Listener = Callable[[Event], None]


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


class Watcher(keras.callbacks.Callback):
    """Sets each epoch's order, and ends a training whose loss is not finite.

    Keras has made numbers of the losses by the time that callbacks see them, so to look at each costs nothing.
    """

    feed: Feed
    """What the training split is fed by; another one where the rest of a broken off epoch comes first."""

    def on_epoch_begin(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Set the epoch's order and randomness."""
        self.feed.begin(epoch)
        self.epoch = epoch
        self.step = self.feed.portion.first

    def on_train_batch_end(self, batch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Take note of the step, and end the training if its loss is not finite.

        Raises:
            Diverged: When it is not. The mean loss of an epoch stays so once it is.
        """
        portion = self.feed.portion
        before, self.step = self.step, min(portion.first + batch + 1, portion.steps)
        loss = float((logs or {}).get("loss", 0.0))
        if not math.isfinite(loss):
            raise Diverged(self.epoch + 1, before + 1, self.step, loss)

    @property
    def done(self) -> int:
        """How many steps are done, in all."""
        return self.epoch * self.feed.portion.steps + self.step


class Recorder(Watcher):
    """Writes what came of each epoch, takes checkpoints, and ends a run that diverged or was interrupted.

    Args:
        course: Where the training begins and whom it tells.
        epochs: How many epochs the run has.
    """

    def __init__(self, course: Course, epochs: int) -> None:
        super().__init__()
        self.course = course
        self.epochs = epochs
        self.history = {name: list(values) for name, values in course.history.items()}
        self._began = self._told = 0.0

    def on_train_begin(self, logs: Mapping[str, Any] | None = None) -> None:
        """Have the keeper see the weights that it begins with."""
        portion = self.feed.portion
        self._rate = Rate(self.model.optimizer, portion.steps)
        self.course.keeper.begin(self.model, portion.epoch * portion.steps + portion.first)

    def on_epoch_begin(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Begin to measure its time."""
        super().on_epoch_begin(epoch, logs)
        self._began = time.perf_counter()

    def on_train_batch_end(self, batch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Take a checkpoint, or end here, where that is due; tell progress now and then."""
        super().on_train_batch_end(batch, logs)
        steps, keeper = self.feed.portion.steps, self.course.keeper
        if self.step < steps and not self.model.stop_training:
            if self.course.interruption.wanted:
                keeper.keep(self.model, self.epoch, self.step, self.done)
                raise Interrupted
            keeper.after_step(self.model, self.epoch, self.step, self.done)
        now = time.perf_counter()
        if now - self._told > STEP_SECONDS:
            self._told = now
            done = {"step": self.step, "steps": steps, "epochs": self.epochs}
            self.course.listener({"event": "step", "epoch": self.epoch + 1, **done})

    def on_epoch_end(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Write the epoch into the journal and take a checkpoint, where that is due."""
        metrics = {name: float(value) for name, value in (logs or {}).items()}
        metrics["learning_rate"] = self._rate.read()
        for name, value in metrics.items():
            self.history.setdefault(name, []).append(value)
        if epoch >= self.course.recorded:
            self._record(epoch + 1, metrics)
        last = epoch + 1 >= self.epochs or self.model.stop_training
        interrupted = self.course.interruption.wanted
        sound = self.course.keeper.after_epoch(self.model, epoch + 1, self.done, at_once=last or interrupted)
        if last and not sound:
            raise Diverged(epoch + 1, self.step, self.step, metrics.get("loss", 0.0))
        if interrupted and not last:
            raise Interrupted

    def _record(self, epoch: int, metrics: Mapping[str, float]) -> None:
        portion = self.feed.portion
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
