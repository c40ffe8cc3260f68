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
HOPELESS = 3.0
"""How many times as long as the quickest a loop's second epoch may take, if it is to be tried again."""


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
    from hornbook.runner import run as running

    companion, taken = running.companion, Taken()

    def accompanied(*arguments: Any) -> Any:
        """Start the process beside the run, and only then import Keras, as `hornbook run` does."""
        started = companion(*arguments)
        from hornbook.runner import session

        train = session.train

        def timed(*arguments: Any) -> Any:
            with taken:
                return train(*arguments)

        session.train = timed  # the only way to its time without a callback that would slow it down
        return started

    running.companion = accompanied
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
    """Try every loop, the quicker ones round by round, and tell which would do the most in so many seconds.

    Returns:
        `number` and `loop` of the best, and `epochs`, how many it goes through in the time.
    """
    import keras
    from loops import LOOPS, training

    splits = examples(changes)
    loops = LOOPS[keras.backend.backend()]
    fits: list[Callable[[int], Any]] = []
    first: list[float] = []
    once: list[float] = []
    for loop in loops:
        began = time.perf_counter()
        fits.append(training(loop, splits))
        fits[-1](1)
        first.append(time.perf_counter() - began)
        once.append(_taken(fits[-1], 1))
    promising = [number for number, taken in enumerate(once) if taken <= HOPELESS * min(once)]
    each: dict[int, list[float]] = {number: [] for number in promising}
    for _ in range(TRIALS):
        for number in promising:
            epochs = max(1, int(TRIAL_SECONDS / once[number]))
            each[number].append(_taken(fits[number], epochs) / epochs)
    # The least of the trials is the one that other work on the machine disturbed least.
    within = {number: (seconds - first[number]) / min(taken) for number, taken in each.items()}
    for number, loop in enumerate(loops):
        milliseconds = 1000 * statistics.median(each.get(number, [once[number]]))
        done = f"{within[number]:.0f} in {seconds} s" if number in within else "not tried again"
        print(f"  {loop}: {milliseconds:.1f} ms an epoch, {done}", file=sys.stderr)
    best = max(within, key=lambda number: within[number])
    return {"number": best, "loop": loops[best]._asdict(), "epochs": round(within[best])}


def _taken(fit: Callable[[int], Any], epochs: int) -> float:
    began = time.perf_counter()
    fit(epochs)
    return time.perf_counter() - began


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], int(sys.argv[2]), sys.argv[3:])))
    sys.stdout.flush()
    os._exit(0)
