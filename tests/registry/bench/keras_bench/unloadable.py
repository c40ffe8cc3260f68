"""A module that fails when it is imported to be used, though it could be looked at."""

import os

from keras.losses import MeanSquaredError as Loss  # noqa: F401

if "KERAS_BENCH_BREAKS" in os.environ:
    raise RuntimeError("no license for this\nmachine")
