"""The schedules' values, against their formulas in numpy."""

import math

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hornbook

RATES = st.floats(1e-5, 10.0)
STEPS = np.arange(550)
few = settings(max_examples=25, deadline=None)


def rates(schedule, steps) -> np.ndarray:
    """The learning rates at some steps, each asked for alone as an optimizer does."""
    values = [schedule(keras.ops.convert_to_tensor(int(step), dtype="int32")) for step in steps]
    return np.array([float(keras.ops.convert_to_numpy(value)) for value in values])


def between(first: float, second: float, way: float, anneal: str = "linear") -> float:
    way = way if anneal == "linear" else (1 - math.cos(math.pi * way)) / 2
    return first + (second - first) * way


def test_constant_is_the_same_at_every_step():
    schedule = hornbook.get("scheduler", "constant", value=0.03)
    np.testing.assert_allclose(rates(schedule, [0, 1, 10_000_000]), 0.03, rtol=1e-6)


def test_cosine_annealing_is_half_a_cosine():
    schedule = hornbook.get(
        "scheduler", "cosine_annealing", initial_learning_rate=0.2, total_steps=90, min_learning_rate=0.01
    )
    expected = [0.01 + 0.19 * (1 + math.cos(math.pi * step / 90)) / 2 for step in range(91)]
    np.testing.assert_allclose(rates(schedule, range(91)), expected, rtol=1e-5)


def test_cosine_annealing_restarts_with_longer_cycles_and_lower_peaks():
    schedule = hornbook.get(
        "scheduler",
        "cosine_annealing",
        initial_learning_rate=0.1,
        total_steps=70,
        cycles=3,
        t_mul=2.0,
        m_mul=0.5,
        min_learning_rate=0.001,
    )
    expected = []
    for peak, length in ((0.1, 10), (0.05, 20), (0.025, 40)):
        expected += [0.001 + (peak - 0.001) * (1 + math.cos(math.pi * t / length)) / 2 for t in range(length)]
    np.testing.assert_allclose(rates(schedule, range(70)), expected, rtol=1e-5)


def test_cosine_annealing_agrees_with_keras_where_they_meet():
    own = hornbook.get("scheduler", "cosine_annealing", initial_learning_rate=0.1, total_steps=90, cycles=3)
    keras_own = hornbook.get(
        "scheduler", "cosine_decay_restarts", initial_learning_rate=0.1, first_decay_steps=30, t_mul=1.0
    )
    np.testing.assert_allclose(rates(own, range(90)), rates(keras_own, range(90)), rtol=1e-4, atol=1e-8)


@few
@given(
    peak=RATES,
    total=st.integers(40, 500),  # the shortest cycle has steps enough to be seen
    cycles=st.integers(1, 4),
    t_mul=st.floats(0.8, 2.0),
    m_mul=st.floats(0.5, 1.5),
    floor=st.floats(0.0, 0.1),
)
def test_cosine_annealing_falls_within_cycles_and_holds_at_the_end(peak, total, cycles, t_mul, m_mul, floor):
    low = floor * peak
    schedule = hornbook.get(
        "scheduler",
        "cosine_annealing",
        initial_learning_rate=peak,
        total_steps=total,
        cycles=cycles,
        t_mul=t_mul,
        m_mul=m_mul,
        min_learning_rate=low,
    )
    values = keras.ops.convert_to_numpy(schedule(STEPS))
    assert values[0] == pytest.approx(peak, rel=1e-5)
    rises = np.flatnonzero(np.diff(values[:total]) > 1e-6 * peak)
    assert len(rises) == cycles - 1
    peaks = [values[0], *values[rises + 1]]
    np.testing.assert_allclose(peaks, peak * m_mul ** np.arange(cycles), rtol=1e-4)
    np.testing.assert_allclose(values[total:], low, atol=1e-6 * peak)


@pytest.mark.parametrize("anneal", ["linear", "cosine"])
def test_one_cycle_rises_falls_and_vanishes(anneal):
    schedule = hornbook.get(
        "scheduler",
        "one_cycle",
        max_learning_rate=0.5,
        total_steps=201,
        rise=0.4,
        annihilation=0.2,
        div_factor=10.0,
        final_div_factor=100.0,
        anneal=anneal,
    )
    expected = [between(0.05, 0.5, step / 80, anneal) for step in range(80)]
    expected += [between(0.5, 0.05, step / 80, anneal) for step in range(80)]
    expected += [between(0.05, 0.0005, step / 40, anneal) for step in range(41)]
    np.testing.assert_allclose(rates(schedule, range(201)), expected, rtol=1e-4)


