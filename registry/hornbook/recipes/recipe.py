"""Recipe: what a run is to do, every name bound to a component."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hornbook.problem import Problem
from hornbook.recipes.document import MappingNode
from hornbook.recipes.use import Use


@dataclass(frozen=True, slots=True)
class Splitting:
    """How the training split is divided further.

    Args:
        validation: The share to validate on; none leaves the data's own split.
        test: The share to test on, once, at the end; none leaves the data's own split.
        split_seed: From which the splits are drawn.
        stratify: Whether each class is split in the same proportion.
    """

    validation: float | None = None
    test: float | None = None
    split_seed: int = 0
    stratify: bool = False


@dataclass(frozen=True, slots=True)
class Checkpointing:
    """When checkpoints are taken. Where none of the three is given, as often as they cost next to nothing.

    Args:
        every_n_epochs: After how many epochs.
        every_n_steps: After how many steps, within epochs too.
        every_n_minutes: After how many minutes, within epochs too.
        max_to_keep: How many are kept, the newest of them.
    """

    every_n_epochs: int | None = None
    every_n_steps: int | None = None
    every_n_minutes: float | None = None
    max_to_keep: int = 2


@dataclass(frozen=True, slots=True)
class Training:
    """How long and in what portions is trained.

    Args:
        epochs: How often the training split is gone through.
        batch_size: Examples a step.
        jit_compile: Whether steps are compiled with XLA; none leaves it to Keras.
        steps_per_execution: Steps that go to the backend at once; none leaves it to the run.
        checkpoint: When checkpoints are taken, and how many are kept.
    """

    epochs: int
    batch_size: int = 32
    jit_compile: bool | None = None
    steps_per_execution: int | None = None
    checkpoint: Checkpointing = Checkpointing()


@dataclass(frozen=True, slots=True)
class Bound:
    """An expectation: what a metric must reach.

    Args:
        metric: The metric's name, such as `"val_accuracy"`.
        minimum: The least value that is good enough.
        maximum: The greatest value that is good enough.
    """

    metric: str
    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """A checked recipe.

    Args:
        name: What runs of it are called.
        description: What it is for.
        seed: From which all randomness of a run comes.
        data: The dataset.
        splitting: How the data is split further.
        augment: What is done to training batches, in order.
        model: The model.
        loss: The loss.
        optimizer: The optimizer.
        metrics: The metrics.
        callbacks: The callbacks.
        training: How long, in what portions.
        tracking: Options for trackers, such as `experiment` and `tags`.
        expect: What the metrics must reach.
        requires: Distributions that it needs, as requirement specifiers.
        silence: Warnings that it means to leave: a reason for each code.
        document: The tree that it was bound from, references resolved.
        source: The file that it was read from, if it was one.
        warnings: Problems that stop nothing.
    """

    name: str
    description: str
    seed: int
    data: Use
    splitting: Splitting
    augment: tuple[Use, ...]
    model: Use
    loss: Use
    optimizer: Use
    metrics: tuple[Use, ...]
    callbacks: tuple[Use, ...]
    training: Training
    tracking: Mapping[str, Any]
    expect: tuple[Bound, ...]
    requires: tuple[str, ...]
    silence: Mapping[str, str] = field(default_factory=dict)
    document: MappingNode = field(repr=False)
    source: Path | None = None
    warnings: tuple[Problem, ...] = ()

    def uses(self) -> Iterator[Use]:
        """Every use of a component, the inner ones too."""
        for use in (self.data, *self.augment, self.model, self.loss, self.optimizer):
            yield from use.within()
        for use in (*self.metrics, *self.callbacks):
            yield from use.within()

    @property
    def plugins(self) -> dict[str, str]:
        """The plugins in play, each with its distribution and version."""
        entries = {use.entry.plugin: use.entry for use in self.uses()}
        return {name: f"{entry.distribution} {entry.version}" for name, entry in sorted(entries.items())}
