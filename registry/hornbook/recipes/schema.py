"""JSON Schema (2020-12) for recipes over everything that is installed: what editors complete and explain.

A schema cannot know what a recipe inherits, refers to or is given by its data, so where it cannot be sure it
is kinder than `hornbook check`: what it underlines is wrong, and what it lets pass need not be right.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from hornbook.catalog import Catalog, Entry
from hornbook.component import KINDS, Parameter
from hornbook.discovery.plugin import OFFICIAL
from hornbook.names import article
from hornbook.recipes.shape import (
    BOUNDS,
    CHECKPOINT,
    DATA,
    LISTS,
    PLACES,
    REQUIRED,
    TOP,
    TRAINING,
    VERSION,
    Setting,
)

Json = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_REFERENCE = r"\$\{"
_REFERS = {"pattern": _REFERENCE, "patternErrorMessage": "Neither a value of this type nor a reference."}
"""Text where something else goes: only a reference. The message is what editors show."""

_WORTH_SHARING = 60
"""Characters up to which a parameter is as short as a reference to it."""

_MEANINGS: Mapping[str, str] = {
    "data": "What is trained on: a dataset's name, or a mapping with `use` and its parameters. "
    "`validation`, `test`, `split_seed` and `stratify` say how the run splits it.",
    "augment": "What is done to training batches, in this order: a list of augmenters.",
    "model": "The model: a list of layers, a model's name, or a mapping with `use` and its parameters.",
    "loss": "What training makes small: a loss.",
    "optimizer": "How training does so: an optimizer; Adam if left out.",
    "metrics": "What is measured after every epoch and at the end: a list of metrics.",
    "callbacks": "What else happens in training: a list of callbacks.",
    "extends": "A recipe, or a list of them, that this one is written over: a file relative to this one, "
    "or the name of a shipped recipe.",
    "remove": "Paths of inherited values to leave out, such as `optimizer.clipnorm`.",
    "requires": "Distributions that must be installed, such as `keras-acme>=2`.",
    "resolved": "The distributions that supplied the components when the recipe was frozen; informs only.",
    "checkpoint": "When checkpoints are taken, and how many are kept; the run decides if left out.",
    "training": "How long, and in what portions, is trained.",
    "tracking": "Options for trackers, such as `experiment` and `tags`.",
    "silence": "Warnings that are meant to stay, each code with the reason: `{HB702: ...}`.",
    "expect": "What the metrics must reach for the run to succeed: `{val_accuracy: {min: 0.97}}`.",
}


def schema(catalog: Catalog) -> Json:
    """The schema of recipes.

    Args:
        catalog: The components there are.

    Returns:
        Plain data, to be written as JSON.

    Example:
        >>> from hornbook.catalog import catalog
        >>> schema(catalog())["properties"]["seed"]["default"]
        0
    """
    definitions: Json = {}
    for kind in KINDS:
        definitions |= _kind(kind, catalog)
    return {
        "$schema": DIALECT,
        "description": f"A Hornbook recipe, version {VERSION}: the parts of a training run, by name.",
        "type": "object",
        "properties": _top(catalog),
        "additionalProperties": False,
        # What extends another recipe may leave everything to it.
        "if": {"required": ["extends"]},
        "else": {"required": list(REQUIRED)},
        "$defs": _shared(definitions),
    }


def _top(catalog: Catalog) -> Json:
    properties: Json = {name: _setting(setting) for name, setting in TOP.items()}
    properties["recipe"] = {"const": VERSION, "description": TOP["recipe"].meaning}
    for place, kind in PLACES.items():
        whole: Json = {"$ref": f"#/$defs/{kind}"}
        if place in LISTS:
            whole = {"type": ["array", "null"], "items": whole}
        elif place == "model":
            whole = {"anyOf": [{"type": "array", "items": {"$ref": "#/$defs/layer"}}, whole]}
        properties[place] = whole | {"description": _MEANINGS[place]}
    properties |= {
        "extends": {**_one_or_several(), "description": _MEANINGS["extends"]},
        "remove": {**_one_or_several(), "description": _MEANINGS["remove"]},
        "requires": {**_one_or_several(nothing=True), "description": _MEANINGS["requires"]},
        "resolved": {"type": "object", "description": _MEANINGS["resolved"]},
        "training": _training() | {"description": _MEANINGS["training"]},
        "tracking": _tracking(catalog) | {"description": _MEANINGS["tracking"]},
        "expect": {
            "type": ["object", "null"],
            "additionalProperties": _settings(BOUNDS),
            "description": _MEANINGS["expect"],
        },
        "silence": {"type": ["object", "null"], "description": _MEANINGS["silence"]},
    }
    return properties


def _training() -> Json:
    training = _settings(TRAINING)
    checkpoint = _settings(CHECKPOINT) | {"type": ["object", "null"], "description": _MEANINGS["checkpoint"]}
    return training | {"properties": training["properties"] | {"checkpoint": checkpoint}}


def _settings(settings: Mapping[str, Setting]) -> Json:
    properties = {name: _setting(setting) for name, setting in settings.items()}
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _setting(setting: Setting) -> Json:
    names = {int: "integer", float: "number", str: "string", bool: "boolean"}
    types = ["number"] if float in setting.types else [names[one] for one in setting.types]
    optional = [] if setting.required else ["null"]
    lower = "exclusiveMinimum" if setting.above else "minimum"
    bounds = {lower: setting.minimum, "maximum": setting.maximum, "default": setting.default}
    said = {key: value for key, value in bounds.items() if value is not None}
    referring = {} if "string" in types else _REFERS
    types = [*types, *(["string"] if referring else []), *optional]
    return {"type": types, **referring, **said, "description": setting.meaning}


def _tracking(catalog: Catalog) -> Json:
    options: Json = {key: {} for plugin in catalog.plugins for key in plugin.tracking}
    options |= {
        "experiment": {"type": "string", "description": "what the runs are grouped under"},
        "tags": {"type": "object", "description": "labels of the run, by key"},
    }
    return {"type": ["object", "null"], "properties": options, "additionalProperties": False}


def _one_or_several(nothing: bool = False) -> Json:
    types = ["string", "array", "null"] if nothing else ["string", "array"]
    return {"type": types, "items": {"type": "string"}}


def _kind(kind: str, catalog: Catalog) -> Json:
    """The definitions of one kind: a name, a mapping with `use`, either, a parameter, and every component."""
    entries = catalog.of(kind)
    settings = {name: _setting(setting) for name, setting in DATA.items()} if kind == "dataset" else {}
    mapping: Json = {
        "type": "object",
        "properties": {"use": {"$ref": f"#/$defs/{kind}-name"}},
        "allOf": [
            {
                "if": {"properties": {"use": {"pattern": _any(_names(entry, catalog))}}, "required": ["use"]},
                "then": {"$ref": _definition(entry)},
            }
            for entry in entries
        ],
    }
    either = [{"$ref": f"#/$defs/{kind}-name"}, {"$ref": f"#/$defs/{kind}-use"}]
    several = {"type": "array", "items": {"$ref": f"#/$defs/{kind}-parameter"}}
    return {
        kind: {
            "anyOf": either,
            "description": f"{article(kind).capitalize()}: its name, or `use` and parameters.",
        },
        f"{kind}-name": _name(kind, catalog),
        f"{kind}-use": mapping if entries else {"type": "object"},
        f"{kind}-parameter": {"anyOf": [*either, several, {"type": ["number", "boolean", "null"]}]},
    } | {
        _definition(entry).removeprefix("#/$defs/"): _component(entry, catalog, settings) for entry in entries
    }


def _name(kind: str, catalog: Catalog) -> Json:
    """A name of a component: the short ones are offered, the full ones accepted."""
    meanings: dict[str, str] = {}
    accepted = []
    for entry in catalog.of(kind):
        bare, full = _names(entry, catalog, full=False), _names(entry, catalog, bare=False)
        meanings |= dict.fromkeys(bare or full, entry.component.summary)
        accepted += full
    explicit = f"^({'|'.join(KINDS)}):"
    return {
        "type": "string",
        "anyOf": [
            *({"const": name, "description": meanings[name]} for name in sorted(meanings)),
            {"pattern": f"{_any(accepted)}|{explicit}|{_REFERENCE}"},
        ],
    }


def _names(entry: Entry, catalog: Catalog, bare: bool = True, full: bool = True) -> list[str]:
    """The names that mean a component, without a plugin and with it."""
    own = (entry.name, *entry.component.aliases)
    return [
        *(name for name in own if bare and catalog.find(entry.kind, name) is entry),
        *(f"{entry.plugin}/{name}" for name in own if full),
    ]


def _any(names: Iterable[str]) -> str:
    return f"^({'|'.join(re.escape(name) for name in names)})$"


def _definition(entry: Entry) -> str:
    # A slash would lead into the definition.
    return f"#/$defs/{entry.kind}:{entry.full_name.replace('/', ':')}"


def _component(entry: Entry, catalog: Catalog, settings: Json) -> Json:
    component = entry.component
    parameters = component.parameters.values()
    properties = {one.name: _parameter(entry, one, catalog) for one in parameters}
    required = [one.name for one in parameters if one.required and one.name not in component.provided]
    use = {"description": _told(entry)}
    whole: Json = {"title": entry.full_name, "properties": {"use": use, **properties, **settings}}
    if required:
        whole["required"] = required
    if not component.open_ended:
        whole["additionalProperties"] = False
    return whole


def _told(entry: Entry) -> str:
    component = entry.component
    lines = [
        component.summary,
        "" if entry.plugin in OFFICIAL else f"From {entry.distribution}.",
        component.reference,
        f"Use {component.replaced_by} instead." if component.replaced_by else "",
    ]
    return "\n\n".join(line for line in lines if line)


def _parameter(entry: Entry, parameter: Parameter, catalog: Catalog) -> Json:
    provided = entry.component.provided.get(parameter.name)
    said: Json = {"description": parameter.description} if parameter.description else {}
    if provided and parameter.name not in entry.component.defaults:
        said["default"] = f"${{{provided}}}"
    elif not parameter.required and not parameter.opaque and _json(parameter.default):
        said["default"] = parameter.default
    return _taken(parameter, catalog) | said


def _json(value: Any) -> bool:
    """Whether JSON has a word for a default; it has none for infinity."""
    return not (isinstance(value, float) and not math.isfinite(value))


def _taken(parameter: Parameter, catalog: Catalog) -> Json:
    """What a parameter takes, as far as that is sure."""
    default, kind = parameter.default, parameter.kind
    if kind is not None:
        taken: Json = {"$ref": f"#/$defs/{kind}-parameter"}
        unnamed = isinstance(default, str) and not isinstance(catalog.find(kind, default), Entry)
        return {"anyOf": [{"const": default}, taken]} if unnamed else taken
    if parameter.choices:
        choices = list(parameter.choices) if None in parameter.choices else [*parameter.choices, None]
        return {"anyOf": [{"enum": choices}, {"type": "string", **_REFERS}, {"type": "array"}]}
    bounds = {"minimum": parameter.minimum, "maximum": parameter.maximum}
    bounds = {key: bound for key, bound in bounds.items() if bound is not None}
    if bounds:
        return {"type": ["number", "string", "array", "null"], **_REFERS, **bounds}
    if isinstance(default, bool):
        return {"type": ["boolean", "string", "null"], **_REFERS}
    return {}


def _shared(definitions: Json) -> Json:
    """The definitions, what several components say in the same words written once."""
    places = [
        (definition["properties"], name)
        for key, definition in definitions.items()
        if ":" in key
        for name in definition["properties"]
    ]
    texts = [json.dumps(properties[name], default=repr) for properties, name in places]
    often = Counter(texts)
    shared: dict[str, tuple[str, Json]] = {}
    for (properties, name), text in zip(places, texts, strict=True):
        if often[text] > 1 and len(text) > _WORTH_SHARING:
            label, _ = shared.setdefault(text, (f"{name}.{len(shared) + 1}", properties[name]))
            properties[name] = {"$ref": f"#/$defs/{label}"}
    return definitions | dict(shared.values())
