"""Keras' own layers, family by family.

Left out, because a recipe is plain data: layers that wrap code (`Lambda`, `FlaxLayer`, `JaxLayer`,
`TorchModuleWrapper`, `TFSMLayer`), base classes (`Layer`, `Wrapper`), what models are fed through
(`Input`, `InputLayer`, `InputSpec`), and `Pipeline`, whose part `chain` plays. What changes images for
training is an augmenter.
"""

from collections.abc import Iterator
from typing import Unpack

from hornbook import Component, Parameter, declare
from hornbook.declare import Details

RANKS = (1, 2, 3)
UNITS = {"units": Parameter(minimum=1)}
RATE = {"rate": Parameter(minimum=0, maximum=1)}
DROPOUT = {"dropout": Parameter(minimum=0, maximum=1)}
PADDING = {"padding": Parameter(choices=("valid", "same"))}
CAUSAL = {"padding": Parameter(choices=("valid", "same", "causal"))}
FILTERS = {"filters": Parameter(minimum=1)}

# What a layer gives, so that a recipe's last layer can be held against its loss.
DENSE = {"output_activation": "activation", "output_units": "units"}
CONVOLUTION = {"output_activation": "activation", "output_units": "filters"}
ACTIVATED = {"output_activation": "activation"}
VALUES = {"keeps": ["values"]}
SHAPE = {"keeps": ["shape"]}


def layer(name: str, attribute: str, **details: Unpack[Details]) -> Component:
    """Write down the layer that Keras exports under this attribute of `keras.layers`."""
    return declare.layer(name, f"keras.layers:{attribute}", **details)


def keras_layers() -> Iterator[Component]:
    """Every layer of Keras that a recipe can use."""
    yield from core()
    yield from convolutions()
    yield from pooling()
    yield from shapes()
    yield from normalization()
    yield from regularization()
    yield from activations()
    yield from recurrence()
    yield from attention()
    yield from merging()
    yield from preprocessing()


def core() -> Iterator[Component]:
    """Dense layers and embeddings."""
    yield layer("dense", "Dense", parameters=UNITS, facts=DENSE, tags=["fully connected", "linear"])
    yield layer("einsum_dense", "EinsumDense", facts=ACTIVATED, tags=["fully connected"])
    yield layer("embedding", "Embedding", reference="Bengio et al. 2003", tags=["tokens"])
    yield layer(
        "reversible_embedding",
        "ReversibleEmbedding",
        reference="Press & Wolf 2017",
        tags=["tokens", "tied weights"],
    )
    yield layer("masking", "Masking", tags=["tokens"])
    yield layer("identity", "Identity", facts={"keeps": ["values", "shape"]}, tags=["skip"])


def convolutions() -> Iterator[Component]:
    """Convolutions over one, two and three dimensions."""
    for rank in RANKS:
        padding = CAUSAL if rank == 1 else PADDING
        convolution = {**FILTERS, **padding}
        tags = ["convolution"]
        yield layer(
            f"conv{rank}d",
            f"Conv{rank}D",
            parameters=convolution,
            facts=CONVOLUTION,
            reference="LeCun et al. 1998",
            tags=tags,
        )
        yield layer(
            f"conv{rank}d_transpose",
            f"Conv{rank}DTranspose",
            parameters={**FILTERS, **PADDING},
            facts=CONVOLUTION,
            reference="Zeiler et al. 2010",
            tags=["deconvolution"],
        )
        if rank < 3:
            yield layer(
                f"separable_conv{rank}d",
                f"SeparableConv{rank}D",
                parameters=convolution,
                facts=CONVOLUTION,
                reference="Chollet 2017",
                tags=tags,
            )
            yield layer(f"depthwise_conv{rank}d", f"DepthwiseConv{rank}D", parameters=padding, tags=tags)


