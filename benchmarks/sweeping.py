"""What a further trial of a sweep costs, against its own build, fit and evaluation.

A sweep over seeds runs with one worker. After every fourth trial, once the reports so far are drawn, this process
does the work of four such trials by itself, Keras long imported: it loads the data, makes the model, compiles, fits
and evaluates; no journal, no checkpoints, no saved model, no reports. Trials count that follow on another, whose
reports are drawn and delivered meanwhile. Prints the medians of each round, and their ratio.

    uv run benchmarks/sweeping.py [--recipe digits] [--rounds 5] [--epochs 20] [--tracking]
"""

import argparse
import gc
import os
import statistics
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


ROUND = 4


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--recipe", default="digits")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--epochs", type=int, default=20)
    options.add_argument("--tracking", action="store_true")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        changes = [f"training.epochs={given.epochs}", "~expect"]
        rounds = measure(given.recipe, given.rounds, changes, given.tracking)
    ratios = []
    for number, (trials, alone) in enumerate(rounds, 1):
        ratios.append(statistics.median(trials) / statistics.median(alone))
        print(
            f"round {number}: a further trial {statistics.median(trials):.2f} s, "
            f"its work alone {statistics.median(alone):.2f} s, ratio {ratios[-1]:.2f}"
        )
    print(f"median ratio {statistics.median(ratios):.2f}, from {min(ratios):.2f} to {max(ratios):.2f}")


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
    planned = plan(recipe, changes, read_variables([f"seed=1..{ROUND * rounds}"]), Search(), known)
    work_alone(read(recipe, [*changes, "seed=0"], known))  # what only the first time costs
    gc.freeze()  # as a worker does, or collecting garbage would take this process longer
    measured: list[tuple[list[float], list[float]]] = []
    taken: list[float] = []
    began = 0.0

    def listen(event: Mapping[str, Any]) -> None:
        nonlocal began
        if event["event"] != "trial_ended":
            return
        taken.append(time.perf_counter() - began)
        trial = event["trial"]
        if trial % ROUND == 0:
            wait_for_reports(Path("runs", event["run_id"]))
            seeds = range(trial - ROUND + 1, trial + 1)
            alone = [work_alone(read(recipe, [*changes, f"seed={seed}"], known)) for seed in seeds]
            measured.append((taken[1 - ROUND :], alone))
        began = time.perf_counter()

    carry_out(planned, SweepOptions(tracking=tracking, listener=listen))
    return measured


def wait_for_reports(run: Path) -> None:
    """Wait until the process beside the sweep has drawn the reports of a run."""
    for _ in range(600):
        if (run / "artifacts" / "reports" / "index.json").is_file():
            return
        time.sleep(0.1)


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
