"""Searches: what Optuna proposes, prunes and is told, and that a sweep that goes on knows what was."""

import sys
from dataclasses import replace
from types import SimpleNamespace

import pytest

import hornbook
from hornbook.sweeps.asked import Asked
from hornbook.sweeps.pictures import draw
from hornbook.sweeps.record import Trial
from hornbook.sweeps.space import read_variables
from hornbook.sweeps.study import Study

VARIABLES = ["x=-4.0..4.0", "n=1..64..3", "how=[{use: up}, {use: down}, plain]"]


@pytest.fixture
def asked():
    return Asked(
        source="recipe.yaml",
        directory=".",
        name="parabola",
        late=(),
        variables=tuple(VARIABLES),
        method="search",
        metric="loss",
        direction="minimize",
        trials=40,
        sampler="tpe",
        pruner="none",
        seed=7,
    )


def value(values):
    return (values["x"] - 1) ** 2 + abs(values["n"] - 22) / 10 + (values["how"] != {"use": "down"})


def carried_on(study, trials, to):
    for number in range(len(trials) + 1, to + 1):
        values = study.propose(number)
        study.tell(number, "finished", value(values))
        trials.append(Trial(number, None, values, "finished", value(values)))
    return trials


def test_it_finds_its_way(asked):
    variables = read_variables(VARIABLES)
    trials = carried_on(Study(asked, variables, 1), [], 40)
    assert all(-4 <= one.values["x"] <= 4 and one.values["n"] % 3 == 1 for one in trials)
    early = sum(one.value for one in trials[:10]) / 10
    late = sum(one.value for one in trials[30:]) / 10
    assert late < early / 2
    assert Study(asked, variables, 1).propose(41) is None


def test_one_that_goes_on_proposes_what_it_would_have_proposed(asked):
    variables = read_variables(VARIABLES)
    whole = carried_on(Study(asked, variables, 1), [], 25)
    again = Study(asked, variables, 1)
    for trial in whole[:17]:
        again.again(trial)
    assert carried_on(again, whole[:17], 25) == whole


def pruned_by_hyperband(study, trials, to):
    """Goes on with a search whose trials lose less from epoch to epoch, and are ended when Optuna says so."""
    for number in range(len(trials) + 1, to + 1):
        values = study.propose(number)
        losses = [value(values) + 4 / epoch for epoch in range(1, 10)]
        seen = next((n for n, loss in enumerate(losses, 1) if study.report(number, n, loss)), 10)
        outcome, last = ("pruned", None) if seen < 10 else ("finished", losses[-1])
        study.tell(number, outcome, last)
        trials.append((Trial(number, None, values, outcome, last), losses[:seen]))
    return trials


def test_hyperband_ends_the_same_trials_each_time_and_after_a_stop(asked, monkeypatch):
    asked = replace(asked, pruner="hyperband")
    variables = read_variables(VARIABLES)
    whole = pruned_by_hyperband(Study(asked, variables, 9), [], 30)
    outcomes = [trial.outcome for trial, _ in whole]
    assert 3 < outcomes.count("pruned") < 30
    assert pruned_by_hyperband(Study(asked, variables, 9), [], 30) == whole
    again = Study(asked, variables, 9)
    for trial, losses in whole[:19]:
        run = SimpleNamespace(history={"loss": losses})
        monkeypatch.setattr(Trial, "run", lambda self, run=run: run)
        again.again(trial)
    assert pruned_by_hyperband(again, whole[:19], 30) == whole


def test_a_trial_that_goes_on_keeps_its_values(asked):
    study = Study(asked, read_variables(VARIABLES), 1)
    values = {"x": 0.5, "n": 4, "how": {"use": "up"}}
    study.again(Trial(1, None, values))
    study.tell(1, "finished", value(values))
    assert study.propose(2) != values


def test_without_optuna_a_search_is_refused_with_the_remedy(monkeypatch, small):
    monkeypatch.setitem(sys.modules, "optuna", None)
    with pytest.raises(hornbook.HornbookError) as refused:
        hornbook.sweep(small, {"seed": "1..9"}, optimize="val_accuracy", tracking=False)
    (problem,) = refused.value.problems
    assert (problem.code, refused.value.exit_code) == ("HB544", 3)
    assert problem.hint.startswith("pip install 'hornbook[optuna]'")


def test_a_search_prunes_and_is_given_more_trials(small, on_jax):
    space = {"optimizer.learning_rate": "log:1e-5..1", "model.layers.0.units": "4..16", "optimizer": ["sgd"]}
    # With this seed the first five learning rates are sound, and the next two far too small.
    asked = {"optimize": "val_loss", "sampler": "random", "pruner": "median", "search_seed": 27}
    found = hornbook.sweep(small, space, ["training.epochs=4"], trials=7, tracking=False, **asked)
    assert found.outcome == "finished"
    assert [trial.outcome for trial in found.trials] == [*["finished"] * 5, "pruned", "pruned"]
    for trial in found.trials[5:]:
        assert trial.value is None
        assert trial.run().outcome == "interrupted"
        assert trial.run().epochs < 4
    assert found.best.value == min(trial.value for trial in found.trials[:5])
    draw(found.folder)
    assert (found.folder.reports / "parameters.png").read_bytes().startswith(b"\x89PNG")
    more = hornbook.resume_sweep(found, trials=8, tracking=False)
    assert more.trials[:7] == found.trials
    assert (more.outcome, len(more.trials), more.planned) == ("finished", 8, 8)
