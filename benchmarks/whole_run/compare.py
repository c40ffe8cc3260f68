"""A whole tracked run, from the prompt to the prompt: `hornbook run` against a script written by hand.

Both train the same model on the same data and deliver metrics, parameters and the model to a fresh SQLite
store. Whole processes, in turn; prints each pair's ratio and the median.

    uv run benchmarks/whole_run/compare.py [--pairs 5]
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
QUIET = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--pairs", type=int, default=5)
    pairs = options.parse_args().pairs
    hornbook = Path(sys.executable).with_name("hornbook")
    subprocess.run([hornbook, "list"], check=True, capture_output=True)  # both find what they need in place
    ratios = []
    for number in range(pairs):
        ours = seconds([str(hornbook), "run", str(HERE / "by_recipe.yaml"), "--quiet", "--require-tracking"])
        theirs = seconds([sys.executable, str(HERE / "by_hand.py"), "store.db"])
        ratios.append(ours / theirs)
        print(f"pair {number + 1}: recipe {ours:.1f} s, by hand {theirs:.1f} s, ratio {ratios[-1]:.2f}")
    print(f"recipe / by hand: median {statistics.median(ratios):.2f}, {min(ratios):.2f} to {max(ratios):.2f}")


def seconds(command: list[str]) -> float:
    """The wall time of a command in an empty folder."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        subprocess.run(command, cwd=folder, env=QUIET, check=True, capture_output=True)
        return time.perf_counter() - began


if __name__ == "__main__":
    main()
