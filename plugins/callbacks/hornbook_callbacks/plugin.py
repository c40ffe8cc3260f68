"""What hornbook-callbacks contributes: the callbacks of Keras that have their place in a run.

A run keeps checkpoints, logs and the model in its own folder, so callbacks that write files elsewhere or
send what they see over the network are not among them; nor are those that take a function.
"""

from collections.abc import Iterable

from hornbook import Component, Parameter, declare, hookimpl

_COUNT = Parameter(minimum=0)
_MODE = Parameter(choices=("auto", "min", "max"))


@hookimpl
def hornbook_components() -> Iterable[Component]:
    """Yield the callbacks."""
    yield declare.callback(
        "early_stopping",
        "hornbook_callbacks.monitors:EarlyStopping",
        parameters={"mode": _MODE, "patience": _COUNT, "start_from_epoch": _COUNT},
        reference="Prechelt 1998",
        facts={"stops_training": True},
        tags=["regularization", "validation"],
    )
    yield declare.callback(
        "reduce_on_plateau",
        "hornbook_callbacks.monitors:ReduceLROnPlateau",
        parameters={
            "mode": _MODE,
            "factor": Parameter(minimum=0, maximum=1),
            "patience": _COUNT,
            "cooldown": _COUNT,
            "min_lr": _COUNT,
        },
        aliases=["reduce_lr_on_plateau"],
        facts={"sets_learning_rate": True},
        tags=["learning rate", "validation"],
    )
    yield declare.callback(
        "terminate_on_nan",
        "keras.callbacks:TerminateOnNaN",
        summary="Stops training at a batch whose loss is not a finite number.",
        tags=["divergence"],
    )
    yield declare.callback(
        "swap_ema_weights",
        "keras.callbacks:SwapEMAWeights",
        summary="Validates with the moving average of the weights; the optimizer needs use_ema.",
        # Swapped at the end of an epoch, they would go into checkpoints; and on JAX Keras then fails.
        parameters={"swap_on_epoch": Parameter(choices=(False,))},
        reference="Polyak & Juditsky 1992",
        tags=["averaging"],
    )
