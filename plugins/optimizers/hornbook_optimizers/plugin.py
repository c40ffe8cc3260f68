"""What hornbook-optimizers contributes: the optimizers of Keras, and the primer's momentum and Nesterov."""

from collections.abc import Iterable, Iterator

from hornbook import Component, Parameter, declare, hookimpl

_NOT_NEGATIVE = Parameter(minimum=0)
_DECAY = Parameter(minimum=0, maximum=1)
_COMMON = {
    "learning_rate": Parameter(kind="scheduler", minimum=0),
    "weight_decay": _NOT_NEGATIVE,
    "clipnorm": _NOT_NEGATIVE,
    "clipvalue": _NOT_NEGATIVE,
    "global_clipnorm": _NOT_NEGATIVE,
    "ema_momentum": _DECAY,
    "gradient_accumulation_steps": Parameter(minimum=2),
}
"""What holds for the parameters that every optimizer takes."""
_BETAS = {"beta_1": _DECAY, "beta_2": _DECAY}


@hookimpl
def hornbook_components() -> Iterable[Component]:
    """Yield the optimizers."""
    yield from _descent()
    yield from _adaptive()
    yield from _adam_and_kin()
    yield from _recent()
    yield declare.optimizer(
        "loss_scale",
        "hornbook_optimizers.loss_scale:loss_scale",
        parameters={
            "inner_optimizer": Parameter(kind="optimizer"),
            "initial_scale": _NOT_NEGATIVE,
            "dynamic_growth_steps": Parameter(minimum=1),
        },
        aliases=["loss_scale_optimizer"],
        reference="Micikevicius et al. 2018",
        tags=["mixed precision"],
    )


def _descent() -> Iterator[Component]:
    """Gradient descent, plain and with momentum. The three are one class of Keras, preset."""
    parameters = {**_COMMON, "momentum": _DECAY}
    yield declare.optimizer(
        "sgd",
        "keras.optimizers:SGD",
        summary="Stochastic gradient descent: steps along the negative gradient.",
        parameters=parameters,
        reference="Robbins & Monro 1951",
        tags=["first order"],
    )
    yield declare.optimizer(
        "momentum",
        "keras.optimizers:SGD",
        summary="Gradient descent that keeps a decaying sum of its past steps: a heavy ball.",
        defaults={"momentum": 0.9},
        parameters=parameters,
        reference="Polyak 1964",
        tags=["first order"],
    )
    yield declare.optimizer(
        "nesterov",
        "keras.optimizers:SGD",
        summary="Momentum that takes the gradient where the momentum is about to lead.",
        defaults={"momentum": 0.9, "nesterov": True},
        parameters=parameters,
        reference="Nesterov 1983; Sutskever et al. 2013",
        tags=["first order"],
    )


def _adaptive() -> Iterator[Component]:
    """Optimizers that scale the step of each weight by its past gradients."""
    yield declare.optimizer(
        "adagrad",
        "keras.optimizers:Adagrad",
        summary="Divides each weight's step by the root of the sum of its squared gradients.",
        parameters=_COMMON,
        reference="Duchi et al. 2011",
        tags=["adaptive", "sparse"],
    )
    yield declare.optimizer(
        "adadelta",
        "keras.optimizers:Adadelta",
        summary="Scales steps by decaying means of past steps and gradients; the paper's rate is 1.",
        parameters={**_COMMON, "rho": _DECAY},
        reference="Zeiler 2012",
        tags=["adaptive"],
    )
    yield declare.optimizer(
        "rmsprop",
        "keras.optimizers:RMSprop",
        summary="Divides each weight's step by the root of a decaying mean of its squared gradients.",
        parameters={**_COMMON, "rho": _DECAY, "momentum": _DECAY},
        reference="Hinton 2012",
        tags=["adaptive"],
    )
    yield declare.optimizer(
        "ftrl",
        "keras.optimizers:Ftrl",
        summary="Follow the regularized leader: keeps weights of rare features at zero.",
        parameters={
            **_COMMON,
            "learning_rate_power": Parameter(maximum=0),
            "l1_regularization_strength": _NOT_NEGATIVE,
            "l2_regularization_strength": _NOT_NEGATIVE,
            "l2_shrinkage_regularization_strength": _NOT_NEGATIVE,
        },
        reference="McMahan et al. 2013",
        tags=["adaptive", "sparse"],
    )


def _adam_and_kin() -> Iterator[Component]:
    """Adam, which joins momentum and scaling, and what was made of it."""
    yield declare.optimizer(
        "adam",
        "keras.optimizers:Adam",
        summary="Momentum, scaled by a decaying mean of squared gradients, both corrected for their start.",
        parameters=_COMMON | _BETAS,
        reference="Kingma & Ba 2015",
        tags=["adaptive"],
    )
    yield declare.optimizer(
        "adamw",
        "keras.optimizers:AdamW",
        summary="Adam with weight decay applied to the weights rather than to the gradient.",
        parameters=_COMMON | _BETAS,
        reference="Loshchilov & Hutter 2019",
        tags=["adaptive", "weight decay"],
    )
    yield declare.optimizer(
        "adamax",
        "keras.optimizers:Adamax",
        summary="Adam with the largest recent gradient in place of the mean of squares.",
        parameters=_COMMON | _BETAS,
        reference="Kingma & Ba 2015",
        tags=["adaptive"],
    )
    yield declare.optimizer(
        "nadam",
        "keras.optimizers:Nadam",
        summary="Adam with Nesterov's momentum.",
        parameters=_COMMON | _BETAS,
        reference="Dozat 2016",
        tags=["adaptive"],
    )
    yield declare.optimizer(
        "lamb",
        "keras.optimizers:Lamb",
        summary="Adam with a rate of its own for each layer, for very large batches.",
        parameters=_COMMON | _BETAS,
        reference="You et al. 2020",
        tags=["adaptive", "large batch"],
    )
    yield declare.optimizer(
        "adafactor",
        "keras.optimizers:Adafactor",
        summary="Adam's scaling kept as row and column means, to save memory.",
        parameters=_COMMON,
        reference="Shazeer & Stern 2018",
        tags=["adaptive", "memory"],
    )


def _recent() -> Iterator[Component]:
    """Optimizers of recent years."""
    yield declare.optimizer(
        "lion",
        "keras.optimizers:Lion",
        summary="Steps by the sign of the momentum alone; wants a third to a tenth of Adam's rate.",
        parameters=_COMMON | _BETAS,
        reference="Chen et al. 2023",
        tags=["sign", "memory"],
    )
    yield declare.optimizer(
        "muon",
        "keras.optimizers:Muon",
        summary="Orthogonalizes the momentum of matrices; steps as AdamW for all other weights.",
        parameters={
            **_COMMON,
            "momentum": _DECAY,
            "adam_beta_1": _DECAY,
            "adam_beta_2": _DECAY,
            "ns_steps": Parameter(minimum=1),
        },
        reference="Jordan et al. 2024; Liu et al. 2025",
        tags=["orthogonal"],
    )
    yield declare.optimizer(
        "schedule_free_adamw",
        "hornbook_optimizers.schedule_free:ScheduleFreeAdamW",
        parameters={**_COMMON, **_BETAS, "warmup_steps": _NOT_NEGATIVE},
        aliases=["schedule_free"],
        reference="Defazio et al. 2024",
        tags=["adaptive", "averaging"],
    )
