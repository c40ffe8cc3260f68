"""Sweeps of a recipe that takes next to no time, on JAX, which workers import sooner than TensorFlow."""

import os
from pathlib import Path

import pytest

RECIPE = """
recipe: 1
name: small
seed: 5
data: {use: iris, validation: 0.2}
model:
  - {use: dense, units: 8, activation: relu}
  - {use: dropout, rate: 0.3}
  - {use: dense, name: head, units: 3, activation: softmax}
loss: sparse_categorical_crossentropy
metrics: [accuracy]
training: {epochs: 3, batch_size: 16}
"""


@pytest.fixture
def small(tmp_path):
    """The recipe's file, in the working directory."""
    file = tmp_path / "small.yaml"
    file.write_text(RECIPE)
    return file


@pytest.fixture
def on_jax(monkeypatch):
    """Has workers compute with JAX, whatever this process does."""
    monkeypatch.setenv("KERAS_BACKEND", "jax")


@pytest.fixture(scope="session")
def workers():
    """Gives the process ids of the workers that a process has started."""

    def of(parent=None):
        return [
            int(process.name)
            for process in Path("/proc").iterdir()
            if process.name.isdecimal() and _is_worker(process, parent or os.getpid())
        ]

    return of


def _is_worker(process, parent):
    try:
        started_by = (process / "stat").read_text().rpartition(")")[2].split()[1]
        return started_by == str(parent) and b"hornbook.sweeps.worker" in (process / "cmdline").read_bytes()
    except OSError:
        return False
