"""What components declare for the checks, held against what they do."""

import keras
import numpy as np
import pytest

import hornbook

ACTIVATIONS = [entry for entry in hornbook.components("activation") if "range" in entry.component.facts]
TOLD_BY = ("output_activation", "output_units", "outputs_of", "threshold")


@pytest.mark.parametrize("entry", ACTIVATIONS, ids=lambda entry: entry.name)
def test_an_activation_stays_within_its_range_and_uses_it(entry):
    least, most = entry.component.facts["range"]
    rows = np.linspace(-40, 40, 801, dtype="float32")[:, None] * np.array([[1, -1]], "float32")
    given = keras.ops.convert_to_numpy(hornbook.get("activation", entry.full_name)(rows))
    if least is not None:
        assert given.min() >= least - 1e-6
        assert given.min() == pytest.approx(least, abs=0.05)
    else:
        assert given.min() < -1
    if most is not None:
        assert given.max() <= most + 1e-6
        assert given.max() == pytest.approx(most, abs=0.05)
    else:
        assert given.max() > 1


def test_what_is_told_by_a_parameter_is_told_by_one_that_there_is():
    told = [
        (entry.full_name, value, entry.component.parameters)
        for entry in hornbook.components()
        for name, value in entry.component.facts.items()
        if name in TOLD_BY
    ]
    assert len(told) > 30
    assert [(name, value) for name, value, parameters in told if value not in parameters] == []


@pytest.mark.parametrize("name", ["flatten", "reshape", "identity"])
def test_a_layer_that_keeps_values_keeps_them(name):
    parameters = {"target_shape": [6]} if name == "reshape" else {}
    given = np.arange(12, dtype="float32").reshape(2, 2, 3)
    kept = keras.ops.convert_to_numpy(hornbook.get("layer", name, **parameters)(given))
    assert kept.ravel().tolist() == given.ravel().tolist()
