"""Loss scaling around another optimizer."""

import keras


def loss_scale(
    inner_optimizer: keras.optimizers.Optimizer,
    initial_scale: float = 32768.0,
    dynamic_growth_steps: int = 2000,
    name: str | None = None,
) -> keras.optimizers.Optimizer:
    """Scale the loss up around another optimizer, so that float16 gradients do not vanish.

    The scale is halved, and the step left out, when a gradient is not finite; it is doubled after
    `dynamic_growth_steps` steps without that. Keras' class inherits the parameters of an optimizer,
    such as the learning rate, and refuses them: they belong to the inner one.

    Args:
        inner_optimizer: The optimizer that takes the steps.
        initial_scale: What the loss is multiplied by at first, above 0.
        dynamic_growth_steps: How many good steps in a row double the scale, at least 1.
        name: The optimizer's name; Keras' own if left out.

    Returns:
        A `keras.optimizers.LossScaleOptimizer`.

    Raises:
        ValueError: If `initial_scale` is not above 0.

    Reference:
        Micikevicius et al. 2018, "Mixed Precision Training".

    Example:
        >>> loss_scale(keras.optimizers.SGD()).initial_scale
        32768.0
    """
    if not initial_scale > 0:
        raise ValueError(f"Argument `initial_scale` must be above 0. Received: initial_scale={initial_scale}")
    return keras.optimizers.LossScaleOptimizer(
        inner_optimizer, initial_scale=initial_scale, dynamic_growth_steps=dynamic_growth_steps, name=name
    )
