"""Conductor: hands trials to workers, writes what comes of them into the sweep's journal, and heeds Ctrl-C."""

import math
import signal
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import FrameType, TracebackType
from typing import Any

from hornbook.problem import HornbookError, Problem
from hornbook.recipes.freezing import frozen
from hornbook.runner.journals.folder import RunFolder, create
from hornbook.runner.journals.journal import Journal
from hornbook.sweeps.asked import Asked
from hornbook.sweeps.base import Base
from hornbook.sweeps.crew import Crew, Worker
from hornbook.sweeps.folder import SweepFolder
from hornbook.sweeps.record import DONE, ENDED, Trial
from hornbook.sweeps.strategy import Strategy
from hornbook.tracker import Event
from hornbook.whole_file import write_whole


class Stopping:
    """Takes note of SIGINT and SIGTERM while it is entered, and hands them on to the workers.

    The first has running trials end at the next step with a checkpoint, the second at once, the third ends the
    workers themselves.

    Args:
        crew: The workers.
    """

    def __init__(self, crew: Crew) -> None:
        self.times = 0
        self._crew = crew
        self._before: dict[int, Any] = {}

    def __enter__(self) -> "Stopping":
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                self._before[number] = signal.signal(number, self._note)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.times += 1
        if self.times > 2:
            self._crew.kill()
        else:
            self._crew.interrupt()


