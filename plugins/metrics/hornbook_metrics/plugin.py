"""What hornbook-metrics contributes: the metrics of Keras, and the accuracy that the labels ask for.

Where a metric works on one form of labels only, its declaration says so. Those that compare labels and
predictions column by column, whatever the columns mean, name no form.
"""

from collections.abc import Iterable, Iterator

from hornbook import Component, Parameter, declare, hookimpl

_SHARE = Parameter(minimum=0, maximum=1)
_COUNT = Parameter(minimum=1)
_LOGITS = {"from_logits": "loss.from_logits"}
_CLASSES = {"num_classes": "data.classes"}

_COLUMNS = ["one_hot", "binary", "signed", "real", "input"]
"""The forms of labels that have the columns of the predictions."""
_ANSWERS = ["one_hot", "binary"]
"""Those of them whose columns are 0 or 1."""


@hookimpl
def hornbook_components() -> Iterable[Component]:
    """Yield the metrics."""
    yield from _accuracies()
    yield from _yes_or_no()
    yield from _overlaps()
    yield from _losses()
    yield from _errors()


def _accuracies() -> Iterator[Component]:
    """How often predictions are right."""
    yield declare.metric(
        "accuracy",
        "hornbook_metrics.accuracy:accuracy",
        provided={"labels": "data.labels", **_LOGITS},
        facts={"labels": ["one_hot", "integer", "binary", "signed"]},
        aliases=["acc"],
        tags=["classification"],
    )
    yield declare.metric(
        "binary_accuracy",
        "keras.metrics:BinaryAccuracy",
        labels="binary",
        facts={"threshold": "threshold"},
        tags=["classification"],
    )
    yield declare.metric(
        "categorical_accuracy",
        "keras.metrics:CategoricalAccuracy",
        labels="one_hot",
        tags=["classification"],
    )
    yield declare.metric(
        "sparse_categorical_accuracy",
        "keras.metrics:SparseCategoricalAccuracy",
        labels="integer",
        aliases=["sparse_accuracy"],
        tags=["classification"],
    )
    yield declare.metric(
        "sign_accuracy",
        "hornbook_metrics.sign_accuracy:SignAccuracy",
        labels="signed",
        tags=["classification", "margin"],
    )
    yield declare.metric(
        "top_k_categorical_accuracy",
        "keras.metrics:TopKCategoricalAccuracy",
        parameters={"k": _COUNT},
        labels="one_hot",
        aliases=["top_k"],
        tags=["classification"],
    )
    yield declare.metric(
        "sparse_top_k_categorical_accuracy",
        "hornbook_metrics.full_config:SparseTopKCategoricalAccuracy",
        parameters={"k": _COUNT},
        labels="integer",
        aliases=["sparse_top_k"],
        tags=["classification"],
    )
    yield declare.metric(
        "exact_accuracy",
        "keras.metrics:Accuracy",
        summary="Calculates how often predictions equal labels exactly, as numbers.",
    )


def _yes_or_no() -> Iterator[Component]:
    """Metrics on answers of yes and no: 0/1 labels in one column, or in one column a class."""
    for name, attribute in (
        ("true_positives", "TruePositives"),
        ("true_negatives", "TrueNegatives"),
        ("false_positives", "FalsePositives"),
        ("false_negatives", "FalseNegatives"),
        ("precision", "Precision"),
        ("recall", "Recall"),
    ):
        yield declare.metric(
            name,
            f"keras.metrics:{attribute}",
            facts={"labels": _ANSWERS, "threshold": "thresholds"},
            tags=["classification", "imbalance"],
        )
    for name, attribute, at in (
        ("precision_at_recall", "PrecisionAtRecall", "recall"),
        ("recall_at_precision", "RecallAtPrecision", "precision"),
        ("sensitivity_at_specificity", "SensitivityAtSpecificity", "specificity"),
        ("specificity_at_sensitivity", "SpecificityAtSensitivity", "sensitivity"),
    ):
        yield declare.metric(
            name,
            f"keras.metrics:{attribute}",
            parameters={at: _SHARE, "num_thresholds": _COUNT},
            facts={"labels": _ANSWERS, "probabilities": True},
            tags=["classification", "imbalance"],
        )
    yield declare.metric(
        "auc",
        "hornbook_metrics.auc:auc",
        provided={"labels": "data.labels", **_LOGITS},
        parameters={
            "num_thresholds": Parameter(minimum=2),
            "curve": Parameter(choices=("ROC", "PR")),
            "summation_method": Parameter(choices=("interpolation", "minoring", "majoring")),
        },
        facts={"labels": _ANSWERS},
        tags=["classification", "imbalance", "ranking"],
    )
    averages = {"average": Parameter(choices=("macro", "micro", "weighted"))}
    yield declare.metric(
        "f1_score",
        "hornbook_metrics.f_score:f1_score",
        provided={"labels": "data.labels", **_LOGITS},
        parameters={**averages, "threshold": _SHARE},
        facts={"labels": _ANSWERS},
        aliases=["f1"],
        tags=["classification", "imbalance"],
    )
    yield declare.metric(
        "fbeta_score",
        "hornbook_metrics.f_score:fbeta_score",
        provided={"labels": "data.labels", **_LOGITS},
        parameters={**averages, "threshold": _SHARE, "beta": Parameter(minimum=0)},
        facts={"labels": _ANSWERS},
        aliases=["fbeta"],
        tags=["classification", "imbalance"],
    )


