"""Relay: hands Keras' calls on to the recipe's callbacks, so that they see one training where there are two fits.

A run that is resumed in the middle of an epoch fits the rest of that epoch and then the other epochs. Each
fit would begin and end the callbacks' training, and with it forget or restore weights.
"""

from collections.abc import Sequence
from typing import Any

import keras

from hornbook.runner.checkpoints.checkpoint import Checkpoint, restore, restore_metrics


class Relay(keras.callbacks.Callback):
    """Stands for callbacks within a fit.

    Args:
        callbacks: Whom calls are handed on to.
        start: The checkpoint that the training goes on from; none begins anew.
    """

    def __init__(
        self, callbacks: Sequence[keras.callbacks.Callback], start: Checkpoint | None = None
    ) -> None:
        super().__init__()
        self.callbacks = tuple(callbacks)
        self._start = start
        self._begun = False

    def set_model(self, model: keras.Model) -> None:
        """Tell the callbacks the model."""
        super().set_model(model)
        self._each("set_model", model)

    def set_params(self, params: dict[str, Any]) -> None:
        """Tell the callbacks the parameters of the fit."""
        super().set_params(params)
        self._each("set_params", params)

    def on_train_begin(self, logs: Any = None) -> None:
        """Begin the training, at the first fit only; then put all back as the checkpoint has it."""
        if self._begun:
            return
        self._begun = True
        self._each("on_train_begin", logs)
        if self._start is not None:
            restore(self._start, self.model, self.callbacks)
            if not self._start.step:
                self._start = None

    def end(self) -> None:
        """End the training, after the last fit."""
        self._each("on_train_end", None)

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Hand on."""
        self._each("on_epoch_begin", epoch, logs)

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Hand on."""
        self._each("on_epoch_end", epoch, logs)

    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
        """Hand on; before the first batch of the rest of an epoch, undo what beginning the epoch again did."""
        if self._start is not None:
            restore(self._start, self.model, self.callbacks)
            restore_metrics(self._start, self.model)
            self._start = None
        self._each("on_train_batch_begin", batch, logs)

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Hand on."""
        self._each("on_train_batch_end", batch, logs)

    def on_test_begin(self, logs: Any = None) -> None:
        """Hand on."""
        self._each("on_test_begin", logs)

    def on_test_end(self, logs: Any = None) -> None:
        """Hand on."""
        self._each("on_test_end", logs)

    def on_test_batch_begin(self, batch: int, logs: Any = None) -> None:
        """Hand on."""
        self._each("on_test_batch_begin", batch, logs)

    def on_test_batch_end(self, batch: int, logs: Any = None) -> None:
        """Hand on."""
        self._each("on_test_batch_end", batch, logs)

    def _each(self, hook: str, *arguments: Any) -> None:
        for callback in self.callbacks:
            getattr(callback, hook)(*arguments)
