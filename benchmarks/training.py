"""Time in training: `hornbook run` against `fit` as an expert tunes it, plain `fit`, and with a slow tracking server.

All do the same work: model, examples, validation, epochs, batch size, optimizer, metrics; only the run has
checkpoints, journal and tracking besides, as it has by default. Each contender works in a fresh process, so that
none finds a warm cache or the leavings of another; they take turns, and turn their order round by round. What
counts is the time from the compilation of the model to the end of the last epoch. First the loops that an expert
might write are tried out, and the best is taken, with as many epochs as it needs for the time that was asked for.

    uv run benchmarks/training.py [--data digits|mnist] [--pairs 15] [--seconds 60] [--backend tensorflow|jax]
        [--contenders hornbook tuned fit untracked slow] [--mnist FILE]

Prints each pair's ratios as they come, and their medians; keeps all in benchmarks/results/.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

from contenders.pictures import COUNT, VALIDATION, write_pictures
from contenders.slow_server import slow_server

HERE = Path(__file__).parent
CONTENDERS = ["hornbook", "tuned", "fit", "untracked", "slow"]
COMPARED = [("hornbook", "tuned"), ("hornbook", "fit"), ("untracked", "tuned"), ("slow", "untracked")]


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--data", choices=["digits", "mnist"], default="digits")
    options.add_argument("--pairs", type=int, default=15)
    options.add_argument("--seconds", type=int, default=60, help="what the best loop needs, at the least")
    options.add_argument("--backend", choices=["tensorflow", "jax", "torch"], default="tensorflow")
    options.add_argument("--contenders", nargs="+", choices=CONTENDERS, default=CONTENDERS[:3])
    options.add_argument(
        "--mnist", type=Path, help="MNIST, as Keras downloads it; left out, pictures like it"
    )
    given = options.parse_args()
    os.environ["KERAS_BACKEND"] = given.backend
    with ExitStack() as stack:
        changes = stack.enter_context(data(given.data, given.mnist))
        print("the loops of an expert:")
        loop = contend("tune", given.seconds, changes)
        print(f"the best: {loop['loop']}; {loop['epochs']} epochs")
        if "slow" in given.contenders:
            os.environ["MLFLOW_TRACKING_URI"] = stack.enter_context(slow_server())
        file = HERE / "results" / f"{given.data}-{given.backend}-{'-'.join(given.contenders)}.json"
        measure(given.contenders, given.pairs, loop, changes, file)


@contextmanager
def data(name: str, mnist: Path | None) -> Iterator[list[str]]:
    """The changes to the recipe that name the data, which lies there meanwhile."""
    if name == "digits":
        yield []
        return
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "pictures.npz"
        write_pictures(file, mnist)
        yield [f"data={{use: npz, path: {file}, validation: {VALIDATION / COUNT}}}"]


def measure(names: Sequence[str], pairs: int, loop: dict[str, Any], changes: list[str], file: Path) -> None:
    """Let the contenders take turns, print what they took, and write it down after every round."""
    clock: dict[str, list[float]] = {name: [] for name in names}
    processor: dict[str, list[float]] = {name: [] for name in names}
    accuracy: dict[str, float] = {}
    load = [os.getloadavg()[0]]
    print(f"{os.cpu_count()} cores, load {load[0]:.1f}")
    for number in range(pairs):
        for name in names if number % 2 == 0 else reversed(names):
            took = contend(f"tuned:{loop['number']}" if name == "tuned" else name, loop["epochs"], changes)
            clock[name].append(round(took["seconds"], 2))
            processor[name].append(round(took["processor"], 2))
            accuracy[name] = round(took["val_accuracy"], 4)
        load.append(round(os.getloadavg()[0], 2))
        seconds = "  ".join(f"{name} {clock[name][-1]:.1f} s" for name in names)
        ratios = "  ".join(f"{pair} {each[-1]:.3f}" for pair, each in compared(clock))
        print(f"{number + 1:2}  {seconds}  {ratios}  load {load[-1]:.1f}", flush=True)
        found = {
            "ratios": {pair: spread(each) for pair, each in compared(clock)},
            "ratios of processor time": {pair: spread(each) for pair, each in compared(processor)},
            "loop": loop,
            "accuracy": accuracy,
            "machine": machine(),
            "load": load,
            "seconds": clock,
            "seconds of processor time": processor,
        }
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    tell(found)


def machine() -> dict[str, Any]:
    """What it was measured on."""
    versions = {name: version(name) for name in ("keras", "tensorflow", "jax")}
    return {"cores": os.cpu_count(), "python": platform.python_version(), **versions}


def tell(found: dict[str, Any]) -> None:
    """Print the medians."""
    epochs, load = found["loop"]["epochs"], found["load"]
    for name, seconds in found["seconds"].items():
        middle = statistics.median(seconds)
        print(f"{name:10} median {middle:.1f} s, {1000 * middle / epochs:.1f} ms an epoch, ", end="")
        print(f"val_accuracy {found['accuracy'][name]}")
    for pair, one in found["ratios"].items():
        low, high = one["middle half"]
        print(f"{pair}: median {one['median']} of {one['pairs']}, half of them {low} to {high}; ", end="")
        print(f"of processor time {found['ratios of processor time'][pair]['median']}")
    print(f"load {load[0]:.1f} at the beginning, {load[-1]:.1f} at the end")


def compared(taken: dict[str, list[float]]) -> Iterator[tuple[str, list[float]]]:
    """The ratios of each pair of contenders that are to be compared."""
    for one, other in COMPARED:
        if one in taken and other in taken:
            yield (
                f"{one}/{other}",
                [ours / theirs for ours, theirs in zip(taken[one], taken[other], strict=False)],
            )


def spread(ratios: Sequence[float]) -> dict[str, Any]:
    """The median of ratios, and what half of them lie between."""
    quarters = statistics.quantiles(ratios, n=4, method="inclusive") if len(ratios) > 1 else [ratios[0]] * 3
    low, middle, high = (round(one, 3) for one in quarters)
    return {"median": middle, "middle half": [low, high], "pairs": len(ratios)}


def contend(name: str, amount: int, changes: Sequence[str]) -> dict[str, Any]:
    """What a contender says, in a fresh process."""
    command = [sys.executable, str(HERE / "contenders" / "contender.py"), name, str(amount), *changes]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{name} failed:\n{done.stderr[-3000:]}")
    if name == "tune":
        print("\n".join(line for line in done.stderr.splitlines() if line.startswith("  Loop")))
    return dict(json.loads(done.stdout.splitlines()[-1]))


if __name__ == "__main__":
    main()
