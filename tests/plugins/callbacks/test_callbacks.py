"""Callbacks by name: what they do to a training run, and that they go on where another left off."""

from typing import Any

import keras
import numpy as np
import pytest

import hornbook
from hornbook import HornbookError

CALLBACKS = [entry for entry in hornbook.components("callback") if entry.plugin == "callbacks"]
X = np.linspace(-1, 1, 16, dtype="float32")[:, None]


def model(**optimizer: Any) -> keras.Model:
    line = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])
    line.set_weights([np.zeros((1, 1))])
    line.compile(keras.optimizers.SGD(**{"learning_rate": 0.1, **optimizer}), "mse")
    return line


def follow(callback: keras.callbacks.Callback, losses: list[float], line: keras.Model, first: int = 0) -> int:
    """Show a callback the losses of epochs, until it stops training; the last epoch that it saw."""
    line.stop_training = False
    for epoch, loss in enumerate(losses, first):
        callback.on_epoch_end(epoch, {"val_loss": loss})
        if line.stop_training:
            return epoch
    return first + len(losses) - 1


def begun(name: str, line: keras.Model, **parameters: Any) -> keras.callbacks.Callback:
    callback = hornbook.get("callback", name, **parameters)
    callback.set_model(line)
    callback.on_train_begin()
    return callback


@pytest.mark.parametrize("entry", CALLBACKS, ids=lambda entry: entry.name)
def test_builds_under_each_name(entry: Any) -> None:
    for name in (entry.full_name, entry.name, *entry.component.aliases):
        assert isinstance(hornbook.get("callback", name), keras.callbacks.Callback)


def test_early_stopping_waits_for_its_patience() -> None:
    line = model()
    stop = begun("early_stopping", line, patience=2, min_delta=0.1)
    assert follow(stop, [1.0, 0.8, 0.75, 0.72, 0.1], line) == 3


def test_early_stopping_restores_the_best_weights() -> None:
    line = model()
    stop = begun("early_stopping", line, patience=1, restore_best_weights=True)
    for epoch, loss in enumerate([3.0, 1.0, 2.0]):
        line.set_weights([np.full((1, 1), epoch)])
        stop.on_epoch_end(epoch, {"val_loss": loss})
    stop.on_train_end()
    assert line.get_weights()[0] == 1.0


def test_reduce_on_plateau_lowers_the_rate_to_its_floor() -> None:
    line = model()
    reduce = begun("reduce_on_plateau", line, factor=0.1, patience=1, min_lr=0.005)
    follow(reduce, [1.0, 1.0], line)
    assert float(line.optimizer.learning_rate) == pytest.approx(0.01)
    follow(reduce, [1.0, 1.0], line)
    assert float(line.optimizer.learning_rate) == pytest.approx(0.005)


@pytest.mark.parametrize("interrupted", [1, 2, 3, 4])
def test_early_stopping_goes_on_where_it_was(interrupted: int) -> None:
    """Differences just under `min_delta`: were its sign turned again, they would count as improvements."""
    losses = [1.0, 0.95, 0.94, 0.93, 0.92, 0.91]
    settings = {"patience": 4, "min_delta": 0.1, "restore_best_weights": True}
    line = model()
    straight = follow(begun("early_stopping", line, **settings), losses, line)
    first = begun("early_stopping", line, **settings)
    follow(first, losses[:interrupted], line)
    second = begun("early_stopping", line, **settings)
    second.set_state(first.get_state())
    assert follow(second, losses[interrupted:], line, first=interrupted) == straight == 4


@pytest.mark.parametrize("interrupted", [1, 2, 3])
def test_reduce_on_plateau_goes_on_where_it_was(interrupted: int) -> None:
    losses = [1.0, 0.95, 0.94, 0.93]
    settings = {"patience": 3, "min_delta": 0.1, "factor": 0.5}
    line = model()
    first = begun("reduce_on_plateau", line, **settings)
    follow(first, losses[:interrupted], line)
    assert float(line.optimizer.learning_rate) == pytest.approx(0.1)
    second = begun("reduce_on_plateau", line, **settings)
    second.set_state(first.get_state())
    follow(second, losses[interrupted:], line, first=interrupted)
    assert float(line.optimizer.learning_rate) == pytest.approx(0.05)


def test_terminate_on_nan_stops_at_the_batch() -> None:
    line = model(learning_rate=float("inf"))
    stop = hornbook.get("callback", "terminate_on_nan")
    history = line.fit(X, X, batch_size=4, epochs=5, verbose=0, callbacks=[stop])
    assert len(history.epoch) == 1
    assert int(line.optimizer.iterations) < 4


def test_swap_ema_weights_validates_with_the_average() -> None:
    line = model(use_ema=True, ema_momentum=0.5)
    seen = []

    class Look(keras.callbacks.Callback):
        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            weights = keras.ops.convert_to_numpy(self.model.layers[0].kernel)
            average = keras.ops.convert_to_numpy(self.model.optimizer._model_variables_moving_average[0])
            errors = [float(((kernel - 1) ** 2 * X**2).mean()) for kernel in (weights, average)]
            seen.append((logs["val_loss"], *errors))

    swap = hornbook.get("callback", "swap_ema_weights")
    line.fit(X, X, batch_size=4, epochs=2, verbose=0, validation_data=(X, X), callbacks=[swap, Look()])
    for measured, with_weights, with_average in seen:
        assert measured == pytest.approx(with_average, rel=1e-3)
        assert measured != pytest.approx(with_weights, rel=1e-3)


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("early_stopping", {"mode": "best"}),
        ("early_stopping", {"patience": -1}),
        ("reduce_on_plateau", {"factor": 2}),
        ("reduce_on_plateau", {"patiance": 3}),
        ("reduce_on_plateau", {"baseline": 0.1}),
        ("swap_ema_weights", {"swap_on_epoch": True}),
    ],
)
def test_refuses_what_makes_no_sense(name: str, wrong: dict[str, Any]) -> None:
    with pytest.raises(HornbookError, match=next(iter(wrong))):
        hornbook.get("callback", name, **wrong)


@pytest.mark.parametrize(
    "name", ["model_checkpoint", "csv_logger", "tensorboard", "remote_monitor", "lambda"]
)
def test_what_would_write_elsewhere_or_run_code_is_not_offered(name: str) -> None:
    assert name not in [entry.name for entry in hornbook.components("callback")]
