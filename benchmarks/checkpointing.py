"""What checkpoints cost: the share of the time in training that goes into them, where a recipe leaves it to the run.

`python benchmarks/checkpointing.py` trains three times and prints a table. Whatever a checkpoint takes is counted:
copying the state, writing it, and waiting for the disk. The limit is 2 %.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("HORNBOOK_REPORTS", "off")

LIMIT = 0.02
WIDE = """\
recipe: 1
name: wide
data: {use: digits, validation: 0.2}
model: {use: mlp, hidden: [2048, 2048]}
loss: categorical_crossentropy
optimizer: adam
training: {epochs: 1, batch_size: 32}
"""


@dataclass
class Spent:
    """Seconds, and how often."""

    seconds: float = 0.0
    times: int = 0

    def timed(self, action: Callable[..., Any]) -> Callable[..., Any]:
        """The same action, counted."""

        def counted(*arguments: Any, **more: Any) -> Any:
            began = time.perf_counter()
            try:
                return action(*arguments, **more)
            finally:
                self.seconds += time.perf_counter() - began
                self.times += 1

        return counted


def measure(recipe: str, epochs: int, folder: Path) -> tuple[Spent, Spent, int]:
    """Carry a recipe out, and measure.

    Args:
        recipe: The recipe.
        epochs: How many epochs.
        folder: Where runs go.

    Returns:
        What went into checkpoints, what into training as a whole, and the bytes of a checkpoint.
    """
    import hornbook
    from hornbook.runner import session
    from hornbook.runner.checkpoints.keeper import Keeper

    checkpoints, training = Spent(), Spent()
    keep, train = Keeper.keep, session.train
    Keeper.keep, session.train = checkpoints.timed(keep), training.timed(train)  # type: ignore[method-assign]
    try:
        done = hornbook.run(recipe, [f"training.epochs={epochs}"], runs_dir=folder, tracking=False)
    finally:
        Keeper.keep, session.train = keep, train  # type: ignore[method-assign]
    if done.error:
        raise RuntimeError(done.error)
    return checkpoints, training, max(done.folder.checkpoints.iterdir()).stat().st_size


def main() -> None:
    """Measure and print; exit with 1 where the limit is passed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=60.0, help="how long the longer trainings take")
    seconds = parser.parse_args().seconds
    print("| training | checkpoints | size | in them | in training | share |\n|---|---|---|---|---|---|")
    passed = False
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        wide = folder / "wide.yaml"
        wide.write_text(WIDE)
        for name, recipe, epochs in (
            ("digits, 20 epochs", "digits", 20),
            ("digits, a minute", "digits", _epochs("digits", seconds, folder)),
            ("4 million parameters, a minute", str(wide), _epochs(str(wide), seconds, folder)),
        ):
            checkpoints, training, size = measure(recipe, epochs, folder)
            share = checkpoints.seconds / training.seconds
            passed |= share > LIMIT
            print(
                f"| {name} | {checkpoints.times} | {size / 1e6:.2f} MB | {checkpoints.seconds:.3f} s "
                f"| {training.seconds:.1f} s | {share:.2%} |",
                flush=True,
            )
    raise SystemExit(1 if passed else 0)


def _epochs(recipe: str, seconds: float, folder: Path) -> int:
    """How many epochs take so long, going by a few."""
    few, more = (measure(recipe, epochs, folder)[1].seconds for epochs in (3, 13))
    return max(20, round(seconds / max((more - few) / 10, 1e-3)))


if __name__ == "__main__":
    main()
