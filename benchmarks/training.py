"""Time in training: `hornbook run` against plain `model.fit(x, y)`, interleaved in one process.

Both train the model of `recipes/digits.yaml` on the same examples, with the same validation, optimizer and
batch size, without augmentation. Prints each pair's ratio of the median seconds an epoch, and the median ratio.

    uv run benchmarks/training.py [--pairs 5] [--epochs 30]
"""

import argparse
import os
import statistics
import tempfile
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--pairs", type=int, default=5)
    options.add_argument("--epochs", type=int, default=30)
    given = options.parse_args()
    ratios = []
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for number in range(given.pairs):
            ours, theirs = by_recipe(given.epochs), by_hand(given.epochs)
            ratios.append(ours / theirs)
            print(
                f"pair {number + 1}: run {1000 * ours:.0f} ms, fit {1000 * theirs:.0f} ms an epoch, ", end=""
            )
            print(f"ratio {ratios[-1]:.2f}")
    print(f"run / fit: median {statistics.median(ratios):.2f}, from {min(ratios):.2f} to {max(ratios):.2f}")


def by_recipe(epochs: int) -> float:
    """Median seconds an epoch under `hornbook.run`; the first epoch compiles and does not count."""
    import hornbook
    from hornbook.runner.journal import read

    changes = [f"training.epochs={epochs}", "~augment", "~expect", "optimizer.learning_rate=0.001"]
    run = hornbook.run("digits", changes, tracking=False)
    events = read(Path(run.folder.journal))
    return statistics.median([event["seconds"] for event in events if event["event"] == "epoch"][1:])


def by_hand(epochs: int) -> float:
    """Median seconds an epoch under `model.fit` on arrays."""
    import keras

    from hornbook.catalog import catalog
    from hornbook.recipes.reading import read
    from hornbook.runner.session import load_data

    splits = load_data(read("digits", [], catalog())).splits
    keras.utils.set_random_seed(7)
    model = keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            keras.layers.Conv2D(32, 3, activation="relu"),
            keras.layers.MaxPooling2D(),
            keras.layers.Flatten(),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    loss = keras.losses.CategoricalCrossentropy(label_smoothing=0.1)
    model.compile(keras.optimizers.Adam(0.001), loss, metrics=["accuracy"])
    timer = EpochTimer()
    train, validation = splits["train"], splits["validation"]
    model.fit(
        train.inputs,
        train.labels,
        validation_data=(validation.inputs, validation.labels),
        epochs=epochs,
        batch_size=64,
        callbacks=[timer.callback()],
        verbose=0,
    )
    return statistics.median(timer.seconds[1:])


class EpochTimer:
    """Takes the time of each epoch, validation included."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self._began = 0.0

    def callback(self) -> object:
        """The Keras callback that takes it."""
        import keras

        return keras.callbacks.LambdaCallback(on_epoch_begin=self._begin, on_epoch_end=self._end)

    def _begin(self, epoch: int, logs: object = None) -> None:
        self._began = time.perf_counter()

    def _end(self, epoch: int, logs: object = None) -> None:
        self.seconds.append(time.perf_counter() - self._began)


if __name__ == "__main__":
    main()
