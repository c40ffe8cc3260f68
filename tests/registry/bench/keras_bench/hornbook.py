"""What the plugin contributes."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from hornbook import Component, Parameter, declare, hookimpl

OBSERVED: list[tuple[str, Any]] = []
"""What the observing hooks were told, in order."""


@hookimpl
def hornbook_components() -> Iterable[Component]:
    yield declare.dataset("points", "keras_bench.data:points")
    yield declare.dataset("lazy_points", "keras_bench.data:lazy_points")
    yield declare.dataset("drawn_points", "keras_bench.data:drawn_points")
    yield declare.dataset("pictures", "keras_bench.data:pictures")
    yield declare.dataset("pairs", "keras_bench.data:pairs")
    yield declare.dataset("table", "keras_bench.data:table", parameters={"path": Parameter(path=True)})
    yield declare.model("two_inputs", "keras_bench.models:two_inputs", provided={"input_shape": "data.shape"})
    yield declare.layer("doubling", "keras_bench.layers:Doubling")
    yield declare.layer("plainly_registered", "keras_bench.layers:PlainlyRegistered")
    yield declare.layer("unsaveable", "keras_bench.layers:Unsaveable")
    yield declare.loss("not_a_number", "keras_bench.losses:NotANumber")
    yield declare.loss("impostor", "keras_bench.losses:impostor")
    yield declare.loss("refusing", "keras_bench.losses:Refusing")
    yield declare.loss("unloadable", "keras_bench.unloadable:Loss")
    yield declare.loss(
        "recording",
        "keras_bench.losses:Recording",
        provided={"steps": "training.total_steps"},
        parameters={
            "share": Parameter(minimum=0, maximum=1),
            "mode": Parameter(choices=("soft", "hard")),
            "inner": Parameter(kind="regularizer"),
            "path": Parameter(path=True),
        },
    )
    yield declare.callback("drawing", "keras_bench.callbacks:Drawing")
    yield declare.callback("raising", "keras_bench.callbacks:Raising")
    yield declare.callback("holding", "keras_bench.callbacks:Holding")
    yield declare.callback("interrupting", "keras_bench.callbacks:Interrupting")
    yield declare.metric("nameless", "keras_bench.metrics:nameless")
    yield declare.activation("scaled", "keras_bench.activations:scaled")


@hookimpl
def hornbook_recipes() -> Iterable[Path]:
    yield from sorted((Path(__file__).parent / "recipes").glob("*.yaml"))


@hookimpl
def hornbook_run_started(run: Any) -> None:
    OBSERVED.append(("started", run.id))


@hookimpl
def hornbook_epoch_ended(run: Any, epoch: int, logs: Mapping[str, Any]) -> None:
    OBSERVED.append(("epoch", epoch, sorted(logs)))
    if run.recipe.name == "observed-by-one-that-exits":
        raise SystemExit(7)


@hookimpl
def hornbook_run_ended(run: Any, outcome: str) -> None:
    OBSERVED.append(("ended", outcome))
