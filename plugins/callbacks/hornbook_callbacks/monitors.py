"""Callbacks that watch a metric, able to go on where an interrupted run left off."""

from collections.abc import Mapping
from typing import Any

import keras


class _Resumable:
    """Tells what a callback learnt in training, apart from how it was set up.

    Keras turns the sign of `min_delta` when training starts, so to restore every attribute would turn
    it twice. What a callback learns is therefore named one by one.
    """

    learns: tuple[str, ...]

    def get_state(self) -> dict[str, Any]:
        """Return what was learnt so far: numbers, and weights as lists of arrays."""
        return {name: getattr(self, name) for name in self.learns}

    def set_state(self, state: Mapping[str, Any]) -> None:
        """Take up what another run of the same callback had learnt; after `on_train_begin`, which forgets.

        Args:
            state: As `get_state` returned it.
        """
        for name in self.learns:
            setattr(self, name, state[name])


class EarlyStopping(_Resumable, keras.callbacks.EarlyStopping):
    """Stops training when a metric has stopped improving.

    The parameters are those of `keras.callbacks.EarlyStopping`.

    Reference:
        Prechelt 1998, "Early Stopping - But When?".

    Example:
        >>> EarlyStopping(monitor="val_loss", patience=3).patience
        3
    """

    learns = ("wait", "stopped_epoch", "best", "best_epoch", "best_weights")


class ReduceLROnPlateau(_Resumable, keras.callbacks.ReduceLROnPlateau):
    """Lowers the learning rate when a metric has stopped improving.

    Keras' class takes any parameter and ignores those it does not know; this one refuses them.

    Args:
        monitor: The metric that is watched, as it is called in the logs.
        factor: What the learning rate is multiplied by, below 1.
        patience: After how many epochs without improvement.
        verbose: 1 to print when the learning rate is lowered, 0 to be silent.
        mode: `"min"` or `"max"`, whichever is better; `"auto"` goes by the metric.
        min_delta: The least change that counts as an improvement.
        cooldown: How many epochs to wait after lowering before counting again.
        min_lr: The learning rate below which it is not lowered.

    Example:
        >>> ReduceLROnPlateau(monitor="val_loss", factor=0.5, patience=3).factor
        0.5
    """

    learns = ("wait", "cooldown_counter", "best")

    def __init__(
        self,
        monitor: str = "val_loss",
        factor: float = 0.1,
        patience: int = 10,
        verbose: int = 0,
        mode: str = "auto",
        min_delta: float = 1e-4,
        cooldown: int = 0,
        min_lr: float = 0.0,
    ) -> None:
        super().__init__(monitor, factor, patience, verbose, mode, min_delta, cooldown, min_lr)