@few
@given(
    peak=RATES,
    total=st.integers(10, 500),
    rise=st.floats(0.2, 0.5),
    annihilation=st.floats(0.0, 0.3),
    anneal=st.sampled_from(["linear", "cosine"]),
)
def test_one_cycle_starts_peaks_and_ends_where_it_says(peak, total, rise, annihilation, anneal):
    schedule = hornbook.get(
        "scheduler",
        "one_cycle",
        max_learning_rate=peak,
        total_steps=total,
        rise=rise,
        annihilation=annihilation,
        anneal=anneal,
    )
    values = keras.ops.convert_to_numpy(schedule(STEPS))
    top = values.argmax()
    assert values[0] == pytest.approx(peak / 25, rel=1e-5)
    assert values[top] == pytest.approx(peak, rel=1e-5)
    assert top == pytest.approx(rise * (total - 1), abs=0.5)
    assert (np.diff(values[: top + 1]) >= 0).all()
    assert (np.diff(values[top:]) <= 0).all()
    np.testing.assert_allclose(values[total - 1 :], peak / 25 / 1e4, rtol=1e-4, atol=1e-7 * peak)


@pytest.mark.parametrize("total", [1, 2, 3])
def test_one_cycle_takes_runs_of_a_few_steps(total):
    schedule = hornbook.get("scheduler", "one_cycle", max_learning_rate=0.1, total_steps=total)
    values = rates(schedule, range(total + 2))
    assert np.isfinite(values).all()
    assert (values > 0).all()
    assert (values <= 0.1 + 1e-7).all()


@pytest.mark.parametrize(
    ("rise", "annihilation", "total"),
    [(0.5, 0.5, 101), (0.0, 0.0, 50), (0.0, 1.0, 50), (0.45, 0.1, 3), (0.9, 0.1, 4)],
)
def test_one_cycle_peaks_and_vanishes_whatever_its_shares_are(rise, annihilation, total):
    shape = {"rise": rise, "annihilation": annihilation}
    schedule = hornbook.get("scheduler", "one_cycle", max_learning_rate=0.1, total_steps=total, **shape)
    values = rates(schedule, range(total + 1))
    assert values[0] == pytest.approx(0.1 / 25, rel=1e-5)
    assert max(values) == pytest.approx(0.1, rel=1e-5)
    np.testing.assert_allclose(values[-2:], 0.1 / 25 / 1e4, rtol=1e-4)


def test_one_cycle_that_only_rises_ends_at_its_peak():
    shape = {"rise": 1.0, "annihilation": 0.0}
    schedule = hornbook.get("scheduler", "one_cycle", max_learning_rate=0.1, total_steps=51, **shape)
    np.testing.assert_allclose(rates(schedule, [0, 50, 60]), [0.1 / 25, 0.1, 0.1], rtol=1e-5)


def test_cosine_decay_leaves_room_for_its_warmup():
    warm = {"initial_learning_rate": 0.0, "warmup_target": 0.1, "warmup_steps": 20}
    expected = [0.1 * step / 20 for step in range(20)]
    expected += [0.05 * (1 + math.cos(math.pi * step / 80)) for step in range(81)]
    some = range(0, 101, 5)
    schedule = hornbook.get("scheduler", "cosine_decay", total_steps=100, **warm)
    np.testing.assert_allclose(rates(schedule, some), expected[::5], rtol=1e-4, atol=1e-8)
    given = hornbook.get("scheduler", "cosine_decay", decay_steps=80, total_steps=300, **warm)
    np.testing.assert_allclose(rates(given, some), expected[::5], rtol=1e-4, atol=1e-8)
    with pytest.raises(Exception, match="warmup_steps"):
        hornbook.get("scheduler", "cosine_decay", total_steps=20, **warm)


def test_warmup_of_a_number():
    schedule = hornbook.get("scheduler", "warmup", schedule=0.4, warmup_steps=8, start_factor=0.25)
    expected = [0.4 * min(1.0, 0.25 + 0.75 * (step + 1) / 8) for step in range(20)]
    np.testing.assert_allclose(rates(schedule, range(20)), expected, rtol=1e-5)


