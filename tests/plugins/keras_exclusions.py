"""What Keras exports and Hornbook does not offer, each with the reason. Read by test_keras_is_covered."""

BASE = "a base class: there is nothing to build from it"
CODE = "takes code, and a recipe is plain data"
MACHINERY = "machinery of Keras, not something that a model is made of"
RUN = "the run does this itself, in its own folder"
ONE_VALUE = "takes values, where a metric of a run is given labels and predictions"
FULL_CONFIG = "the class of this name derives from it: its configuration leaves an argument out"
FACTORY = "Hornbook's function of this name makes it, so as to set what Keras' defaults get wrong here"

EXCLUDED: dict[str, dict[str, str]] = {
    "keras.losses": {
        "Loss": BASE,
        "CosineSimilarity": FULL_CONFIG,
        "Huber": FULL_CONFIG,
        "SparseCategoricalCrossentropy": FULL_CONFIG,
        "Tversky": "tversky derives from it: its alpha and beta weigh each what the other should",
    },
    "keras.optimizers": {
        "Optimizer": BASE,
        "OptimizerMap": "not an optimizer: a map from paths of variables, for MultiOptimizer",
        "MultiOptimizer": "takes an OptimizerMap or a function, neither of which is plain data",
        "LossScaleOptimizer": "loss_scale makes it: the class requires a learning rate and then refuses it",
        "ScheduleFreeAdamW": "schedule_free_adamw derives from it: it averages other points on TensorFlow "
        "than on JAX",
    },
    "keras.optimizers.schedules": {"LearningRateSchedule": BASE, "CosineDecay": FACTORY},
    "keras.metrics": {
        "Metric": BASE,
        "Mean": ONE_VALUE,
        "Sum": ONE_VALUE,
        "MeanMetricWrapper": CODE,
        "AUC": FACTORY,
        "CosineSimilarity": FULL_CONFIG,
        "SparseTopKCategoricalAccuracy": FULL_CONFIG,
        "F1Score": FACTORY,
        "FBetaScore": FACTORY,
    },
    "keras.callbacks": {
        "Callback": BASE,
        "CallbackList": MACHINERY,
        "History": MACHINERY,
        "ProgbarLogger": MACHINERY,
        "LambdaCallback": CODE,
        "LearningRateScheduler": CODE + "; schedulers do this",
        "EarlyStopping": "early_stopping derives from it, to go on after an interruption",
        "ReduceLROnPlateau": "reduce_on_plateau derives from it, to go on after an interruption",
        "BackupAndRestore": RUN,
        "ModelCheckpoint": RUN,
        "OrbaxCheckpoint": RUN,
        "CSVLogger": RUN + ": every epoch's metrics are in the journal",
        "TensorBoard": "writes to a folder outside the run's; trackers read the journal instead",
        "RemoteMonitor": "sends metrics over the network; trackers do this",
    },
    "keras.layers": {
        "Layer": BASE,
        "Wrapper": BASE,
        "Lambda": CODE,
        "FlaxLayer": CODE,
        "JaxLayer": CODE,
        "TorchModuleWrapper": CODE,
        "TFSMLayer": "runs a saved TensorFlow graph from a file, whatever is in it",
        "InputLayer": MACHINERY,
        "InputSpec": MACHINERY,
        "MaxNumBoundingBoxes": "works on bounding boxes, which version 1 of recipes does not carry",
        "AugMix": "picks its operations with Python's randomness, which a run cannot repeat",
        "ContrastLimitedAdaptiveHistogramEqualization": "refuses batches with labels",
        "CutMix": "cutmix is Hornbook's own: one box for each example, and it refuses integer labels",
        "MixUp": "mixup is Hornbook's own: it refuses integer labels, which Keras mixes up on JAX",
        "RandomElasticTransform": "random_elastic_transform is Hornbook's own: it bends every image by itself in a "
        "tf.data pipeline too",
        "RandomInvert": "random_invert derives from it: its negatives leave a range that does not begin at 0",
        "RandomCrop": "random_crop is Hornbook's own: it pads and keeps the size, a place for each example",
        "RandomGrayscale": "random_grayscale derives from it, to take batches with labels",
    },
    "keras.activations": {
        "glu": "halves the features, which layers do not expect of their activation; there is a layer",
        "sparsemax": "sparsemax is Hornbook's own: Keras' does not add up to 1",
        "threshold": "has no defaults for its parameters; there is a layer",
        "get": MACHINERY,
        "serialize": MACHINERY,
        "deserialize": MACHINERY,
    },
    "keras.initializers": {"Initializer": BASE},
    "keras.regularizers": {"Regularizer": BASE},
    "keras.constraints": {"Constraint": BASE},
}
"""By namespace and exported name. One name is enough for an object that Keras exports under several."""
