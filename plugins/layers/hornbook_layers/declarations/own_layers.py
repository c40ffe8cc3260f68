"""Layers that Keras lacks: combinators that make a list of layers a graph, maxout, and more."""

from collections.abc import Iterator

from hornbook import Component, Parameter, declare

AT_LEAST_ONE = Parameter(minimum=1)
LAYERS = Parameter(kind="layer")


def own_layers() -> Iterator[Component]:
    """Every layer of this package."""
    yield from combinators()
    yield declare.layer(
        "self_attention",
        "hornbook_layers.self_attention:SelfAttention",
        parameters={
            "num_heads": AT_LEAST_ONE,
            "key_dim": AT_LEAST_ONE,
            "dropout": Parameter(minimum=0, maximum=1),
        },
        reference="Vaswani et al. 2017",
        tags=["transformer", "tokens"],
    )
    yield declare.layer(
        "maxout",
        "hornbook_layers.maxout:Maxout",
        parameters={"units": AT_LEAST_ONE, "pieces": AT_LEAST_ONE},
        reference="Goodfellow et al. 2013",
        tags=["fully connected", "activation"],
    )
    yield declare.layer(
        "instance_normalization",
        "hornbook_layers.instance_normalization:InstanceNormalization",
        aliases=["instance_norm"],
        reference="Ulyanov et al. 2016",
    )
    yield from activations()


def combinators() -> Iterator[Component]:
    """Layers made of layers."""
    yield declare.layer(
        "chain", "hornbook_layers.chain:Chain", facts={"outputs_of": "layers"}, tags=["combinator", "block"]
    )
    yield declare.layer(
        "residual",
        "hornbook_layers.residual:Residual",
        parameters={"shortcut": LAYERS},
        reference="He et al. 2016",
        tags=["combinator", "skip", "block"],
    )
    yield declare.layer(
        "parallel",
        "hornbook_layers.parallel:Parallel",
        parameters={
            "branches": LAYERS,
            "merge": Parameter(choices=("concat", "add", "multiply", "average", "maximum")),
        },
        reference="Szegedy et al. 2015",
        tags=["combinator", "branches", "inception"],
    )
    yield declare.layer(
        "repeat",
        "hornbook_layers.repeat:Repeat",
        parameters={"times": AT_LEAST_ONE},
        tags=["combinator", "stack", "block"],
    )


def activations() -> Iterator[Component]:
    """Activations with a parameter."""
    for name, attribute, reference in (
        ("celu", "CELU", "Barron 2017"),
        ("gelu", "GELU", "Hendrycks & Gimpel 2016"),
        ("glu", "GLU", "Dauphin et al. 2017"),
        ("hard_shrink", "HardShrink", "Donoho & Johnstone 1994"),
        ("soft_shrink", "SoftShrink", "Donoho & Johnstone 1994"),
        ("squareplus", "Squareplus", "Barron 2021"),
        ("threshold", "Threshold", ""),
    ):
        yield declare.layer(name, f"hornbook_layers.activations:{attribute}", reference=reference)
