"""The learning rate that is recorded: that of the schedule at the step, however the schedule is asked."""

import keras
import pytest

from hornbook.runner.training.rate import Rate


@keras.saving.register_keras_serializable("tests")
class Stairs(keras.optimizers.schedules.LearningRateSchedule):
    """Looks at its step as at one number, as a plugin's schedule may."""

    asked = 0

    def __call__(self, step):
        self.asked += 1
        return 0.1 if int(step) < 30 else 0.01


class Counted(keras.optimizers.schedules.ExponentialDecay):
    asked = 0

    def __call__(self, step):
        self.asked += 1
        return super().__call__(step)


class Misled(keras.optimizers.schedules.LearningRateSchedule):
    """Takes many steps, and makes of each the rate of the greatest."""

    def __call__(self, step):
        step = keras.ops.cast(step, "float32")
        return step * 0 + 1 / (1 + keras.ops.max(step))


def _read(optimizer, epochs, steps=10):
    """What is recorded after each epoch, and what the optimizer says itself."""
    rate = Rate(optimizer, steps)
    recorded, said = [], []
    for epoch in epochs:
        optimizer.iterations.assign(epoch * steps)
        recorded.append(rate.read())
        said.append(float(keras.ops.convert_to_numpy(optimizer.learning_rate)))
    return recorded, said


@pytest.mark.parametrize(
    "schedule",
    [
        keras.optimizers.schedules.CosineDecay(0.1, 300),
        keras.optimizers.schedules.CosineDecay(0.0, 300, warmup_target=0.1, warmup_steps=50),
        keras.optimizers.schedules.CosineDecayRestarts(0.1, 40),
        keras.optimizers.schedules.PiecewiseConstantDecay([100, 200], [0.1, 0.01, 0.001]),
        Stairs(),
        Misled(),
    ],
    ids=lambda schedule: type(schedule).__name__,
)
def test_it_is_the_rate_of_the_next_step(schedule):
    recorded, said = _read(keras.optimizers.SGD(schedule), range(1, 40))
    assert recorded == pytest.approx(said, rel=1e-5, abs=1e-9)


def test_it_is_the_same_to_the_bit_wherever_a_run_begins():
    schedule = keras.optimizers.schedules.CosineDecay(0.1, 3000)
    whole, _ = _read(keras.optimizers.SGD(schedule), range(1, 300))
    for begin in (7, 255, 256, 280):
        rest, _ = _read(keras.optimizers.SGD(schedule), range(begin + 1, 300))
        assert rest == whole[begin:]


def test_a_schedule_is_asked_once_for_many_epochs():
    schedule = Counted(0.1, 10, 0.99)
    rate = Rate(optimizer := keras.optimizers.SGD(schedule), 10)
    for epoch in range(1, 200):
        optimizer.iterations.assign(epoch * 10)
        rate.read()
    assert schedule.asked == 2  # and once more for the one step, to see that it means the same


def test_a_schedule_that_takes_one_step_at_a_time_is_not_asked_for_many_again():
    schedule = Stairs()
    rate = Rate(keras.optimizers.SGD(schedule), 10)
    for _ in range(20):
        rate.read()
    assert schedule.asked <= 23


def test_a_rate_that_is_a_number_may_be_changed_meanwhile():
    optimizer = keras.optimizers.SGD(0.5)
    rate = Rate(optimizer, 10)
    assert rate.read() == 0.5
    optimizer.learning_rate = 0.25
    assert rate.read() == 0.25


def test_gradients_that_are_gathered_over_steps_change_nothing():
    schedule = keras.optimizers.schedules.CosineDecay(0.1, 300)
    optimizer = keras.optimizers.SGD(schedule, gradient_accumulation_steps=4)
    rate = Rate(optimizer, 10)
    for epoch in range(1, 20):
        optimizer._iterations.assign(epoch * 10)
        assert rate.read() == float(keras.ops.convert_to_numpy(optimizer.learning_rate))
