"""One contender of training.py, in a process of its own: prints what it took as one line of JSON.

    contender.py NAME EPOCHS [CHANGE ...]

NAME is `hornbook` (tracked into SQLite, as by default), `untracked`, `slow` (tracked by the server at
MLFLOW_TRACKING_URI), `fit`, `tuned:NUMBER`, a loop of loops.py, or `tune`, which tries every loop in turn. Each
CHANGE is one of the recipe, as after `-s`.

What counts is the time in training: from before the model is compiled and the data made ready for `fit`, to the
end of the last epoch with all that goes with it; so the first step's tracing and compilation, each epoch's
validation and a run's checkpoints and journal count, and imports, loading data and saving the model do not.
"""

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
RECIPE = HERE / "recipe.yaml"
TRIAL_SECONDS, TRIALS = 2.0, 3
"""How long a loop is tried out, and how often."""


def main(name: str, epochs: int, changes: Sequence[str]) -> dict[str, Any]:
    """Do the work."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    if name == "tune":
        return tuned(epochs, changes)
    if name in ("hornbook", "untracked", "slow"):
        return by_recipe(name, epochs, changes)
    return by_hand(name, epochs, changes)


class Taken:
    """Takes the time of what is done within: `seconds` by the clock, `processor` seconds of this process."""

    def __enter__(self) -> "Taken":
        self.seconds, self.processor = -time.perf_counter(), -time.process_time()
        return self

    def __exit__(self, *error: object) -> None:
        self.seconds += time.perf_counter()
        self.processor += time.process_time()


def by_recipe(name: str, epochs: int, changes: Sequence[str]) -> dict[str, Any]:
    """`hornbook.run`; the time of its function that trains."""
    import hornbook
    from hornbook.runner import session

    train, taken = session.train, Taken()

    def timed(*arguments: Any) -> Any:
        with taken:
            return train(*arguments)

    session.train = timed  # the only way to its time without a callback that would slow it down
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        run = hornbook.run(RECIPE, [f"training.epochs={epochs}", *changes], tracking=name != "untracked")
        os.chdir(HERE)
    assert run.outcome == "finished", f"{run.outcome}: {run.error}"
    return {**vars(taken), "val_accuracy": run.metrics["val_accuracy"]}


def by_hand(name: str, epochs: int, changes: Sequence[str]) -> dict[str, Any]:
    """`model.fit`, plain or tuned."""
    import keras
    from loops import LOOPS, PLAIN, training

    splits = examples(changes)
    loop = PLAIN if name == "fit" else LOOPS[keras.backend.backend()][int(name.partition(":")[2])]
    with Taken() as taken:
        done = training(loop, splits)(epochs)
    return {**vars(taken), "val_accuracy": done.history["val_accuracy"][-1]}


def examples(changes: Sequence[str]) -> Any:
    """The splits that a run of the recipe has."""
    from hornbook.catalog import catalog
    from hornbook.recipes.reading import read
    from hornbook.runner.session import load_data

    return load_data(read(RECIPE, changes, catalog())).splits


def tuned(seconds: int, changes: Sequence[str]) -> dict[str, Any]:
    """Try every loop, round by round, and tell which would be the first to end a work of so many seconds.

    Returns:
        `number` and `loop` of the best, `first` and `epoch`, what its first epoch and each further one takes,
        and `epochs`, how many it goes through in the time.
    """
    import keras
    from loops import LOOPS, training

    splits = examples(changes)
    loops = LOOPS[keras.backend.backend()]
    trials = []
    for loop in loops:
        began = time.perf_counter()
        fit = training(loop, splits)
        fit(1)
        first = time.perf_counter() - began
        trials.append((fit, first, max(1, int(TRIAL_SECONDS / _taken(fit, 1)))))
    each: list[list[float]] = [[] for _ in loops]
    for _ in range(TRIALS):
        for taken, (fit, _, epochs) in zip(each, trials, strict=True):
            taken.append(_taken(fit, epochs) / epochs)
    # The least of the trials is the one that other work on the machine disturbed least.
    within = [(seconds - first) / min(taken) for taken, (_, first, _) in zip(each, trials, strict=True)]
    for loop, epochs, taken in zip(loops, within, each, strict=True):
        median = 1000 * statistics.median(taken)
        print(f"  {loop}: {median:.1f} ms an epoch, {epochs:.0f} in {seconds} s", file=sys.stderr)
    best = within.index(max(within))
    return {"number": best, "loop": loops[best]._asdict(), "epochs": round(within[best])}


def _taken(fit: Callable[[int], Any], epochs: int) -> float:
    began = time.perf_counter()
    fit(epochs)
    return time.perf_counter() - began


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], int(sys.argv[2]), sys.argv[3:])))
    sys.stdout.flush()
    os._exit(0)
