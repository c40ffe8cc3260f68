"""What a model says of examples, as reports ask it."""

import keras
import numpy as np
import pytest

from hornbook.dataset import Split
from hornbook.reports import scene
from hornbook.reports.scene import FEW_BATCHES, SMALL_BATCH, predicted


@pytest.fixture(scope="module")
def model() -> keras.Model:
    keras.utils.set_random_seed(3)
    made = keras.Sequential(
        [keras.Input((4,)), keras.layers.Dense(8, "relu"), keras.layers.Dense(3, "softmax")]
    )
    made.compile(loss="categorical_crossentropy")
    return made


@pytest.mark.parametrize("small", [1, SMALL_BATCH])
@pytest.mark.parametrize("batches", [0.5, 1, 1.5, FEW_BATCHES, FEW_BATCHES + 0.5, FEW_BATCHES + 3])
def test_few_batches_and_many_are_predicted_alike(
    model: keras.Model, batches: float, small: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scene, "SMALL_BATCH", small)
    inputs = np.random.default_rng(5).normal(size=(100, 4)).astype("float32")
    rows = np.random.default_rng(6).permutation(100)[: int(8 * batches)]
    given = predicted(model, Split(inputs, None), rows, 8)
    assert given is not None and given.dtype == "float32"
    np.testing.assert_allclose(given, model.predict(inputs[rows], verbose=0), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("inputs", "calls"),
    [
        (np.zeros((32, 4)), 1),
        (np.zeros(32), 1),
        ({"one": np.zeros((32, 2)), "other": np.zeros((32, 1, 2))}, 1),
        (np.zeros((33, 4)), 2),
        (np.zeros((32, 10, SMALL_BATCH // 160)), 2),
        (np.zeros((32, 10, SMALL_BATCH // 10)), 4),
    ],
    ids=["small", "of one number each", "named", "more than four batches", "larger", "large"],
)
def test_batches_are_put_together_while_they_are_small(inputs, calls: int) -> None:
    asked = []

    class Model:
        run_eagerly, predict_function = False, None

        def _flatten_layers(self) -> list[keras.Layer]:
            return []

        def predict_on_batch(self, given) -> np.ndarray:
            asked.append(given)
            return np.zeros((len(given["one"] if isinstance(given, dict) else given), 1), "float32")

    split = Split(inputs, None)
    assert len(predicted(Model(), split, np.arange(len(split)), 8)) == len(split)
    assert len(asked) == calls


def test_a_model_goes_on_being_traced_by_whoever_uses_it_next(model: keras.Model) -> None:
    predicted(model, Split(np.zeros((3, 4), "float32"), None), np.arange(3), 8)
    assert not model.run_eagerly
    assert not np.isnan(model.predict(np.zeros((3, 4)), verbose=0)).any()
