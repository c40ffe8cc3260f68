"""The Tversky loss, whose weights weigh what they say they weigh."""

from typing import Any

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="hornbook_losses")
class Tversky(keras.losses.Tversky):
    """Dice with weights of its own for false positives and false negatives.

    With p the predictions and y the labels, summed over regions:

        1 - sum(p * y) / (sum(p * y) + alpha * sum(p * (1 - y)) + beta * sum((1 - p) * y))

    Keras' function takes labels for predictions, so its `alpha` weighs what was missed. The parameters are those
    of `keras.losses.Tversky`.

    Reference:
        Salehi, Erdogmus and Gholipour 2017, "Tversky loss function for image segmentation using 3D fully
        convolutional deep networks".

    Example:
        >>> round(float(Tversky(alpha=0.0, beta=1.0)([[1.0, 1.0]], [[1.0, 0.0]])), 4)
        0.5
    """

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """Compute the loss.

        Args:
            y_true: 1 within a region and 0 outside; of the shape of `y_pred`.
            y_pred: Predictions from 0 to 1, of any shape.

        Returns:
            The loss from 0 to 1: a scalar or, where `axis` is given, of the axes that it leaves.
        """
        predictions = ops.convert_to_tensor(y_pred)
        labels = ops.cast(y_true, predictions.dtype)

        def over(values: Any) -> Any:
            return ops.sum(values, axis=self.axis)

        hit = over(labels * predictions)
        false, missed = over((1 - labels) * predictions), over(labels * (1 - predictions))
        return 1 - hit / (hit + self.alpha * false + self.beta * missed + keras.config.epsilon())
