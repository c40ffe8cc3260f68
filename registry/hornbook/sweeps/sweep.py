"""Sweeping: a recipe carried out with many values of some of its settings, and going on with a sweep."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from hornbook import reports
from hornbook.catalog import Catalog
from hornbook.problem import HornbookError, Problem
from hornbook.runner.delivery.delivering import deliveries
from hornbook.runner.delivery.forwarding import PATIENCE, Forwarder
from hornbook.runner.journals.alone import alone
from hornbook.runner.journals.folder import RUNS
from hornbook.runner.journals.journal import Journal, mend
from hornbook.runner.room import out_of_room
from hornbook.runner.surroundings.revision import Look
from hornbook.sweeps.asked import Asked, read_asked, write_asked
from hornbook.sweeps.base import Base, kept_base
from hornbook.sweeps.checking import check_trials
from hornbook.sweeps.combinations import corners, refuse_repeats, refuse_too_many
from hornbook.sweeps.conductor import Conductor
from hornbook.sweeps.folder import SweepFolder, create_sweep
from hornbook.sweeps.leaderboard import write_leaderboard
from hornbook.sweeps.planning import Plan, listed
from hornbook.sweeps.record import DONE, Sweep, Trial, sweep_record
from hornbook.sweeps.space import Variable
from hornbook.sweeps.strategy import Listed, Strategy
from hornbook.tracker import Event
from hornbook.whole_file import write_whole

FOLLOWING = "hornbook.sweeps.following"
"""The module that the process beside a sweep runs."""
SECONDS_PER_TRIAL = 2.0
"""How much longer that process may take, once the sweep has ended, for each trial."""


@dataclass(frozen=True, slots=True)
class SweepOptions:
    """How a sweep is carried out, beside what it tries.

    Args:
        runs: The folder that holds all runs.
        jobs: How many trials are carried out at once.
        backend: What Keras computes with; empty leaves it to the environment, or to what the sweep began with.
        tracking: Whether trackers are told.
        tracking_uri: The tracking store; none means the tracker's default.
        listener: Told of the sweep's events, and of the steps and epochs of its trials.
        warn: Told, in a line, of what went wrong without stopping anything.
    """

    runs: Path = RUNS
    jobs: int = 1
    backend: str = ""
    tracking: bool = True
    tracking_uri: str | None = None
    listener: Callable[[Event], None] = lambda event: None
    warn: Callable[[str], None] = lambda line: None


def carry_out(plan: Plan, options: SweepOptions) -> Sweep:
    """Carry out a sweep.

    Args:
        plan: What is to be done, checked.
        options: How.

    Returns:
        The sweep; also when it was interrupted, or trials failed.

    Raises:
        HornbookError: When it cannot begin.
    """
    revision = Look(Path.cwd())
    asked = replace(plan.asked, backend=options.backend, tracked=options.tracking)
    strategy = _strategy(asked, plan.variables, plan.first.training.epochs)
    folder = create_sweep(asked.name, options.runs)
    write_whole(folder.recipe, plan.base.text(plan.first))
    write_asked(folder, asked)

    def begin(journal: Journal) -> Event:
        started = _started(folder, replace(plan, asked=asked))
        return journal.write("sweep_started", **started, git=revision.found())

    with _alone(folder):
        return _conduct(folder, asked, plan.base, strategy, options, begin)


def resume(folder: SweepFolder, catalog: Catalog, options: SweepOptions, trials: int | None = None) -> Sweep:
    """Go on with a sweep that was killed or interrupted, or give a finished one more trials.

    A trial that has ended is not repeated; one that was broken off or has failed goes on from its newest checkpoint.

    Args:
        folder: The sweep.
        catalog: The components there are.
        options: How it is carried out.
        trials: How many trials it shall have in all, where they are drawn or searched for.

    Returns:
        The sweep.

    Raises:
        HornbookError: When nothing is left to do, or it cannot go on.
    """
    with _alone(folder):
        asked = read_asked(folder)
        before = sweep_record(folder)
        _refuse_if_other_backend(before, asked, options)
        asked = _extended(asked, before.planned or asked.trials, trials, before)
        variables = asked.space()
        base = kept_base(folder.recipe, asked.late, catalog, Path(asked.source), Path(asked.directory))
        if asked.method == "search":
            refuse_repeats(variables, asked.trials)
        trial_values = corners(variables) if asked.method == "search" else listed(variables, asked)
        exhausted = asked.method != "search" and len(trial_values) < asked.trials
        asked = replace(asked, trials=asked.trials if asked.method == "search" else len(trial_values))
        _refuse_if_done(before, asked, exhausted)
        check_trials(base, trial_values)
        first = base.recipe(trial_values[0])

        def begin(journal: Journal) -> Event:
            if not before.details:
                return journal.write(
                    "sweep_started", **_started(folder, Plan(base, tuple(variables), asked, first))
                )
            return journal.write("sweep_resumed", trials=asked.trials)

        strategy = _strategy(asked, variables, first.training.epochs)
        asked = replace(asked, tracked=options.tracking, backend=asked.backend or options.backend)
        return _conduct(folder, asked, base, strategy, options, begin, before.trials)


def _extended(asked: Asked, planned: int, trials: int | None, before: Sweep) -> Asked:
    if trials is None:
        return replace(asked, trials=planned)
    if asked.method == "grid":
        message = f"the sweep {before.id} is a grid, which has as many trials as there are combinations"
        raise HornbookError(Problem(code="HB546", message=message, hint="leave out --trials"))
    if trials < len(before.trials):
        message = f"the sweep {before.id} has {len(before.trials)} trials already"
        raise HornbookError(Problem(code="HB546", message=message, hint="--trials counts all of them"))
    refuse_too_many(trials)
    return replace(asked, trials=trials)


def _refuse_if_other_backend(before: Sweep, asked: Asked, options: SweepOptions) -> None:
    """Refuse to go on under another backend: trials would not compare, and none that was broken off could go on."""
    if asked.backend and options.backend and asked.backend != options.backend:
        message = (
            f"the sweep {before.id} ran on {asked.backend}, and Keras is to run on {options.backend} now"
        )
        hint = f"`hornbook sweep --resume {before.folder.typed} --backend {asked.backend}`"
        raise HornbookError(Problem(code="HB523", message=message, hint=hint))


def _refuse_if_done(before: Sweep, asked: Asked, exhausted: bool) -> None:
    left = [trial for trial in before.trials if trial.outcome not in DONE]
    if not left and len(before.trials) >= asked.trials and before.outcome == "finished":
        message = f"all {len(before.trials)} trials of the sweep {before.id} have ended"
        more = f"give it more: `hornbook sweep --resume {before.folder.typed} --trials {2 * asked.trials}`"
        shown = f"`hornbook sweeps {before.folder.typed}` shows them"
        hint = (
            shown
            if asked.method == "grid"
            else f"there are no other combinations; {shown}"
            if exhausted
            else more
        )
        raise HornbookError(Problem(code="HB546", message=message, hint=hint))


def _strategy(asked: Asked, variables: Sequence[Variable], epochs: int) -> Strategy:
    if asked.method != "search":
        return Listed(listed(variables, asked))
    from hornbook.sweeps.study import Study, refuse_without_optuna

    refuse_without_optuna()
    return Study(asked, variables, epochs)


def _started(folder: SweepFolder, plan: Plan) -> dict[str, Any]:
    asked, first = plan.asked, plan.first
    return {
        "sweep_id": folder.id,
        "name": first.name,
        "description": first.description,
        "variables": {
            variable.path: variable.all_values() if asked.method == "grid" else variable.shown
            for variable in plan.variables
        },
        "method": asked.method,
        **({"sampler": asked.sampler, "pruner": asked.pruner} if asked.method == "search" else {}),
        "metric": asked.metric,
        "direction": asked.direction,
        "trials": asked.trials,
        "seed": asked.seed,
        "backend": asked.backend,
        "source": asked.source,
        "tracking": dict(first.tracking),
        "plugins": first.plugins,
        "recipe": folder.recipe.name,
    }


@contextmanager
def _alone(folder: SweepFolder) -> Iterator[None]:
    """Keep every other process from carrying out the same sweep.

    Raises:
        HornbookError: When one is at it already.
    """
    with alone(folder.path / "lock") as granted:
        if not granted:
            message = f"another process is carrying out the sweep {folder.id}"
            hint = f"wait for it, or look on: `hornbook sweeps {folder.typed}`"
            raise HornbookError(Problem(code="HB548", message=message, hint=hint), exit_code=1)
        yield


def _conduct(
    folder: SweepFolder,
    asked: Asked,
    base: Base,
    strategy: Strategy,
    options: SweepOptions,
    begin: Callable[[Journal], Event],
    before: Sequence[Trial] = (),
) -> Sweep:
    """Carry out what is left of a sweep, between two events in its journal."""
    began = time.perf_counter()
    if folder.journal.is_file():
        mend(folder.journal)
    journal = Journal(folder.journal)
    forwarder: Forwarder | None = None

    def listen(event: Event) -> None:
        if forwarder and event["event"] == "trial_ended":
            forwarder.stir()  # while the next trial is built, which keeps one core busy, drawing costs it least
        options.listener(event)

    try:
        begun = begin(journal)
        forwarder = _companion(folder, options)  # it goes by what the journal says of this stretch
        options.listener(begun)
        conductor = Conductor(folder, asked, base, strategy, journal, listen, options.warn)
        conductor.take_up(before)
        outcome = conductor.conduct(options.jobs)
        ended, seconds = sweep_record(folder), round(time.perf_counter() - began, 3)
        whole = replace(ended, outcome=outcome, seconds=ended.seconds + seconds)
        write_leaderboard(replace(whole, deliveries=tuple(deliveries(folder))))
        best = ended.best.number if ended.best else None
        options.listener(journal.write("sweep_ended", outcome=outcome, best=best, seconds=seconds))
    except OSError as error:
        if not out_of_room(error):
            raise
        message = (
            f"no room is left on the disk, or in the quota, of {folder.path}; what was saved before is whole"
        )
        hint = f"make room, then go on with `hornbook sweep --resume {folder.typed}`"
        raise HornbookError(Problem(code="HB510", message=message, hint=hint), exit_code=1) from None
    finally:
        journal.close()
        if forwarder:  # it may be behind: to draw a run's reports takes a second or two
            forwarder.finish(PATIENCE + SECONDS_PER_TRIAL * len(sweep_record(folder).trials))
    return replace(sweep_record(folder), deliveries=tuple(deliveries(folder)))


def _companion(folder: SweepFolder, options: SweepOptions) -> Forwarder | None:
    """Start the process beside a sweep, if there is something for it to do."""
    if not (options.tracking or reports.wanted()):
        return None
    return Forwarder(folder, options.tracking_uri, options.tracking, FOLLOWING)
