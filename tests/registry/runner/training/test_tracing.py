"""How often TensorFlow goes through a training step to make a graph of it."""

import keras
import pytest

import hornbook


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="only TensorFlow traces")
def test_a_step_is_traced_once(monkeypatch):
    traced = []
    step = keras.Model.train_step

    def counted(self, *arguments):
        traced.append(1)
        return step(self, *arguments)

    monkeypatch.setattr(keras.Model, "train_step", counted)
    done = hornbook.run("iris", ["training.epochs=2", "~expect"], tracking=False)
    assert done.outcome == "finished"
    assert len(traced) == 1
