"""Callbacks that end training, and one that draws."""

import random

import keras
import numpy as np


class Raising(keras.callbacks.Callback):
    """Raises when an epoch ends."""

    def __init__(self, epoch: int = 2):
        super().__init__()
        self.at = epoch

    def on_epoch_end(self, epoch, logs=None):
        if epoch + 1 == self.at:
            raise RuntimeError("the disk is\nfull")


class Interrupting(keras.callbacks.Callback):
    """Interrupts the process when an epoch ends, as Ctrl-C does."""

    def __init__(self, epoch: int = 2):
        super().__init__()
        self.at = epoch

    def on_epoch_end(self, epoch, logs=None):
        import signal

        if epoch + 1 == self.at:
            signal.raise_signal(signal.SIGINT)


class Holding(keras.callbacks.Callback):
    """Holds what cannot be written down."""

    def __init__(self):
        super().__init__()
        self.held = {1, 2, 3}


class Drawing(keras.callbacks.Callback):
    """Draws from every generator that anybody may draw from, at every occasion, and remembers what it drew."""

    def __init__(self):
        super().__init__()
        self.drawn = []

    def _draw(self):
        self.drawn.append((random.random(), float(np.random.rand()), float(keras.random.uniform(()))))

    def on_epoch_begin(self, epoch, logs=None):
        self._draw()

    def on_train_batch_begin(self, batch, logs=None):
        self._draw()

    def on_train_batch_end(self, batch, logs=None):
        self._draw()

    def on_epoch_end(self, epoch, logs=None):
        self._draw()
