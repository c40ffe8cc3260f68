"""What hornbook-losses contributes: the losses of Keras, under the names that the field uses.

The form of labels that each loss is written for is part of its declaration: a run encodes the labels so.
"""

from collections.abc import Iterable, Iterator

from hornbook import Component, Parameter, declare, hookimpl

_SHARE = Parameter(minimum=0, maximum=1)
_POSITIVE = Parameter(minimum=0)


@hookimpl
def hornbook_components() -> Iterable[Component]:
    """Yield the losses."""
    yield from _on_numbers()
    yield from _on_classes()
    yield from _on_two_classes()
    yield from _on_regions()
    yield from _on_inputs()


def _on_numbers() -> Iterator[Component]:
    """Losses on labels that are numbers: one column for each output."""
    yield declare.loss(
        "mse",
        "keras.losses:MeanSquaredError",
        summary="The mean of the squared errors.",
        labels="real",
        aliases=["mean_squared_error"],
        tags=["regression"],
    )
    yield declare.loss(
        "mae",
        "keras.losses:MeanAbsoluteError",
        summary="The mean of the absolute errors: less moved by outliers than mse.",
        labels="real",
        aliases=["mean_absolute_error"],
        tags=["regression", "robust"],
    )
    yield declare.loss(
        "mape",
        "keras.losses:MeanAbsolutePercentageError",
        summary="The mean of the absolute errors, as percentages of the labels.",
        labels="real",
        aliases=["mean_absolute_percentage_error"],
        tags=["regression"],
    )
    yield declare.loss(
        "msle",
        "keras.losses:MeanSquaredLogarithmicError",
        summary="The mean of the squared errors of log(1 + x), for labels above -1.",
        labels="real",
        aliases=["mean_squared_logarithmic_error"],
        tags=["regression"],
    )
    yield declare.loss(
        "huber",
        "hornbook_losses.full_config:Huber",
        summary="Quadratic for errors within delta, linear beyond.",
        parameters={"delta": _POSITIVE},
        labels="real",
        reference="Huber 1964",
        tags=["regression", "robust"],
    )
    yield declare.loss(
        "log_cosh",
        "keras.losses:LogCosh",
        summary="The logarithm of the hyperbolic cosine of the error: a smooth mae.",
        labels="real",
        tags=["regression", "robust"],
    )
    yield declare.loss(
        "poisson",
        "keras.losses:Poisson",
        summary="The negative log likelihood of counts under Poisson rates, without the constant term.",
        labels="real",
        tags=["regression", "counts"],
    )
    yield declare.loss(
        "cosine_similarity",
        "hornbook_losses.full_config:CosineSimilarity",
        summary="The cosine between labels and predictions, negated: -1 where they point the same way.",
        labels="real",
        tags=["regression", "embedding"],
    )


def _on_classes() -> Iterator[Component]:
    """Losses on labels that are one of several classes."""
    yield declare.loss(
        "categorical_crossentropy",
        "keras.losses:CategoricalCrossentropy",
        summary="The cross-entropy between one-hot labels and predictions.",
        parameters={"label_smoothing": _SHARE},
        labels="one_hot",
        aliases=["ce"],
        tags=["classification"],
    )
    yield declare.loss(
        "sparse_categorical_crossentropy",
        "hornbook_losses.full_config:SparseCategoricalCrossentropy",
        summary="The cross-entropy between class numbers and predictions.",
        labels="integer",
        aliases=["sparse_ce"],
        tags=["classification"],
    )
    yield declare.loss(
        "categorical_focal_crossentropy",
        "keras.losses:CategoricalFocalCrossentropy",
        summary="Cross-entropy on one-hot labels that counts examples already told right for less.",
        parameters={"gamma": _POSITIVE, "label_smoothing": _SHARE},
        labels="one_hot",
        aliases=["categorical_focal"],
        reference="Lin et al. 2017",
        tags=["classification", "focal", "imbalance"],
    )
    yield declare.loss(
        "categorical_generalized_cross_entropy",
        "keras.losses:CategoricalGeneralizedCrossEntropy",
        summary="Between cross-entropy (q near 0) and mae (q near 1), for labels that are partly wrong.",
        parameters={"q": _SHARE},
        labels="integer",
        aliases=["gce"],
        reference="Zhang & Sabuncu 2018",
        tags=["classification", "robust"],
    )
    yield declare.loss(
        "categorical_hinge",
        "keras.losses:CategoricalHinge",
        summary="How far the right class falls short of a margin of 1 over the best wrong one, or over 0.",
        labels="one_hot",
        facts={"activation": "linear"},
        reference="Crammer & Singer 2001",
        tags=["classification", "margin"],
    )
    yield declare.loss(
        "kl_divergence",
        "keras.losses:KLDivergence",
        summary="The Kullback-Leibler divergence of the predictions from the labels, both distributions.",
        labels="one_hot",
        aliases=["kl"],
        reference="Kullback & Leibler 1951",
        tags=["classification", "distribution"],
    )
    yield declare.loss(
        "circle",
        "keras.losses:Circle",
        summary="Draws unit-length embeddings of one class together and those of others apart.",
        parameters={"gamma": _POSITIVE},
        labels="integer",
        facts={"activation": "linear"},
        reference="Sun et al. 2020",
        tags=["metric learning", "embedding", "contrastive"],
    )
    yield declare.loss(
        "ctc",
        "keras.losses:CTC",
        summary="Logits for every step against shorter, unaligned rows of class numbers; 0 is the blank.",
        labels="integer",
        facts={"activation": "linear"},
        reference="Graves et al. 2006",
        tags=["sequence"],
    )


