"""What is done to weights: how they begin, what they cost, and what holds them in bounds.

`xavier` alone means Glorot and Bengio's uniform distribution, the one that their paper proposes (its
equation 16); `he` and `kaiming` alone mean He et al.'s normal distribution, which is the one in theirs.
"""

from collections.abc import Iterator
from typing import Unpack

from hornbook import Component, Parameter, declare
from hornbook.declare import Details

AT_LEAST_ZERO = Parameter(minimum=0)


def weights() -> Iterator[Component]:
    """Yield every initializer, regularizer and constraint of Keras."""
    yield from initializers()
    yield from regularizers()
    yield from constraints()


def initializers() -> Iterator[Component]:
    """Yield how weights begin."""
    yield _initializer("zeros", "Zeros")
    yield _initializer("ones", "Ones")
    yield _initializer("constant", "Constant")
    yield _initializer("identity", "Identity", reference="Le et al. 2015")
    yield _initializer("orthogonal", "Orthogonal", reference="Saxe et al. 2014")
    yield _initializer("random_normal", "RandomNormal", parameters={"stddev": AT_LEAST_ZERO})
    yield _initializer("random_uniform", "RandomUniform")
    yield _initializer("truncated_normal", "TruncatedNormal", parameters={"stddev": AT_LEAST_ZERO})
    yield _initializer(
        "variance_scaling",
        "VarianceScaling",
        parameters={
            "mode": Parameter(choices=("fan_in", "fan_out", "fan_avg")),
            "distribution": Parameter(choices=("truncated_normal", "untruncated_normal", "uniform")),
        },
    )
    for name, attribute, aliases, reference in (
        ("glorot_uniform", "GlorotUniform", ["xavier", "xavier_uniform"], "Glorot & Bengio 2010"),
        ("glorot_normal", "GlorotNormal", ["xavier_normal"], "Glorot & Bengio 2010"),
        ("he_normal", "HeNormal", ["he", "kaiming", "kaiming_normal"], "He et al. 2015"),
        ("he_uniform", "HeUniform", ["kaiming_uniform"], "He et al. 2015"),
        ("lecun_normal", "LecunNormal", [], "LeCun et al. 1998"),
        ("lecun_uniform", "LecunUniform", [], "LeCun et al. 1998"),
    ):
        yield _initializer(name, attribute, aliases=aliases, reference=reference)
    yield _initializer("stft", "STFT", tags=["audio"])


def regularizers() -> Iterator[Component]:
    """Yield what weights cost in the loss."""
    yield declare.regularizer(
        "l1",
        "keras.regularizers:L1",
        parameters={"l1": AT_LEAST_ZERO},
        reference="Tibshirani 1996",
        tags=["lasso"],
    )
    yield declare.regularizer(
        "l2",
        "keras.regularizers:L2",
        parameters={"l2": AT_LEAST_ZERO},
        reference="Krogh & Hertz 1992",
        tags=["ridge", "weight decay"],
    )
    yield declare.regularizer(
        "l1_l2",
        "keras.regularizers:L1L2",
        parameters={"l1": AT_LEAST_ZERO, "l2": AT_LEAST_ZERO},
        reference="Zou & Hastie 2005",
        tags=["elastic net"],
    )
    yield declare.regularizer(
        "orthogonal",
        "keras.regularizers:OrthogonalRegularizer",
        parameters={"factor": AT_LEAST_ZERO, "mode": Parameter(choices=("rows", "columns"))},
        aliases=["orthogonal_regularizer"],
    )


def constraints() -> Iterator[Component]:
    """Yield what holds weights in bounds after every step."""
    yield declare.constraint("max_norm", "keras.constraints:MaxNorm", reference="Srebro & Shraibman 2005")
    yield declare.constraint("min_max_norm", "keras.constraints:MinMaxNorm")
    yield declare.constraint("non_neg", "keras.constraints:NonNeg", tags=["non-negative"])
    yield declare.constraint("unit_norm", "keras.constraints:UnitNorm")


def _initializer(name: str, attribute: str, **details: Unpack[Details]) -> Component:
    return declare.initializer(name, f"keras.initializers:{attribute}", **details)
