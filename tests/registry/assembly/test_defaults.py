"""Over the whole catalog: the defaults that are told are those that the constructors take.

A frozen recipe writes every default out. Read where a default has changed, it must still build what it
built: so building with everything written out must give what building with nothing gives.
"""

from dataclasses import replace

import pytest

import hornbook
from hornbook.assembly.build import build
from hornbook.catalog import catalog
from hornbook.discovery.plugin import OFFICIAL
from hornbook.recipes.binding import Binder
from hornbook.recipes.document import node
from hornbook.recipes.use import Use

DENSE = {"use": "layer:dense", "units": 2, "name": "inner"}
CELL = {"use": "layer:lstm_cell", "units": 2, "name": "inner"}
FLIP = {"use": "augmenter:random_flip", "name": "inner"}

# A value for each parameter that some component needs.
NEEDED = {
    "activation": "relu",
    "axes": 1,
    "boundaries": [10],
    "branches": [[DENSE], [{**DENSE, "name": "other"}]],
    "cell": CELL,
    "cells": [CELL],
    "decay_rate": 0.5,
    "decay_steps": 10,
    "dims": [1],
    "equation": "ab,bc->ac",
    "factor": 0.5,
    "filters": 2,
    "first_decay_steps": 10,
    "head_dim": 2,
    "height": 4,
    "height_factor": 0.1,
    "initial_learning_rate": 0.1,
    "inner_optimizer": {"use": "adam", "name": "inner"},
    "input_dim": 3,
    "kernel_size": 3,
    "key_dim": 2,
    "layer": DENSE,
    "layers": [DENSE],
    "length": 2,
    "max_learning_rate": 0.1,
    "monitor": "loss",
    "n": 2,
    "num_bins": 3,
    "num_heads": 2,
    "num_key_value_heads": 2,
    "num_query_heads": 2,
    "output_dim": 2,
    "output_shape": 2,
    "output_size": 2,
    "precision": 0.5,
    "rate": 0.5,
    "recall": 0.5,
    "scale": 0.5,
    "schedule": {"use": "scheduler:constant", "value": 0.1},
    "sensitivity": 0.5,
    "specificity": 0.5,
    "stddev": 0.1,
    "target_class_ids": [0],
    "target_shape": [2],
    "times": 2,
    "units": 2,
    "value": 0.1,
    "values": [0.1, 0.01],
    "width": 4,
    "width_factor": 0.1,
}
# What only some components need, or need otherwise.
OF_ONE = {
    ("augmenter", "pipeline"): {"layers": [FLIP]},
    ("augmenter", "random_apply"): {"layer": FLIP},
    ("augmenter", "random_choice"): {"layers": [FLIP]},
    ("augmenter", "random_posterization"): {"factor": 4},
    ("layer", "bidirectional"): {"layer": {"use": "layer:lstm", "units": 2, "name": "inner"}},
    ("layer", "category_encoding"): {"num_tokens": 3},
    ("layer", "discretization"): {"num_bins": 3},
}
FACTS = {
    "data.classes": 3,
    "data.labels": "one_hot",
    "data.outputs": 3,
    "data.shape": (4,),
    "data.value_range": (0.0, 1.0),
    "loss.activation": "softmax",
    "loss.from_logits": False,
    "training.epochs": 5,
    "training.steps_per_epoch": 20,
    "training.total_steps": 100,
}
KINDS = (
    "loss",
    "optimizer",
    "scheduler",
    "augmenter",
    "layer",
    "metric",
    "initializer",
    "regularizer",
    "constraint",
    "callback",
)


def _use(entry):
    component = entry.component
    needed = {name for name, parameter in component.parameters.items() if parameter.required}
    needed -= component.provided.keys()
    given = {name: NEEDED[name] for name in needed} | OF_ONE.get((entry.kind, entry.name), {})
    binder = Binder(catalog())
    use = binder.use(entry.kind, node({"use": entry.full_name, **given}), entry.kind)
    assert binder.problems == [], entry.full_name
    return use


def _written_out(value):
    """The same with every parameter handed over, the constructors' own defaults too."""
    if isinstance(value, Use) and value.entry.kind != "activation":  # a function, not built
        inner = {name: _written_out(one) for name, one in value.parameters.items()}
        return replace(value, parameters=inner, defaults={})
    if isinstance(value, list):
        return [_written_out(one) for one in value]
    return value


def _config(made):
    if hasattr(made, "get_config"):
        return _comparable(made.get_config())
    return _comparable({name: value for name, value in vars(made).items() if not name.startswith("_")})


def _comparable(config):
    """Less the numbers that Keras counts names with, and `autocast`, told only where it was given."""
    if isinstance(config, dict):
        return {
            name: _comparable(value) for name, value in config.items() if name not in ("name", "autocast")
        }
    if isinstance(config, (list, tuple)):
        return [_comparable(value) for value in config]
    return config if isinstance(config, (bool, int, float, str, type(None))) else repr(config)


@pytest.mark.parametrize("kind", KINDS)
def test_defaults_written_out_build_what_defaults_left_out_build(kind):
    entries = [entry for entry in hornbook.components(kind) if entry.plugin in OFFICIAL]
    assert len(entries) >= 4
    differing = {}
    for entry in entries:
        use = _use(entry)
        left_out, written_out = _config(build(use, FACTS)), _config(build(_written_out(use), FACTS))
        names = sorted(left_out.keys() | written_out.keys())
        if different := [name for name in names if left_out.get(name) != written_out.get(name)]:
            differing[entry.full_name] = {
                name: (left_out.get(name), written_out.get(name)) for name in different
            }
    assert differing == {}
