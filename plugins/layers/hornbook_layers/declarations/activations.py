"""Activations: functions that layers take whole.

Two of Keras' are offered as layers only: `glu` halves the features, which a layer that takes an activation
does not expect, and `threshold` has no defaults for its parameters. `sparsemax` is our own.
"""

from collections.abc import Iterator

from hornbook import Component, declare

REFERENCES = {
    "celu": "Barron 2017",
    "elu": "Clevert et al. 2016",
    "exponential": "",
    "gelu": "Hendrycks & Gimpel 2016",
    "hard_shrink": "Donoho & Johnstone 1994",
    "hard_sigmoid": "Courbariaux et al. 2015",
    "hard_silu": "Howard et al. 2019",
    "hard_tanh": "Collobert 2004",
    "leaky_relu": "Maas et al. 2013",
    "linear": "",
    "log_sigmoid": "",
    "log_softmax": "",
    "mish": "Misra 2019",
    "relu": "Nair & Hinton 2010",
    "relu6": "Krizhevsky 2010",
    "selu": "Klambauer et al. 2017",
    "sigmoid": "",
    "silu": "Ramachandran et al. 2017",
    "soft_shrink": "Donoho & Johnstone 1994",
    "softmax": "Bridle 1990",
    "softplus": "Dugas et al. 2001",
    "softsign": "Glorot & Bengio 2010",
    "sparse_plus": "",
    "sparse_sigmoid": "Blondel et al. 2019",
    "squareplus": "Barron 2021",
    "tanh": "",
    "tanh_shrink": "",
}
"""The source of each activation, where one can be named."""

RANGES: dict[str, list[float | None]] = {
    **{key: [0, 1] for key in ("softmax", "sigmoid", "hard_sigmoid", "sparse_sigmoid", "sparsemax")},
    **{key: [0, None] for key in ("relu", "softplus", "exponential", "squareplus", "sparse_plus")},
    **{key: [-1, 1] for key in ("tanh", "hard_tanh", "softsign")},
    "relu6": [0, 6],
    "linear": [None, None],
    "leaky_relu": [None, None],
}
"""The least and the greatest number that each gives, none where there is no bound."""

ALIASES = {"silu": ["swish"], "hard_silu": ["hard_swish"], "linear": ["identity"]}


def activations() -> Iterator[Component]:
    """Every activation that a layer can take by name."""
    for name, reference in REFERENCES.items():
        target = f"keras.activations:{name}"
        aliases = ALIASES.get(name, ())
        yield declare.activation(name, target, aliases=aliases, facts=_facts(name), reference=reference)
    yield declare.activation(
        "sparsemax",
        "hornbook_layers.sparsemax:sparsemax",
        facts=_facts("sparsemax"),
        reference="Martins & Astudillo 2016",
    )


def _facts(name: str) -> dict[str, list[float | None]]:
    return {"range": RANGES[name]} if name in RANGES else {}
