"""When checkpoints are taken: as the recipe asks, and otherwise as often as costs next to nothing."""

import math

import pytest

import hornbook
from hornbook.runner.checkpoints import keeper as module
from hornbook.runner.checkpoints.shelf import write

pytestmark = pytest.mark.usefixtures("bench")


@pytest.fixture
def taken(monkeypatch):
    """The positions of the checkpoints that are taken, in order."""
    found = []

    def noted(checkpoint, folder, kept):
        found.append((checkpoint.epoch, checkpoint.step))
        return write(checkpoint, folder, kept)

    monkeypatch.setattr(module, "write", noted)
    return found


def carried_out(*overrides):
    one_by_one = ("training.epochs=3", "training.steps_per_execution=1")
    done = hornbook.run("bench-points", [*one_by_one, *overrides], tracking=False)
    assert done.outcome == "finished", done.error
    return done


def test_after_so_many_steps_through_epochs_and_after_the_last(taken):
    carried_out("training.checkpoint.every_n_steps=2")  # three steps an epoch
    assert taken == [(0, 2), (1, 1), (2, 0), (2, 2), (3, 0)]


def test_after_so_many_epochs(taken):
    done = carried_out("training.checkpoint={every_n_epochs: 2, max_to_keep: 1}")
    assert taken == [(2, 0), (3, 0)]
    assert [file.name for file in done.folder.checkpoints.iterdir()] == ["epoch-000003-step-00000000.npz"]


def test_whenever_so_many_minutes_have_gone_by(taken):
    carried_out("training.checkpoint.every_n_minutes=0.0000001")
    assert taken == [(e, s) if s < 3 else (e + 1, 0) for e in range(3) for s in (1, 2, 3)]


def test_by_itself_after_the_first_epoch_and_the_last(taken, monkeypatch):
    monkeypatch.setattr(module, "SHARE", 1e-9)  # a moment's work is worth years of training
    monkeypatch.setattr(module, "PARAMETERS_PER_SECOND", math.inf)
    carried_out()
    assert taken == [(1, 0), (3, 0)]


def test_by_itself_only_after_the_last_epoch_where_it_would_cost_more_than_the_others_took(
    taken, monkeypatch
):
    monkeypatch.setattr(module, "PARAMETERS_PER_SECOND", 1e-3)
    carried_out()
    assert taken == [(3, 0)]


def test_by_itself_at_every_chance_where_it_costs_nothing(taken, monkeypatch):
    monkeypatch.setattr(module, "SHARE", 1e9)
    monkeypatch.setattr(module, "SECONDS", 0.0)
    carried_out()
    assert len(taken) == 9
