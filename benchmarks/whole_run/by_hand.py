"""A digits CNN as one writes it by hand: Keras, MLflow's autolog, a SQLite store named on the command line."""

import sys

import keras
import mlflow
import mlflow.keras
import numpy as np
from sklearn.datasets import load_digits

keras.utils.set_random_seed(7)
digits = load_digits()
images = (digits.images / 16.0).astype("float32")[..., None]
labels = keras.utils.to_categorical(digits.target, 10)
order = np.random.default_rng(7).permutation(len(images))
train, validation = np.split(order, [int(0.8 * len(images))])

model = keras.Sequential(
    [
        keras.Input((8, 8, 1)),
        keras.layers.Conv2D(32, 3, padding="same", activation="relu"),
        keras.layers.BatchNormalization(),
        keras.layers.Conv2D(64, 3, activation="relu"),
        keras.layers.MaxPooling2D(),
        keras.layers.Flatten(),
        keras.layers.Dense(10, activation="softmax"),
    ]
)
model.compile(keras.optimizers.Adam(1e-3), keras.losses.CategoricalCrossentropy(), metrics=["accuracy"])
mlflow.set_tracking_uri(f"sqlite:///{sys.argv[1]}")
mlflow.set_experiment("digits")
mlflow.keras.autolog()
with mlflow.start_run():
    model.fit(
        images[train],
        labels[train],
        validation_data=(images[validation], labels[validation]),
        epochs=10,
        batch_size=64,
    )