def pooling() -> Iterator[Component]:
    """Pooling over windows, over a given number of cells, and over everything."""
    for rank in RANKS:
        yield layer(
            f"max_pooling{rank}d", f"MaxPooling{rank}D", parameters=PADDING, aliases=[f"max_pool{rank}d"]
        )
        yield layer(
            f"average_pooling{rank}d",
            f"AveragePooling{rank}D",
            parameters=PADDING,
            defaults={"pool_size": 2},  # as for max pooling; Keras asks for a size
            aliases=[f"avg_pool{rank}d"],
        )
        yield layer(f"adaptive_max_pooling{rank}d", f"AdaptiveMaxPooling{rank}D")
        yield layer(f"adaptive_average_pooling{rank}d", f"AdaptiveAveragePooling{rank}D")
        yield layer(
            f"global_max_pooling{rank}d", f"GlobalMaxPooling{rank}D", aliases=[f"global_max_pool{rank}d"]
        )
        yield layer(
            f"global_average_pooling{rank}d",
            f"GlobalAveragePooling{rank}D",
            aliases=[f"global_avg_pool{rank}d"],
            reference="Lin et al. 2014",
        )


def shapes() -> Iterator[Component]:
    """Layers that rearrange, repeat, pad or cut."""
    yield layer("flatten", "Flatten", facts=VALUES)
    yield layer("reshape", "Reshape", facts=VALUES)
    yield layer("permute", "Permute", tags=["transpose"])
    yield layer("repeat_vector", "RepeatVector")
    for rank in RANKS:
        yield layer(f"cropping{rank}d", f"Cropping{rank}D")
        yield layer(f"up_sampling{rank}d", f"UpSampling{rank}D", tags=["resize"])
        yield layer(f"zero_padding{rank}d", f"ZeroPadding{rank}D")


def normalization() -> Iterator[Component]:
    """Layers that bring activations or weights to a scale."""
    yield layer(
        "batch_normalization", "BatchNormalization", aliases=["batch_norm"], reference="Ioffe & Szegedy 2015"
    )
    yield layer(
        "layer_normalization", "LayerNormalization", aliases=["layer_norm"], reference="Ba et al. 2016"
    )
    yield layer("group_normalization", "GroupNormalization", aliases=["group_norm"], reference="Wu & He 2018")
    yield layer(
        "rms_normalization", "RMSNormalization", aliases=["rms_norm"], reference="Zhang & Sennrich 2019"
    )
    yield layer("unit_normalization", "UnitNormalization", tags=["l2 norm"])
    yield layer("spectral_normalization", "SpectralNormalization", reference="Miyato et al. 2018")


def regularization() -> Iterator[Component]:
    """Layers that do something in training only."""
    yield layer("dropout", "Dropout", parameters=RATE, reference="Srivastava et al. 2014")
    yield layer("alpha_dropout", "AlphaDropout", parameters=RATE, reference="Klambauer et al. 2017")
    yield layer("gaussian_dropout", "GaussianDropout", parameters=RATE, reference="Srivastava et al. 2014")
    for rank in RANKS:
        yield layer(
            f"spatial_dropout{rank}d",
            f"SpatialDropout{rank}D",
            parameters=RATE,
            reference="Tompson et al. 2015",
        )
    yield layer("gaussian_noise", "GaussianNoise", parameters={"stddev": Parameter(minimum=0)})
    yield layer("activity_regularization", "ActivityRegularization", tags=["penalty"])


def activations() -> Iterator[Component]:
    """Activations as layers, for those that have parameters."""
    yield layer("activation", "Activation", facts={**ACTIVATED, **SHAPE})
    yield layer("relu", "ReLU", reference="Nair & Hinton 2010")
    yield layer("leaky_relu", "LeakyReLU", reference="Maas et al. 2013")
    yield layer("prelu", "PReLU", reference="He et al. 2015")
    yield layer("elu", "ELU", reference="Clevert et al. 2016")
    yield layer("softmax", "Softmax", facts={"output_range": [0, 1], **SHAPE}, reference="Bridle 1990")


