"""Data is loaded once for trials that ask for it alike, and is what it would be for each alone."""

from pathlib import Path

import keras
import numpy as np
import pytest

import hornbook
from hornbook.catalog import catalog
from hornbook.recipes.reading import read
from hornbook.runner.session import loaded, open_session
from hornbook.sweeps.kept_data import KeptData
from hornbook.sweeps.planning import Search, plan
from hornbook.sweeps.space import read_variables
from hornbook.sweeps.sweep import SweepOptions, carry_out

pytestmark = pytest.mark.usefixtures("bench")


@pytest.fixture
def asked():
    """Gives a dataset as a trial asks for it, from what was kept for the trials before."""
    kept, known = KeptData(), catalog()

    def of(data, seed):
        recipe = read("bench-points", [f"data={data}", f"seed={seed}"], known)
        return open_session(recipe, load=kept.load).prepared.dataset

    return of


def test_trials_of_one_seed_share_what_was_loaded(asked):
    first = asked("{use: points, examples: 30}", 1)
    assert asked("{use: points, examples: 30}", 1) is first
    assert asked("{use: points, examples: 33}", 1).train.inputs.shape == (33, 4)
    assert asked("{use: points, examples: 30}", 1) is not first  # only the last is kept


def test_trials_of_other_seeds_share_what_came_out_alike_before(asked):
    first, second, third = (asked("points", seed) for seed in (1, 2, 3))
    assert second is not first
    assert third is second and asked("points", 1) is second


@pytest.mark.parametrize("source", ["numpy", "keras"])
def test_what_is_drawn_is_drawn_for_every_seed(asked, source):
    data = f"{{use: drawn_points, source: {source}}}"
    for seed in (1, 2, 3, 1):
        kept = asked(data, seed)
        keras.utils.set_random_seed(seed)
        alone = loaded(read("bench-points", [f"data={data}"], catalog()))
        np.testing.assert_array_equal(kept.train.inputs, alone.train.inputs)
        assert kept.digest == alone.digest


def test_a_sweep_needs_its_file_no_longer_than_it_takes_to_know_it(tmp_path):
    file = tmp_path / "table.csv"
    inputs = np.random.default_rng(0).normal(size=(30, 4))
    np.savetxt(file, np.column_stack([inputs, np.arange(30) % 3]), delimiter=",")

    def listen(event):
        if event["event"] == "trial_started" and event["trial"] == 3:
            Path(file).unlink()

    changes = [f"data={{use: table, path: {file}, validation: 0.2}}", "training.epochs=1"]
    planned = plan("bench-points", changes, read_variables(["seed=1..4"]), Search(), catalog())
    sweep = carry_out(planned, SweepOptions(tracking=False, listener=listen))
    assert [trial.outcome for trial in sweep.trials] == ["finished"] * 4


def test_a_trial_on_data_that_is_drawn_is_the_run_alone():
    changes = ["data={use: drawn_points, validation: 0.2}", "training.epochs=2"]
    sweep = hornbook.sweep("bench-points", {"seed": [1, 2, 3]}, changes, tracking=False)
    alone = hornbook.run("bench-points", [*changes, "seed=3"], tracking=False)
    assert sweep.trials[2].metrics == alone.metrics
    assert len({str(trial.metrics) for trial in sweep.trials}) == 3