def _on_two_classes() -> Iterator[Component]:
    """Losses on labels that are yes or no: 0/1 or -1/+1."""
    yield declare.loss(
        "binary_crossentropy",
        "keras.losses:BinaryCrossentropy",
        summary="The cross-entropy between 0/1 labels and predictions.",
        parameters={"label_smoothing": _SHARE},
        labels="binary",
        aliases=["bce"],
        tags=["classification"],
    )
    yield declare.loss(
        "binary_focal_crossentropy",
        "keras.losses:BinaryFocalCrossentropy",
        summary="Cross-entropy on 0/1 labels that counts examples already told right for less.",
        parameters={"alpha": _SHARE, "gamma": _POSITIVE, "label_smoothing": _SHARE},
        labels="binary",
        aliases=["binary_focal"],
        reference="Lin et al. 2017",
        tags=["classification", "focal", "imbalance"],
    )
    yield declare.loss(
        "hinge",
        "keras.losses:Hinge",
        summary="How far -1/+1 labels times predictions fall short of a margin of 1.",
        labels="signed",
        reference="Cortes & Vapnik 1995",
        tags=["classification", "margin"],
    )
    yield declare.loss(
        "squared_hinge",
        "keras.losses:SquaredHinge",
        summary="The hinge loss squared: differentiable everywhere.",
        labels="signed",
        tags=["classification", "margin"],
    )


def _on_regions() -> Iterator[Component]:
    """Losses on the overlap of regions: each column of the labels is 1 within a region and 0 outside."""
    yield declare.loss(
        "dice",
        "keras.losses:Dice",
        summary="One minus the overlap of two regions, as a share of their mean size.",
        labels="real",
        facts={"activation": "sigmoid"},
        reference="Dice 1945",
        tags=["segmentation", "imbalance"],
    )
    yield declare.loss(
        "tversky",
        "hornbook_losses.tversky:Tversky",
        summary="Dice with weights of its own for false positives (alpha) and false negatives (beta).",
        parameters={"alpha": _POSITIVE, "beta": _POSITIVE},
        labels="real",
        facts={"activation": "sigmoid"},
        reference="Salehi et al. 2017",
        tags=["segmentation", "imbalance"],
    )


def _on_inputs() -> Iterator[Component]:
    """Losses of autoencoders, whose labels are what goes in."""
    yield declare.loss(
        "reconstruction",
        "keras.losses:MeanSquaredError",
        summary="The mean of the squared differences between the inputs and what is made of them.",
        labels="input",
        aliases=["reconstruction_mse"],
        tags=["autoencoder"],
    )
    yield declare.loss(
        "reconstruction_crossentropy",
        "keras.losses:BinaryCrossentropy",
        summary="The cross-entropy between inputs from 0 to 1 and what is made of them.",
        labels="input",
        facts={"activation": "sigmoid"},
        aliases=["reconstruction_bce"],
        tags=["autoencoder"],
    )
