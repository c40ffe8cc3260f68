"""What a further trial of a sweep costs, against its own build, fit and evaluation.

A sweep over seeds runs with one worker. After every second trial this process does the work of two such trials by
itself, Keras long imported: it loads the data, makes the model, compiles, fits and evaluates; no journal, no
checkpoints, no saved model, no reports. The process that draws the reports of trials and delivers them is held
meanwhile, so that all it does falls beside trials. Prints the means of each round of four, and the median of their
ratios.

    uv run benchmarks/sweeping.py [--recipe digits] [--rounds 8] [--epochs 20] [--tracking]
"""

import argparse
import gc
import os
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psutil

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


ROUND, TURN = 4, 2


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--recipe", default="digits")
    options.add_argument("--rounds", type=int, default=8)
    options.add_argument("--epochs", type=int, default=20)
    options.add_argument("--tracking", action="store_true")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        changes = [f"training.epochs={given.epochs}", "~expect"]
        rounds = measure(given.recipe, given.rounds, changes, given.tracking)
    ratios = []
    for number, (trials, alone) in enumerate(rounds, 1):
        ratios.append(statistics.mean(trials) / statistics.mean(alone))
        print(
            f"round {number}: a further trial {statistics.mean(trials):.2f} s, "
            f"its work alone {statistics.mean(alone):.2f} s, ratio {ratios[-1]:.2f}"
        )
    low, _, high = statistics.quantiles(ratios, n=4) if len(ratios) > 1 else ratios * 3
    print(f"median ratio {statistics.median(ratios):.2f}, half of them {low:.2f} to {high:.2f}")


def measure(
    recipe: str, rounds: int, changes: list[str], tracking: bool
) -> list[tuple[list[float], list[float]]]:
    """For each round, seconds that further trials took, and those of the work of such trials alone."""
    from hornbook.catalog import catalog
    from hornbook.recipes.reading import read
    from hornbook.sweeps.planning import Search, plan
    from hornbook.sweeps.space import read_variables
    from hornbook.sweeps.sweep import SweepOptions, carry_out

    known = catalog()
    # Before the first round there is one of trials that do not count: the worker starts, and what draws does.
    planned = plan(recipe, changes, read_variables([f"seed=1..{ROUND * (rounds + 1)}"]), Search(), known)
    work_alone(read(recipe, [*changes, "seed=0"], known))  # what only the first time costs
    gc.freeze()  # as a worker does, or collecting garbage would take this process longer
    trials: list[float] = []
    alone: list[float] = []
    began = 0.0

    def listen(event: Mapping[str, Any]) -> None:
        nonlocal began
        if event["event"] != "trial_ended":
            return
        trials.append(time.perf_counter() - began)
        if event["trial"] % TURN == 0:
            with follower_held():
                seeds = range(event["trial"] - TURN + 1, event["trial"] + 1)
                alone.extend(work_alone(read(recipe, [*changes, f"seed={seed}"], known)) for seed in seeds)
        began = time.perf_counter()

    carry_out(planned, SweepOptions(tracking=tracking, listener=listen))
    firsts = range(ROUND, len(trials), ROUND)
    return [(trials[first : first + ROUND], alone[first : first + ROUND]) for first in firsts]


@contextmanager
def follower_held() -> Iterator[None]:
    """Hold the process beside the sweep."""
    beside = [one for one in psutil.Process().children() if "hornbook.sweeps.following" in one.cmdline()]
    for one in beside:
        one.suspend()
    try:
        yield
    finally:
        for one in beside:
            one.resume()


def work_alone(recipe: Any) -> float:
    """Seconds to load, build, fit and evaluate."""
    import keras

    from hornbook.runner.session import final_metrics, open_session
    from hornbook.runner.training.recorder import Watcher
    from hornbook.runner.training.training import go_through

    began = time.perf_counter()
    session = open_session(recipe)
    go_through(recipe, session.assembly, session.prepared.splits, session.augmentation, None, Watcher())
    final_metrics(session)
    seconds = time.perf_counter() - began
    keras.utils.clear_session()
    return seconds


if __name__ == "__main__":
    main()
