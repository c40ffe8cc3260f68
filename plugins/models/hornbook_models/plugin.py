"""What hornbook-models contributes: models, and the recipes that come with them."""

from collections.abc import Iterable
from pathlib import Path

from hornbook import Component, Parameter, declare, hookimpl

CLASSIFIER = {"input_shape": "data.shape", "units": "data.outputs", "output_activation": "loss.activation"}
GIVES = {"output_activation": "output_activation", "output_units": "units"}


@hookimpl
def hornbook_components() -> Iterable[Component]:
    """Yield the models."""
    yield declare.model(
        "sequential",
        "hornbook_models.sequential:sequential",
        provided={"input_shape": "data.shape"},
        facts={"outputs_of": "layers"},
    )
    yield declare.model(
        "mlp",
        "hornbook_models.mlp:mlp",
        provided=CLASSIFIER,
        facts=GIVES,
        parameters={
            "units": Parameter(minimum=1),
            "dropout": Parameter(minimum=0, maximum=1),
            "normalization": Parameter(choices=("batch", "layer")),
        },
        aliases=["multilayer_perceptron"],
        reference="Rumelhart et al. 1986",
        tags=["features", "fully connected"],
    )
    yield declare.model(
        "lenet5",
        "hornbook_models.lenet5:lenet5",
        provided=CLASSIFIER,
        facts=GIVES,
        parameters={"units": Parameter(minimum=1), "pooling": Parameter(choices=("average", "max"))},
        aliases=["lenet"],
        reference="LeCun et al. 1998",
        tags=["images", "convolution"],
    )


@hookimpl
def hornbook_recipes() -> Iterable[Path]:
    """Yield the recipes that come with Hornbook."""
    installed = Path(__file__).parent / "recipes"
    checkout = Path(__file__).parents[3] / "recipes"
    yield from sorted((installed if installed.is_dir() else checkout).rglob("*.yaml"))
