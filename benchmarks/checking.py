"""Time to check recipes of 200 lines: one in a process of its own, and 1,000 in one call.

The index is warm, as it is after the first command. Prints the median of each, and which heavy packages
were imported (there should be none).

    uv run benchmarks/checking.py [--repeats 9] [--recipes 1000]
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HEAVY = ("keras", "tensorflow", "jax", "torch", "numpy", "mlflow", "sklearn", "pandas", "matplotlib", "rich")

HEAD = """\
recipe: 1
name: long
description: As long as a recipe that is written by hand gets.
seed: {seed}
data: {{use: digits, validation: 0.2, stratify: true}}
augment:
  - {{use: random_translation, height_factor: 0.1, width_factor: 0.1}}
  - {{use: cutmix, alpha: 1.0}}
loss: {{use: categorical_crossentropy, label_smoothing: 0.1}}
optimizer:
  use: adamw
  weight_decay: 0.01
  learning_rate:
    use: one_cycle
    max_learning_rate: 0.01
metrics: [accuracy, {{use: top_k, k: 3, name: top_3}}]
callbacks: [terminate_on_nan]
training: {{epochs: 20, batch_size: 64}}
expect: {{val_accuracy: {{min: 0.9}}}}
model:
"""
BLOCK = """\
  - use: residual
    layers:
      - {use: conv2d, filters: 32, kernel_size: 3, padding: same, kernel_initializer: he}
      - batch_normalization
      - {use: activation, activation: relu}
      - use: conv2d
        filters: 32
        kernel_size: 3
        padding: same
        kernel_regularizer: {use: l2, l2: 0.0001}
  - {use: dropout, rate: 0.1}
"""
TAIL = """\
  - global_average_pooling2d
  - {use: dense, name: head, units: "${data.classes}", activation: softmax}
"""
LINES = 200


def recipe(seed: int) -> str:
    """A recipe of 200 lines.

    Args:
        seed: What tells one from another.
    """
    head = HEAD.format(seed=seed)
    room = LINES - len(head.splitlines()) - len(TAIL.splitlines())
    blocks = BLOCK * (room // len(BLOCK.splitlines()))
    layers = "  - {use: conv2d, filters: 32, kernel_size: 3, padding: same}\n"
    return head + blocks + layers * (LINES - len((head + blocks + TAIL).splitlines())) + TAIL


def check(files: list[Path], *options: str) -> tuple[float, str]:
    """Seconds that a whole process of `hornbook check` takes, and what it wrote to stderr."""
    code = "from hornbook_cli.main import main; main()"
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, *options, "-c", code, "check", *map(str, files)],
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.perf_counter() - began
    if done.returncode:
        raise SystemExit(done.stdout[-2000:] + done.stderr[-2000:])
    return seconds, done.stderr


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--repeats", type=int, default=9)
    options.add_argument("--recipes", type=int, default=1000)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for number in range(given.recipes):
            files.append(Path(folder) / f"{number}.yaml")
            files[-1].write_text(recipe(number))
        check(files[:1])  # makes the index and the bytecode, where they are not there yet
        ones = [check(files[:1])[0] for _ in range(given.repeats)]
        print(f"1 recipe of {LINES} lines: median {statistics.median(ones):.3f} s, least {min(ones):.3f} s")
        seconds = min(check(files)[0] for _ in range(2))
        print(f"{given.recipes:,} recipes: {seconds:.2f} s, {1000 * seconds / given.recipes:.2f} ms each")
        _, imported = check(files[:1], "-X", "importtime")
    modules = {
        line.rpartition("|")[2].strip().partition(".")[0] for line in imported.splitlines() if "|" in line
    }
    print(f"heavy imports: {', '.join(sorted(modules.intersection(HEAVY))) or 'none'}")


if __name__ == "__main__":
    main()