def test_warmup_keeps_the_clock_of_its_schedule():
    inner = {"use": "cosine_annealing", "initial_learning_rate": 0.1, "total_steps": 100}
    schedule = hornbook.get("scheduler", "warmup", schedule=inner, warmup_steps=10)
    expected = [
        0.1 * (1 + math.cos(math.pi * min(step, 100) / 100)) / 2 * min(1.0, (step + 1) / 10)
        for step in range(120)
    ]
    np.testing.assert_allclose(rates(schedule, range(120)), expected, rtol=1e-4, atol=1e-8)


@few
@given(peak=RATES, steps=st.integers(1, 300), start=st.floats(0.0, 1.0))
def test_warmup_rises_evenly_and_then_leaves_alone(peak, steps, start):
    schedule = hornbook.get("scheduler", "warmup", schedule=peak, warmup_steps=steps, start_factor=start)
    values = keras.ops.convert_to_numpy(schedule(STEPS))
    np.testing.assert_allclose(np.diff(values[:steps]), peak * (1 - start) / steps, atol=1e-5 * peak)
    np.testing.assert_allclose(values[steps - 1 :], peak, rtol=1e-5)


def test_step_decay_drops_after_every_so_many_steps():
    schedule = hornbook.get(
        "scheduler", "step_decay", initial_learning_rate=0.8, decay_steps=7, decay_rate=0.5
    )
    np.testing.assert_allclose(rates(schedule, range(50)), 0.8 * 0.5 ** (np.arange(50) // 7), rtol=1e-5)


def test_exponential_decay():
    schedule = hornbook.get(
        "scheduler", "exponential_decay", initial_learning_rate=0.8, decay_steps=7, decay_rate=0.5
    )
    np.testing.assert_allclose(rates(schedule, range(50)), 0.8 * 0.5 ** (np.arange(50) / 7), rtol=1e-5)


def test_inverse_time_decay():
    schedule = hornbook.get(
        "scheduler", "inverse_time_decay", initial_learning_rate=0.8, decay_steps=7, decay_rate=0.5
    )
    np.testing.assert_allclose(rates(schedule, range(50)), 0.8 / (1 + 0.5 * np.arange(50) / 7), rtol=1e-5)


def test_polynomial_decay():
    schedule = hornbook.get(
        "scheduler",
        "polynomial_decay",
        initial_learning_rate=0.8,
        decay_steps=40,
        end_learning_rate=0.1,
        power=2.0,
    )
    expected = 0.7 * (1 - np.minimum(np.arange(50), 40) / 40) ** 2 + 0.1
    np.testing.assert_allclose(rates(schedule, range(50)), expected, rtol=1e-5)


def test_cosine_decay_after_its_warmup():
    schedule = hornbook.get(
        "scheduler",
        "cosine_decay",
        initial_learning_rate=0.0,
        decay_steps=40,
        warmup_target=0.5,
        warmup_steps=10,
    )
    expected = [0.5 * step / 10 for step in range(10)]
    expected += [0.5 * (1 + math.cos(math.pi * min(step, 40) / 40)) / 2 for step in range(60)]
    np.testing.assert_allclose(rates(schedule, range(70)), expected, rtol=1e-4, atol=1e-7)


def test_piecewise_constant_decay_changes_after_its_boundaries():
    schedule = hornbook.get(
        "scheduler", "piecewise_constant_decay", boundaries=[3, 5], values=[1.0, 0.5, 0.1]
    )
    np.testing.assert_allclose(rates(schedule, range(8)), [1, 1, 1, 1, 0.5, 0.5, 0.1, 0.1], rtol=1e-6)


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("cosine_decay", {"decay_steps": 10}),
        ("cosine_decay_restarts", {"first_decay_steps": 10}),
        ("exponential_decay", {"decay_steps": 10, "decay_rate": 0.5}),
        ("inverse_time_decay", {"decay_steps": 10, "decay_rate": 0.5}),
        ("polynomial_decay", {"decay_steps": 10}),
        ("step_decay", {"decay_steps": 2, "decay_rate": 0.5}),
    ],
)
def test_a_whole_number_as_learning_rate_decays_like_a_float(name, parameters):
    whole = hornbook.get("scheduler", name, initial_learning_rate=1, **parameters)
    exact = hornbook.get("scheduler", name, initial_learning_rate=1.0, **parameters)
    values = rates(whole, range(10))
    np.testing.assert_array_equal(values, rates(exact, range(10)))
    assert 0 < values[5] < 1


def test_whole_numbers_among_piecewise_values():
    schedule = hornbook.get("scheduler", "piecewise_constant_decay", boundaries=[3], values=[1, 0.1])
    np.testing.assert_allclose(rates(schedule, [0, 4]), [1.0, 0.1], rtol=1e-6)
