"""Every layer, activation, initializer, regularizer and constraint can be had by name."""

import importlib
import inspect

import keras
import pytest

import hornbook
from hornbook_layers.plugin import hornbook_components

DENSE = {"use": "dense", "units": 2}
CELL = {"use": "gru_cell", "units": 2}
CONVOLUTION = {"filters": 2, "kernel_size": 3}

REQUIRED = {
    "activation": {"activation": "relu"},
    "attention": {},
    "bidirectional": {
        "layer": {"use": "lstm", "units": 2},
        "backward_layer": {"use": "lstm", "units": 2, "go_backwards": True},
    },
    "category_encoding": {"num_tokens": 3},
    "center_crop": {"height": 2, "width": 2},
    "chain": {"layers": [DENSE]},
    "discretization": {"num_bins": 3},
    "dot": {"axes": 1},
    "einsum_dense": {"equation": "ab,bc->ac", "output_shape": 2},
    "embedding": {"input_dim": 3, "output_dim": 2},
    "gaussian_noise": {"stddev": 0.1},
    "group_query_attention": {"head_dim": 2, "num_query_heads": 2, "num_key_value_heads": 1},
    "hashed_crossing": {"num_bins": 3},
    "hashing": {"num_bins": 3},
    "multi_head_attention": {"num_heads": 2, "key_dim": 2},
    "parallel": {"branches": [DENSE, [DENSE, "relu"]]},
    "permute": {"dims": [2, 1]},
    "repeat": {"layers": [DENSE], "times": 2},
    "repeat_vector": {"n": 2},
    "rescaling": {"scale": 0.5},
    "reshape": {"target_shape": [2, 2]},
    "residual": {"layers": [DENSE], "shortcut": [DENSE]},
    "resizing": {"height": 2, "width": 2},
    "reversible_embedding": {"input_dim": 3, "output_dim": 2},
    "rnn": {"cell": CELL},
    "self_attention": {"num_heads": 2, "key_dim": 2},
    "spectral_normalization": {"layer": DENSE},
    "stacked_rnn_cells": {"cells": [CELL, CELL]},
    "time_distributed": {"layer": DENSE},
}
FAMILIES = {
    "adaptive_": {"output_size": 2},
    "conv": CONVOLUTION,
    "depthwise_conv": {"kernel_size": 3},
    "separable_conv": CONVOLUTION,
    "dropout": {"rate": 0.5},
    "alpha_dropout": {"rate": 0.5},
    "gaussian_dropout": {"rate": 0.5},
    "spatial_dropout": {"rate": 0.5},
}
WITH_UNITS = ("dense", "maxout", "simple_rnn", "gru", "lstm", "simple_rnn_cell", "gru_cell", "lstm_cell")


DECLARED = {(component.kind, component.name): component for component in hornbook_components()}


def required(name):
    if name in WITH_UNITS:
        return {"units": 2}
    family = next((parameters for start, parameters in FAMILIES.items() if name.startswith(start)), {})
    return REQUIRED.get(name, family)


def offered(kind):
    entries = [entry for entry in hornbook.components(kind) if entry.plugin == "layers"]
    assert entries
    return [
        entry
        for entry in entries
        if keras.backend.backend() in (entry.component.backends or [keras.backend.backend()])
    ]


def test_every_layer_is_made_and_round_trips_through_its_configuration():
    for entry in offered("layer"):
        layer = hornbook.get("layer", entry.full_name, **required(entry.name))
        assert isinstance(layer, keras.layers.Layer), entry.name
        again = type(layer).from_config(layer.get_config())
        assert again.get_config() == layer.get_config(), entry.name


@pytest.mark.parametrize("kind", ["initializer", "regularizer", "constraint"])
def test_every_other_component_is_made_and_round_trips(kind):
    family = getattr(keras, f"{kind}s")
    for entry in offered(kind):
        made = hornbook.get(kind, entry.full_name)
        assert isinstance(made, getattr(family, kind.capitalize())), entry.name
        assert type(family.deserialize(family.serialize(made))) is type(made)


def test_every_activation_survives_saving_by_name():
    for entry in offered("activation"):
        function = hornbook.get("activation", entry.full_name)
        assert keras.activations.get(keras.activations.serialize(function)) is function, entry.name


def test_what_is_declared_of_parameters_speaks_of_the_constructors_own():
    for kind in ("layer", "initializer", "regularizer"):
        for entry in offered(kind):
            module, _, attribute = entry.component.target.partition(":")
            target = getattr(importlib.import_module(module), attribute)
            taken = inspect.signature(target).parameters
            assert DECLARED[kind, entry.name].parameters.keys() <= taken.keys(), entry.name


@pytest.mark.parametrize(
    ("kind", "alias", "name"),
    [
        ("layer", "max_pool2d", "max_pooling2d"),
        ("layer", "avg_pool1d", "average_pooling1d"),
        ("layer", "global_avg_pool2d", "global_average_pooling2d"),
        ("layer", "batch_norm", "batch_normalization"),
        ("layer", "instance_norm", "instance_normalization"),
        ("activation", "swish", "silu"),
        ("activation", "identity", "linear"),
        ("initializer", "xavier", "glorot_uniform"),
        ("initializer", "xavier_uniform", "glorot_uniform"),
        ("initializer", "xavier_normal", "glorot_normal"),
        ("initializer", "he", "he_normal"),
        ("initializer", "kaiming_uniform", "he_uniform"),
        ("regularizer", "orthogonal_regularizer", "orthogonal"),
    ],
)
def test_an_alias_means_the_same(kind, alias, name):
    ours, theirs = hornbook.get(kind, alias), hornbook.get(kind, name)
    assert ours is theirs if kind == "activation" else type(ours) is type(theirs)


def test_average_pooling_halves_when_no_size_is_given():
    assert hornbook.get("layer", "average_pooling2d").compute_output_shape((None, 8, 8, 3)) == (None, 4, 4, 3)