def recurrence() -> Iterator[Component]:
    """Recurrent layers, their cells, and wrappers over time."""
    for name, attribute, reference in (
        ("simple_rnn", "SimpleRNN", "Elman 1990"),
        ("gru", "GRU", "Cho et al. 2014"),
        ("lstm", "LSTM", "Hochreiter & Schmidhuber 1997"),
    ):
        yield layer(name, attribute, parameters={**UNITS, **DROPOUT}, reference=reference, tags=["recurrent"])
        yield layer(
            f"{name}_cell",
            f"{attribute}Cell",
            parameters={**UNITS, **DROPOUT},
            reference=reference,
            tags=["cell"],
        )
    for rank in RANKS:
        yield layer(
            f"conv_lstm{rank}d",
            f"ConvLSTM{rank}D",
            parameters={**FILTERS, **DROPOUT, **(CAUSAL if rank == 1 else PADDING)},
            reference="Shi et al. 2015",
            tags=["recurrent", "convolution"],
        )
    yield layer("rnn", "RNN", parameters={"cell": Parameter(kind="layer")}, tags=["recurrent"])
    yield layer(
        "stacked_rnn_cells", "StackedRNNCells", parameters={"cells": Parameter(kind="layer")}, tags=["cell"]
    )
    yield layer(
        "bidirectional",
        "Bidirectional",
        parameters={
            "merge_mode": Parameter(choices=("concat", "sum", "mul", "ave")),
            "backward_layer": Parameter(kind="layer"),
        },
        reference="Schuster & Paliwal 1997",
        tags=["recurrent"],
    )
    yield layer("time_distributed", "TimeDistributed")


def attention() -> Iterator[Component]:
    """Attention. Each of these takes several inputs; `self_attention` is the one for a list of layers."""
    yield layer("attention", "Attention", parameters=DROPOUT, reference="Luong et al. 2015")
    yield layer(
        "additive_attention", "AdditiveAttention", parameters=DROPOUT, reference="Bahdanau et al. 2015"
    )
    yield layer(
        "multi_head_attention", "MultiHeadAttention", parameters=DROPOUT, reference="Vaswani et al. 2017"
    )
    yield layer(
        "group_query_attention", "GroupQueryAttention", parameters=DROPOUT, reference="Ainslie et al. 2023"
    )


def merging() -> Iterator[Component]:
    """Layers that make one of several inputs; in a list of layers, use `parallel`."""
    for name in ("add", "subtract", "multiply", "average", "maximum", "minimum", "concatenate", "dot"):
        yield layer(name, name.capitalize(), tags=["several inputs"])


def preprocessing() -> Iterator[Component]:
    """Layers that ready the data, within the model; those that learn from it are adapted before training."""
    yield layer("normalization", "Normalization", tags=["adapt", "standardize"])
    yield layer("discretization", "Discretization", tags=["adapt", "bins"])
    yield layer("category_encoding", "CategoryEncoding", tags=["one hot"])
    yield layer("integer_lookup", "IntegerLookup", tags=["adapt", "vocabulary"])
    yield layer("hashing", "Hashing", tags=["categories"])
    yield layer("hashed_crossing", "HashedCrossing", tags=["categories", "several inputs"])
    yield layer("rescaling", "Rescaling", tags=["images"])
    yield layer("resizing", "Resizing", tags=["images"])
    yield layer("center_crop", "CenterCrop", tags=["images"])
    yield layer("stft_spectrogram", "STFTSpectrogram", tags=["audio"])
    yield layer("mel_spectrogram", "MelSpectrogram", tags=["audio"])
    # Text lives in TensorFlow's string tensors, which the other backends do not have.
    for name, attribute in (("string_lookup", "StringLookup"), ("text_vectorization", "TextVectorization")):
        yield layer(name, attribute, backends=["tensorflow"], tags=["adapt", "vocabulary", "text"])