def _overlaps() -> Iterator[Component]:
    """Intersection over union. Models answer with one column a class, so that is what is preset."""
    columns = {"sparse_y_pred": False}
    yield declare.metric(
        "iou",
        "keras.metrics:IoU",
        defaults=columns,
        provided=_CLASSES,
        labels="integer",
        tags=["segmentation"],
    )
    yield declare.metric(
        "mean_iou",
        "keras.metrics:MeanIoU",
        defaults=columns,
        provided=_CLASSES,
        labels="integer",
        tags=["segmentation"],
    )
    yield declare.metric(
        "one_hot_iou", "keras.metrics:OneHotIoU", provided=_CLASSES, labels="one_hot", tags=["segmentation"]
    )
    yield declare.metric(
        "one_hot_mean_iou",
        "keras.metrics:OneHotMeanIoU",
        provided=_CLASSES,
        labels="one_hot",
        tags=["segmentation"],
    )
    yield declare.metric(
        "binary_iou",
        "keras.metrics:BinaryIoU",
        labels="binary",
        facts={"threshold": "threshold"},
        tags=["segmentation"],
    )


def _losses() -> Iterator[Component]:
    """Losses of classification, measured beside the loss that is trained on."""
    yield declare.metric(
        "categorical_crossentropy",
        "keras.metrics:CategoricalCrossentropy",
        provided=_LOGITS,
        labels="one_hot",
        aliases=["ce"],
        tags=["classification"],
    )
    yield declare.metric(
        "sparse_categorical_crossentropy",
        "keras.metrics:SparseCategoricalCrossentropy",
        provided=_LOGITS,
        labels="integer",
        aliases=["sparse_ce"],
        tags=["classification"],
    )
    yield declare.metric(
        "binary_crossentropy",
        "keras.metrics:BinaryCrossentropy",
        provided=_LOGITS,
        labels="binary",
        aliases=["bce"],
        tags=["classification"],
    )
    yield declare.metric(
        "kl_divergence",
        "keras.metrics:KLDivergence",
        labels="one_hot",
        facts={"probabilities": True},
        aliases=["kl"],
        tags=["classification", "distribution"],
    )
    margin = ["classification", "margin"]
    yield declare.metric("hinge", "keras.metrics:Hinge", labels="signed", tags=margin)
    yield declare.metric("squared_hinge", "keras.metrics:SquaredHinge", labels="signed", tags=margin)
    yield declare.metric("categorical_hinge", "keras.metrics:CategoricalHinge", labels="one_hot", tags=margin)


def _errors() -> Iterator[Component]:
    """How far predictions are from labels, column by column."""
    for name, attribute, alias in (
        ("mse", "MeanSquaredError", "mean_squared_error"),
        ("rmse", "RootMeanSquaredError", "root_mean_squared_error"),
        ("mae", "MeanAbsoluteError", "mean_absolute_error"),
        ("mape", "MeanAbsolutePercentageError", "mean_absolute_percentage_error"),
        ("msle", "MeanSquaredLogarithmicError", "mean_squared_logarithmic_error"),
        ("log_cosh", "LogCoshError", "log_cosh_error"),
    ):
        yield declare.metric(
            name,
            f"keras.metrics:{attribute}",
            facts={"labels": _COLUMNS},
            aliases=[alias],
            tags=["regression"],
        )
    columns = {"labels": _COLUMNS}
    yield declare.metric("poisson", "keras.metrics:Poisson", facts=columns, tags=["regression", "counts"])
    yield declare.metric(
        "cosine_similarity",
        "hornbook_metrics.full_config:CosineSimilarity",
        facts=columns,
        tags=["embedding"],
    )
    yield declare.metric(
        "r2_score", "keras.metrics:R2Score", labels="real", aliases=["r2"], tags=["regression"]
    )
    yield declare.metric(
        "pearson_correlation",
        "keras.metrics:PearsonCorrelation",
        summary="Pearson's correlation over the outputs of each example: for two outputs or more.",
        labels="real",
        reference="Pearson 1895",
        tags=["regression"],
    )
    yield declare.metric(
        "concordance_correlation",
        "keras.metrics:ConcordanceCorrelation",
        summary="Lin's concordance over the outputs of each example: for two outputs or more.",
        labels="real",
        reference="Lin 1989",
        tags=["regression"],
    )