class Conductor:
    """Carries out the trials of a sweep.

    Args:
        folder: The sweep's folder.
        asked: What it is to do.
        base: The recipe that trials are made from.
        strategy: Which values come next.
        journal: Where it is written down.
        listener: Told of the sweep's events, and of the steps and epochs of its trials.
        warn: Told, in a line, of what went wrong without stopping anything.
    """

    def __init__(
        self,
        folder: SweepFolder,
        asked: Asked,
        base: Base,
        strategy: Strategy,
        journal: Journal,
        listener: Callable[[Event], None],
        warn: Callable[[str], None],
    ) -> None:
        self._folder = folder
        self._asked = asked
        self._base = base
        self._strategy = strategy
        self._journal = journal
        self._listener = listener
        self._warn = warn
        self._number = 0
        self._waiting: list[Trial] = []
        self._running: dict[int, Trial] = {}
        self._epochs: dict[int, int] = {}
        self._pruned: set[int] = set()
        self._warned: set[str] = set()
        self._interrupted = False

    def take_up(self, trials: Sequence[Trial]) -> None:
        """Take note of the trials that there are already; those that are not done come first.

        Args:
            trials: As the journal tells them.
        """
        self._number = max((trial.number for trial in trials), default=0)
        for begun in trials:
            trial = self._caught_up(begun)
            if trial.outcome not in DONE:
                trial = replace(trial, outcome="running", error="")
                self._waiting.append(trial)
            self._strategy.again(trial)

    def conduct(self, jobs: int) -> str:
        """Carry out all trials that are left.

        Args:
            jobs: How many at once.

        Returns:
            `finished` or `interrupted`.

        Raises:
            HornbookError: When no worker can be had.
        """
        with Crew(self._folder, jobs, self._asked.backend) as crew, Stopping(crew) as stopping:
            while True:
                while not stopping.times and crew.has_room and (trial := self._next()) is not None:
                    self._give(crew, trial)
                    if (
                        stopping.times
                    ):  # the signal came while a worker was engaged, which then has not heard it
                        crew.interrupt()
                if not crew.busy:
                    break
                for worker, message in crew.messages():
                    if message is None:
                        self._lost(worker, crew.dismiss(worker), stopping.times > 0)
                    else:
                        self._heard(worker, message)
            cut_short = stopping.times > 0 and bool(self._waiting or self._number < self._strategy.trials)
        return "interrupted" if self._interrupted or cut_short else "finished"

    def _caught_up(self, trial: Trial) -> Trial:
        """A trial whose run ended without the sweep coming to write it down."""
        run = trial.run()
        if trial.outcome in DONE or run is None or run.outcome not in DONE:
            return trial
        return self._write_end(trial, run.outcome, run.metrics, run.seconds, "")

    def _next(self) -> Trial | None:
        if self._waiting:
            return self._waiting.pop(0)
        values = self._strategy.propose(self._number + 1)
        if values is None:
            return None
        self._number += 1
        return Trial(self._number, None, values)

    def _give(self, crew: Crew, trial: Trial) -> None:
        """Have a worker carry out a trial."""
        try:
            recipe = self._base.recipe(trial.values)
            self._epochs[trial.number] = recipe.training.epochs
        except HornbookError as error:  # only what a search proposes is not checked beforehand
            self._write(trial_started=trial, run_id=None)
            self._end(trial, "failed", {}, 0.0, "; ".join(problem.message for problem in error.problems))
            return
        if trial.folder is None:
            trial = replace(trial, folder=create(recipe.name, self._folder.runs))
            self._write(trial_started=trial, run_id=trial.run_id)
        assert trial.folder is not None
        trial.folder.artifacts.mkdir(parents=True, exist_ok=True)  # it goes where a run could not begin
        if not trial.folder.journal.is_file():
            write_whole(trial.folder.recipe, frozen(recipe))
        self._running[trial.number] = trial
        crew.worker().give(trial.number, self._order(trial, trial.folder))

    def _order(self, trial: Trial, folder: RunFolder) -> dict[str, Any]:
        sweep = {
            "id": self._folder.id,
            "folder": str(self._folder.path),
            "trial": trial.number,
            "values": dict(trial.values),
            "metric": self._asked.metric,
        }
        return {
            "folder": str(folder.path),
            "source": self._asked.source,
            "tracked": self._asked.tracked,
            "prune": self._strategy.prunes,
            "sweep": sweep,
        }

    def _heard(self, worker: Worker, message: Mapping[str, Any]) -> None:
        told, number = message["told"], worker.trial
        if told == "ready":
            worker.ready = True
        elif told == "warning":
            self._warn_once(message["line"])
        elif told == "step" and number is not None:
            self._listener({**message, "event": "step", "trial": number})
        elif told == "epoch" and number is not None:
            metrics = {name: float(value) for name, value in message["metrics"].items()}
            epoch = int(message["epoch"])
            self._listener({"event": "epoch", "trial": number, "epoch": epoch, "metrics": metrics})
            if self._strategy.prunes:
                worker.order({"go on": not self._prune(number, epoch, metrics)})
        elif told == "ended" and number is not None:
            worker.trial = None
            metrics = {name: float(value) for name, value in message["metrics"].items()}
            outcome = message["outcome"]
            worker.doubtful = outcome == "failed"  # what went wrong may be the process, or its device
            if outcome == "interrupted" and number in self._pruned:
                outcome = "pruned"
            trial = self._running.pop(number)
            self._end(trial, outcome, metrics, float(message["seconds"]), message["error"])

    def _warn_once(self, line: str) -> None:
        """Hand on what a trial warns of; the others will say the same."""
        if line not in self._warned:
            self._warned.add(line)
            self._warn(line)

    def _prune(self, number: int, epoch: int, metrics: Mapping[str, float]) -> bool:
        value = metrics.get(self._asked.metric, math.nan)
        if not self._strategy.report(number, epoch, value) or epoch >= self._epochs[number]:
            return False  # after the last epoch there is nothing to be saved
        self._pruned.add(number)
        return True

    def _lost(self, worker: Worker, how: str, stopped: bool) -> None:
        """A worker is gone: told to go, killed, or by an error in native code."""
        if worker.trial is None:
            return
        trial = self._running.pop(worker.trial)
        caught_up = self._caught_up(trial)
        if caught_up.outcome in DONE:
            self._strategy.tell(trial.number, caught_up.outcome, caught_up.value)
        elif stopped:
            self._end(trial, "interrupted", {}, 0.0, "")
        elif worker.given > 1 and trial.folder is not None and not trial.folder.journal.is_file():
            self._waiting.insert(0, trial)  # the process broke down after the trial before it
        elif worker.ready:
            self._end(trial, "failed", {}, 0.0, f"its process ended by {how or 'itself'}")
        else:
            message = f"the process that is to carry out trials could not start: {how}"
            hint = "`hornbook doctor` looks at the installation"
            raise HornbookError(Problem(code="HB547", message=message, hint=hint), exit_code=1)

    def _end(
        self, trial: Trial, outcome: str, metrics: Mapping[str, float], seconds: float, error: str
    ) -> None:
        self._interrupted |= outcome == "interrupted"
        ended = self._write_end(trial, outcome, metrics, seconds, error)
        if outcome in ENDED:
            self._strategy.tell(trial.number, outcome, ended.value)

    def _write_end(
        self, trial: Trial, outcome: str, metrics: Mapping[str, float], seconds: float, error: str
    ) -> Trial:
        value = metrics.get(self._asked.metric)
        if outcome not in ("finished", "unmet") or value is None or not math.isfinite(value):
            value = None
        ended = replace(
            trial, outcome=outcome, value=value, metrics=dict(metrics), seconds=seconds, error=error
        )
        event = self._journal.write(
            "trial_ended",
            trial=trial.number,
            run_id=trial.run_id or None,
            outcome=outcome,
            value=value,
            metrics=dict(metrics),
            seconds=round(seconds, 3),
            error=error or None,
        )
        self._listener({**event, "values": dict(trial.values)})
        return ended

    def _write(self, trial_started: Trial, run_id: str | None) -> None:
        values = dict(trial_started.values)
        number = trial_started.number
        self._listener(self._journal.write("trial_started", trial=number, run_id=run_id, values=values))
