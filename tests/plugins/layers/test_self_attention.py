"""Self-attention against scaled dot products, written with numpy."""

import keras
import numpy as np
import pytest

import hornbook


def numpy(tensor):
    return keras.ops.convert_to_numpy(tensor)


def attend(layer, inputs, causal):
    weights = {weight.path.rsplit("/", 2)[-2]: numpy(weight) for weight in layer.weights}
    query, key, value = (
        np.einsum("btf,fhd->bhtd", inputs, weights[name]) for name in ("query", "key", "value")
    )
    scores = query @ key.swapaxes(-1, -2) / np.sqrt(query.shape[-1])
    if causal:
        scores = np.where(np.tril(np.ones(scores.shape[-2:])), scores, -np.inf)
    shares = np.exp(scores - scores.max(-1, keepdims=True))
    shares /= shares.sum(-1, keepdims=True)
    return np.einsum("bhtd,hdf->btf", shares @ value, weights["attention_output"])


@pytest.mark.parametrize("causal", [False, True])
def test_self_attention_follows_the_formula(causal):
    inputs = np.random.default_rng(0).normal(size=(2, 5, 6)).astype("float32")
    layer = hornbook.get("layer", "self_attention", num_heads=3, key_dim=4, use_bias=False, causal=causal)
    outputs = numpy(layer(inputs))
    np.testing.assert_allclose(outputs, attend(layer, inputs, causal), rtol=1e-3, atol=1e-4)


def test_masked_positions_are_not_attended_to():
    embedding = keras.layers.Embedding(9, 6, mask_zero=True)
    layer = hornbook.get("layer", "self_attention", num_heads=2, key_dim=4)
    padded = numpy(layer(embedding(np.array([[1, 2, 0, 0]]))))
    alone = numpy(layer(embedding(np.array([[1, 2]]))))
    np.testing.assert_allclose(padded[:, :2], alone, rtol=1e-4, atol=1e-5)
