"""What a plugin contributes: components, their kinds and their parameters. Pure data, light to import."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

LabelForm = Literal["one_hot", "integer", "binary", "signed", "real", "input", "none"]
"""How labels are written: one column a class, class numbers, 0/1, -1/+1, numbers, the inputs, or not at all."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of component.

    Args:
        name: The word used in recipes, declarations and on the command line, such as `"loss"`.
        type: The Keras type of what a component of this kind yields, as `"module:Attribute"`.
        place: Where recipes name components of this kind, for people to read.
        called: Whether the target is called with the parameters to make the object. When false, the
            target itself is the object, as with activations: functions that layers take whole.
    """

    name: str
    type: str
    place: str
    called: bool = True


KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("loss", "keras.losses:Loss", "loss"),
        Kind("optimizer", "keras.optimizers:Optimizer", "optimizer"),
        Kind("scheduler", "keras.optimizers.schedules:LearningRateSchedule", "optimizer.learning_rate"),
        Kind("augmenter", "keras.layers:Layer", "augment"),
        Kind("layer", "keras.layers:Layer", "model.layers"),
        Kind("metric", "keras.metrics:Metric", "metrics"),
        Kind("activation", "collections.abc:Callable", "a layer's activation", called=False),
        Kind("initializer", "keras.initializers:Initializer", "a layer's *_initializer"),
        Kind("regularizer", "keras.regularizers:Regularizer", "a layer's *_regularizer"),
        Kind("constraint", "keras.constraints:Constraint", "a layer's *_constraint"),
        Kind("callback", "keras.callbacks:Callback", "callbacks"),
        Kind("dataset", "hornbook.dataset:Dataset", "data"),
        Kind("model", "keras:Model", "model"),
    )
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a component: what its constructor tells, and what a declaration adds to that.

    Args:
        name: The parameter's name. A declaration leaves it out: the mapping's key is the name.
        default: The default, as plain data; what is not plain is given as its `repr`.
        required: Whether the target cannot do without; a recipe can where the component has it `provided`.
        description: One line, from the docstring when the declaration has none.
        kind: The kind of component that the parameter takes, such as `"layer"`; lists of them too.
        choices: The values that are allowed, where they are few.
        minimum: The least number allowed.
        maximum: The greatest number allowed.
        path: Whether it names a file or folder, relative to the recipe that names it.
        opaque: Whether the default is an object that plain data cannot write. Found by inspection.
    """

    name: str = ""
    default: Any = None
    required: bool = False
    description: str = ""
    kind: str | None = None
    choices: tuple[Any, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    path: bool = False
    opaque: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """One thing that a plugin contributes, by name. See `hornbook.declare` for ways to write one down.

    Args:
        kind: One of `KINDS`.
        name: In snake_case, unique within the plugin and kind.
        target: Where the Python object is: `"package.module:Attribute"`.
        summary: One line; the first line of the target's docstring where it is left out.
        defaults: Parameters that the component presets; a recipe can still change them.
        provided: Parameters that the run fills in when a recipe leaves them out, each with the fact
            it takes, such as `{"decay_steps": "training.total_steps"}`. See `FACTS`.
        parameters: What the constructor does not tell of its parameters.
        labels: For a loss or metric, the form of labels it works on; none means any.
        facts: What is known without loading it, for checks; what is not said is not checked. For a
            dataset: `task`, `modality`, `shape`, `classes`, `class_names`, `labels`, `value_range`,
            `examples`, `splits`, `outputs`. For a loss: the `activation` it expects of the last layer,
            where its label form does not tell. For an activation: the `range` of what it gives. For a
            layer or model: which parameters are its `output_units` and `output_activation`. For a metric:
            the `threshold` parameter. For a scheduler: the parameter that may be its `length` in place of the
            one that is provided. The official plugins' declarations show their use.
        aliases: Other names for it.
        reference: The source of the method: authors and year.
        tags: Words to search by.
        backends: The Keras backends that it works on; none means all.
        since: The version of the plugin that first had it.
        replaced_by: The name to use instead, when it is on its way out.
        open_ended: Whether it takes parameters beyond those known by name. Found by inspection.
    """

    kind: str
    name: str
    target: str
    summary: str = ""
    defaults: Mapping[str, Any] = field(default_factory=dict)
    provided: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    labels: LabelForm | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    reference: str = ""
    tags: tuple[str, ...] = ()
    backends: tuple[str, ...] = ()
    since: str = ""
    replaced_by: str = ""
    open_ended: bool = False


FACTS: Mapping[str, str] = {
    "data.task": "classification, regression, or what else the dataset says it is for",
    "data.modality": "images, tokens, features or what else the inputs are called",
    "data.shape": "the shape of one input, without the batch axis",
    "data.classes": "how many classes there are",
    "data.class_names": "the names of the classes, in order",
    "data.examples": "how many training examples there are, after splitting",
    "data.value_range": "the least and the greatest value that inputs can take",
    "data.labels": "the form of the labels as the loss sees them",
    "data.outputs": "how many numbers the model must give for one example, for the loss to take",
    "loss.from_logits": "whether the loss takes logits rather than probabilities",
    "loss.activation": "the activation that the loss expects of the last layer",
    "training.epochs": "how many epochs the run trains",
    "training.batch_size": "how many examples a batch has",
    "training.steps_per_epoch": "how many batches an epoch has",
    "training.total_steps": "how many batches the whole run trains on",
}
"""What a run knows about itself, for `provided` parameters and for `${...}` in recipes."""


def conventional_kind(parameter: str) -> str | None:
    """The kind of component that a parameter takes, going by its name alone.

    Args:
        parameter: The parameter's name, such as `"kernel_initializer"`.

    Returns:
        The kind's name, such as `"initializer"`, or none where the name says nothing.

    Example:
        >>> conventional_kind("bias_regularizer")
        'regularizer'
    """
    last = parameter.rpartition("_")[2]
    if last in ("initializer", "regularizer", "constraint", "activation"):
        return last
    return {"learning_rate": "scheduler", "layer": "layer", "layers": "layer"}.get(parameter)
