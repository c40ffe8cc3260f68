"""What callbacks have learnt, given back to callbacks that begin anew."""

import keras
import pytest

from hornbook.runner.checkpoints.callback_state import callback_state, set_callback_state, unkept

LOSSES = [1.0, 0.9, 0.85, 0.84, 0.83, 0.825, 0.7]


def watching(make):
    """A callback as it is before the first epoch of a training."""
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    callback = make()
    callback.set_model(model)
    callback.on_train_begin()
    return callback


def seen(callback, losses, first=0):
    """What it has come to after each epoch."""
    states = []
    for epoch, loss in enumerate(losses, first):
        callback.on_epoch_end(epoch, {"loss": loss})
        states.append((callback.wait, callback.best, callback.min_delta))
    return states


@pytest.mark.parametrize(
    "make",
    [
        lambda: keras.callbacks.EarlyStopping("loss", min_delta=0.03, patience=9),
        lambda: keras.callbacks.ReduceLROnPlateau("loss", min_delta=0.03, patience=9),
    ],
    ids=["early stopping", "plateau"],
)
@pytest.mark.parametrize("at", [1, 3, 5])
def test_keras_own_monitors_go_on_as_if_they_had_never_stopped(make, at):
    whole, first, second = watching(make), watching(make), watching(make)
    states, arrays = seen(whole, LOSSES), {}
    seen(first, LOSSES[:at])
    set_callback_state(second, callback_state(first, "0", arrays), arrays)
    assert seen(second, LOSSES[at:], at) == states[at:]


class Speaking(keras.callbacks.Callback):
    """Says itself what its state is."""

    def __init__(self, **state):
        super().__init__()
        self.state = state

    def get_state(self):
        return self.state

    def set_state(self, state):
        self.state = state


def test_a_callback_that_speaks_for_itself_is_given_back_what_it_said():
    arrays, second = {}, Speaking()
    set_callback_state(
        second, callback_state(Speaking(best=(1, [2.5]), seen={"a": None}), "0", arrays), arrays
    )
    assert second.state == {"best": (1, [2.5]), "seen": {"a": None}}


@pytest.mark.parametrize("odd", [{1, 2}, {3: "three"}, object()])
def test_what_it_says_is_kept_whole_or_not_at_all_and_that_is_named(odd):
    first, second = Speaking(best=1, odd=odd), Speaking(best=0)
    assert list(unkept([first, second])) == ["Speaking (odd)"]
    set_callback_state(second, callback_state(first, "0", {}), {})
    assert second.state == {"best": 0}


def test_what_learns_is_named_though_it_can_be_called():
    callback = keras.callbacks.LambdaCallback(on_epoch_end=print)
    callback.kind, callback.rate = keras.metrics.Mean, keras.optimizers.schedules.CosineDecay(0.1, 10)
    assert list(unkept([callback])) == []
    callback.mean, callback.unbuilt = keras.metrics.Mean(), keras.layers.Dense(1)
    callback.count, callback.shadow = keras.ops.ones(2), [keras.Variable(1.0)]
    assert list(unkept([callback])) == ["LambdaCallback (mean, unbuilt, shadow)"]
    assert callback_state(callback, "0", arrays := {}).keys() == {"count"}
    assert [array.tolist() for array in arrays.values()] == [[1.0, 1.0]]


def test_a_variable_is_kept_for_a_callback_that_speaks_for_itself():
    arrays, second = {}, Speaking()
    set_callback_state(second, callback_state(Speaking(shadow=[keras.Variable(1.5)]), "0", arrays), arrays)
    assert second.state == {"shadow": [1.5]}
