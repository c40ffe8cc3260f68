"""The description of a run, in Markdown, as MLflow shows it on the run's page.

The page folds it after a few lines, so the first line carries the answer. Whatever a recipe or a data set
wrote is escaped: it is shown, and never takes part in the layout.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from hornbook.tracker import Event

_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!|~>])")
# Control characters, and the invisible ones that turn or join text.
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")
# MLflow takes 8,000 characters in all.
_SHOWN_CLASSES = 12
_SHOWN_NAMES = 10
_SHOWN_TEXT = 1900


def describe(
    started: Event,
    ended: Event | None,
    epochs: int,
    model: str = "",
    altered: Mapping[str, str] | None = None,
) -> str:
    """Describe a run.

    Args:
        started: The journal's event `started`.
        ended: The journal's event `ended`; none while the run is on.
        epochs: How many epochs are behind it.
        model: How to load the model, as Markdown; empty where there is none.
        altered: The names of metrics that MLflow does not allow, each with the name it has there.

    Returns:
        Markdown: the outcome, then what was trained, on what, how to load it and how to run it again.
    """
    parts = [_outcome(started, ended, epochs), *_paragraphs(str(started.get("description") or ""))]
    parts += [_data(started["data"]), _packages(started)]
    if altered:
        shown = [f"{escape(name)} as {escape(other)}" for name, other in altered.items()]
        more = ", …" if len(shown) > _SHOWN_NAMES else "."
        parts.append(
            "MLflow does not allow some names; shown here are " + ", ".join(shown[:_SHOWN_NAMES]) + more
        )
    if model:
        parts.append(model)
    parts += [
        f"**Run it again**, with `recipe.yaml` from the artifacts or from `runs/{plain(started['run_id'])}/`",
        _code("hornbook run recipe.yaml"),
    ]
    return "\n\n".join(parts)


def load_snippet(model_uri: str, modules: Sequence[str]) -> str:
    """Tell how to load a model.

    Args:
        model_uri: Where MLflow has it, such as `"models:/m-…"`.
        modules: What to import first, so that Keras knows the model's classes.

    Returns:
        Markdown.
    """
    imports = [f"import {module}" for module in ("mlflow", *modules)]
    return "**Load the model**\n\n" + _code(*imports, f'model = mlflow.keras.load_model("{model_uri}")')


def plain(text: Any, limit: int = 300) -> str:
    """Put text on one line, without control characters and backticks, for use within code."""
    line = _UNSEEN.sub(" ", str(text)).replace("`", "'").strip()
    return line if len(line) <= limit else line[: limit - 1] + "…"


def escape(text: Any, limit: int = 2000) -> str:
    r"""Put text on one line, and escape all that Markdown or HTML would read as layout.

    Example:
        >>> print(escape("<b>5 * 3</b>"))
        &lt;b&gt;5 \* 3&lt;/b&gt;
    """
    line = _UNSEEN.sub(" ", str(text)).strip()
    line = line if len(line) <= limit else line[: limit - 1] + "…"
    line = _SPECIAL.sub(r"\\\1", line)
    return line.replace("&", "&amp;").replace("<", "&lt;").replace("\\>", "&gt;")


def _outcome(started: Event, ended: Event | None, epochs: int) -> str:
    if ended is None:
        return "**Running.**"
    duration = _duration(ended.get("seconds") or 0)
    after = f" after {epochs} epoch{'' if epochs == 1 else 's'} in {duration}"
    metrics = ended.get("metrics") or {}
    outcome, error = ended["outcome"], ended.get("error")
    if outcome == "unmet":
        missed = (
            f"{_score(miss['metric'], miss['value'])}, wanted {_bound(miss['bound'], miss['limit'])}"
            for miss in ended.get("unmet") or ()
        )
        return f"**Expectation not met:** {'; '.join(missed)}{after}."
    if outcome == "finished" and started.get("expect"):
        met = (
            f"{_score(metric, metrics.get(metric))} ({' and '.join(_bound(*one) for one in bounds.items())})"
            for metric, bounds in started["expect"].items()
        )
        return f"**Finished, as expected:** {'; '.join(met)}{after}."
    if outcome == "finished":
        return f"**Finished:** {', '.join(_score(*item) for item in _telling(metrics))}{after}."
    if outcome == "interrupted":
        return f"**Interrupted**{after}. To go on: `hornbook resume {plain(started['run_id'])}`."
    return f"**{escape(outcome).capitalize()}**{after}{f': {escape(error, 400)}' if error else '.'}"


def _telling(metrics: Mapping[str, Any]) -> Sequence[tuple[str, Any]]:
    """Choose the metrics that say most: those on the test split, else on validation, else on training."""
    for prefix in ("test_", "val_", ""):
        chosen = [item for item in metrics.items() if item[0].startswith(prefix)]
        if chosen:
            return chosen[:6]
    return ()


def _paragraphs(text: str) -> Iterable[str]:
    if len(text) > _SHOWN_TEXT:
        text = text[:_SHOWN_TEXT] + "… (whole in recipe.yaml)"
    return (escape(paragraph) for paragraph in re.split(r"\n\s*\n", text) if paragraph.strip())


def _data(data: Mapping[str, Any]) -> str:
    splits = ", ".join(f"{count:,} {escape(name)}" for name, count in data["splits"].items())
    names = [escape(name, 60) for name in data.get("class_names") or ()]
    listed = ", ".join(names[:_SHOWN_CLASSES]) + (", …" if len(names) > _SHOWN_CLASSES else "")
    classes = f"; {data['classes']} classes" if data.get("classes") else ""
    classes += f": {listed}" if classes and listed else ""
    shape = _shape(data["shape"])
    return (
        f"**Data:** {escape(data['name'])} ({splits}); {escape(data['modality'])} of shape {shape}{classes}."
    )


def _packages(started: Event) -> str:
    keras = (started.get("distributions") or {}).get("keras", "")
    packages = [f"keras {keras}".strip(), *sorted(set((started.get("plugins") or {}).values()))]
    made, backend = escape(", ".join(packages)), escape(started["backend"])
    return f"**Made with** {made} on {backend}, seed {started['seed']}."


def _score(metric: str, value: float | str | None) -> str:
    return f"{escape(metric)} {'unknown' if value is None else format(float(value), '.4g')}"


def _bound(bound: str, limit: float) -> str:
    words = {"min": "at least", "max": "at most"}.get(bound, escape(bound))
    return f"{words} {limit:.4g}"


def _shape(shape: Any) -> str:
    if isinstance(shape, Mapping):
        return ", ".join(f"{escape(name)} {_shape(sizes)}" for name, sizes in shape.items())
    return (
        " \N{MULTIPLICATION SIGN} ".join("any" if size is None else str(size) for size in shape)
        or "one number"
    )


def _duration(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.3g} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


def _code(*lines: str) -> str:
    return "\n".join(("```", *lines, "```"))
