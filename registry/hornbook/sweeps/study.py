"""Study: Optuna proposes the values of trials, from what came of those before, and ends those that promise little.

The study lives in memory. What it knows is in the sweep's journal and the journals of its runs, from which it is
made again when a sweep goes on.
"""

import math
from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

from hornbook.problem import HornbookError, Problem
from hornbook.sweeps.asked import Asked
from hornbook.sweeps.combinations import Values
from hornbook.sweeps.record import ENDED, Trial
from hornbook.sweeps.space import Variable

_NAME = "sweep"
"""The name of every study: by it and a trial's number Optuna sorts trials into the brackets of `hyperband`."""


def refuse_without_optuna() -> None:
    """Refuse a search where Optuna is not installed.

    Raises:
        HornbookError: When it is not.
    """
    if find_spec("optuna") is None:
        message = "a search needs Optuna, which is not installed"
        hint = "pip install 'hornbook[optuna]' (in a clone: `uv sync`), or draw values with `--random 20`"
        raise HornbookError(Problem(code="HB544", message=message, hint=hint, unavailable=True))


class Study:
    """A search for the best values, by Optuna.

    The proposal for a trial follows from the seed, the trial's number and what came of other trials, so a sweep
    with one worker that was stopped and goes on proposes what it would have proposed.

    Args:
        asked: What the sweep is to do.
        variables: What is varied.
        epochs: The epochs of a trial, by which the pruner `hyperband` is made.

    Reference:
        Akiba et al. 2019, "Optuna: A Next-generation Hyperparameter Optimization Framework"; Bergstra et al.
        2011, "Algorithms for Hyper-Parameter Optimization" (`tpe`); Golovin et al. 2017, "Google Vizier"
        (`median`); Li et al. 2018, "Hyperband".
    """

    def __init__(self, asked: Asked, variables: Sequence[Variable], epochs: int) -> None:
        import optuna

        optuna.logging.set_verbosity(optuna.logging.ERROR)
        self._asked = asked
        self._variables = variables
        self._distributions = {one.path: _distribution(one) for one in variables}
        pruner = _pruner(asked.pruner, epochs)
        self._study = optuna.create_study(study_name=_NAME, direction=asked.direction, pruner=pruner)
        self._running: dict[int, optuna.Trial] = {}

    @property
    def trials(self) -> int:
        """As many as were asked for."""
        return self._asked.trials

    @property
    def prunes(self) -> bool:
        """Whether there is a pruner."""
        return self._asked.pruner != "none"

    def propose(self, number: int) -> Values | None:
        """What Optuna proposes."""
        if number > self._asked.trials:
            return None
        self._study.sampler = _sampler(self._asked.sampler, self._asked.seed + number)
        trial = self._running[number] = self._study.ask(self._distributions)
        return {one.path: _value(one, trial.params[one.path]) for one in self._variables}

    def again(self, trial: Trial) -> None:
        """Have a trial of before go through the study as it did then, for pruners keep what they see on the way."""
        parameters = {one.path: _parameter(one, trial.values.get(one.path)) for one in self._variables}
        if any(value is None for value in parameters.values()):
            return  # it is none of this search's
        run = trial.run()
        measured = [] if run is None else run.history.get(self._asked.metric, [])
        reported = {epoch: value for epoch, value in enumerate(measured, 1) if math.isfinite(value)}
        self._study.enqueue_trial(parameters)
        self._running[trial.number] = self._study.ask(self._distributions)
        for epoch, value in reported.items():
            self.report(trial.number, epoch, value)
        if trial.outcome in ENDED:
            self.tell(trial.number, trial.outcome, trial.value)

    def report(self, number: int, epoch: int, value: float) -> bool:
        """Report to Optuna, and ask its pruner."""
        trial = self._running[number]
        if not math.isfinite(value):
            return False
        trial.report(value, epoch)
        return trial.should_prune()

    def tell(self, number: int, outcome: str, value: float | None) -> None:
        """Tell Optuna."""
        import optuna

        trial = self._running.pop(number)
        state = _state(outcome, value)
        self._study.tell(trial, value if state is optuna.trial.TrialState.COMPLETE else None, state)


def _state(outcome: str, value: float | None) -> Any:
    from optuna.trial import TrialState

    if outcome == "pruned":
        return TrialState.PRUNED
    done = outcome in ("finished", "unmet") and value is not None
    return TrialState.COMPLETE if done else TrialState.FAIL


def _distribution(variable: Variable) -> Any:
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    range_ = variable.range
    if range_ is None:  # Optuna takes plain scalars only; ours may be mappings, so it is given their places
        return CategoricalDistribution(range(len(variable.values)))
    if range_.whole:
        return IntDistribution(int(range_.low), int(range_.high), range_.log, int(range_.step or 1))
    return FloatDistribution(float(range_.low), float(range_.high), range_.log, range_.step)


def _value(variable: Variable, parameter: Any) -> Any:
    return parameter if variable.range else variable.values[parameter]


def _parameter(variable: Variable, value: Any) -> Any:
    """What Optuna knows a value by; none where it is not among them."""
    if variable.range:
        inside = isinstance(value, (int, float)) and variable.range.low <= value <= variable.range.high
        return value if inside else None
    return next((place for place, one in enumerate(variable.values) if one == value), None)


def _sampler(name: str, seed: int) -> Any:
    from optuna.samplers import RandomSampler, TPESampler

    if name == "random":
        return RandomSampler(seed)
    return TPESampler(seed=seed, constant_liar=True)  # trials that run beside it are not tried twice


def _pruner(name: str, epochs: int) -> Any:
    from optuna.pruners import HyperbandPruner, MedianPruner, NopPruner

    if name == "hyperband":
        return HyperbandPruner(min_resource=1, max_resource=max(1, epochs))
    return MedianPruner() if name == "median" else NopPruner()
