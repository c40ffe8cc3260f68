"""The description of a run, in Markdown, as MLflow shows it on the run's page.

The page folds it after a few lines, so the first line carries the answer. Whatever a recipe or a data set
wrote is escaped: it is shown, and never takes part in the layout.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hornbook.tracker import Event
from hornbook_mlflow.markdown import bound, code, duration, escape, link, plain, score, shape

# MLflow takes 8,000 characters in all.
_SHOWN_CLASSES = 12
_SHOWN_NAMES = 10
_SHOWN_TEXT = 1900


@dataclass(frozen=True, slots=True)
class Subject:
    """What there is to describe.

    Args:
        started: The journal's event `started`.
        ended: The journal's event `ended`; none while the run is on.
        epochs: How many epochs are behind it.
        model: How to load the model, as Markdown; empty where there is none.
        altered: The names of metrics that MLflow does not allow, each with the name it has there.
        reports: The titles of reports, each with its address.
        failures: The titles of reports that could not be made, each with the reason.
        drift: What the run ran on that was another when it was resumed, in words.
        related: What else the page leads to, as Markdown, such as the run that this one reproduces.
    """

    started: Event
    ended: Event | None
    epochs: int
    model: str = ""
    altered: Mapping[str, str] = field(default_factory=dict)
    reports: Sequence[tuple[str, str]] = ()
    failures: Sequence[tuple[str, str]] = ()
    drift: Sequence[str] = ()
    related: Sequence[str] = ()


def describe(subject: Subject) -> str:
    """Describe a run.

    Args:
        subject: What is known of it.

    Returns:
        Markdown: the outcome, then what was trained, on what, how to load it and how to get it again.
    """
    started = subject.started
    parts = [_outcome(subject), *_paragraphs(str(started.get("description") or ""))]
    parts += reports(subject.reports, subject.failures)
    parts += [_data(started["data"]), _made_with(started), *_drift(subject.drift), *subject.related]
    if subject.altered:
        parts.append(_altered(subject.altered))
    if subject.model:
        parts.append(subject.model)
    return "\n\n".join([*parts, *_again(subject)])


def reports(made: Sequence[tuple[str, str]], failed: Sequence[tuple[str, str]]) -> Iterator[str]:
    """List reports, in Markdown.

    Args:
        made: Titles, each with the address that shows it.
        failed: Titles of those that could not be made, each with the reason.
    """
    if made:
        yield "**Reports:** " + " \N{MIDDLE DOT} ".join(link(*report) for report in made)
    if failed:
        yield "Not drawn: " + "; ".join(f"{escape(title, 100)}: {escape(why, 200)}" for title, why in failed)


def load_snippet(model_uri: str, modules: Sequence[str]) -> str:
    """Tell how to load a model.

    Args:
        model_uri: Where MLflow has it, such as `"models:/m-…"`.
        modules: What to import first, so that Keras knows the model's classes.

    Returns:
        Markdown.
    """
    imports = [f"import {module}" for module in ("mlflow", *modules)]
    return "**Load the model**\n\n" + code(*imports, f'model = mlflow.keras.load_model("{model_uri}")')


def _outcome(subject: Subject) -> str:
    started, ended = subject.started, subject.ended
    if ended is None:
        return f"**Running**, unless it was killed: then `hornbook resume {plain(started['run_id'])}` goes on with it."
    count = subject.epochs
    after = f" after {count} epoch{'' if count == 1 else 's'} in {duration(ended.get('seconds') or 0)}"
    metrics = ended.get("metrics") or {}
    outcome, error = ended["outcome"], ended.get("error")
    if outcome == "unmet":
        return f"**Expectation not met:** {'; '.join(_missed(started, ended))}{after}."
    if outcome == "finished" and started.get("expect"):
        met = (_met(metric, metrics, bounds) for metric, bounds in started["expect"].items())
        return f"**Finished, as expected:** {'; '.join(met)}{after}."
    if outcome == "finished":
        return f"**Finished:** {', '.join(score(*item) for item in _telling(metrics))}{after}."
    if outcome == "interrupted":
        return f"**Interrupted**{after}. To go on: `hornbook resume {plain(started['run_id'])}`."
    return f"**{escape(outcome).capitalize()}**{after}{f': {escape(error, 400)}' if error else '.'}"


def _missed(started: Event, ended: Event) -> Iterator[str]:
    """What was not met, then what was."""
    missed = list(ended.get("unmet") or ())
    for miss in missed:
        yield f"{score(miss['metric'], miss['value'])}, wanted {bound(miss['bound'], miss['limit'])}"
    names = {miss["metric"] for miss in missed}
    for metric, bounds in (started.get("expect") or {}).items():
        if metric not in names:
            yield f"met: {_met(metric, ended.get('metrics') or {}, bounds)}"


def _met(metric: str, metrics: Mapping[str, Any], bounds: Mapping[str, float]) -> str:
    return f"{score(metric, metrics.get(metric))} ({' and '.join(bound(*one) for one in bounds.items())})"


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
    modality, sizes = escape(data["modality"]), shape(data["shape"])
    return f"**Data:** {escape(data['name'])} ({splits}); {modality} of shape {sizes}{classes}."


def _made_with(started: Event) -> str:
    keras = (started.get("distributions") or {}).get("keras", "")
    packages = [f"keras {keras}".strip(), *sorted(set((started.get("plugins") or {}).values()))]
    made, backend = escape(", ".join(packages)), escape(started["backend"])
    return f"**Made with** {made} on {backend}, seed {started['seed']}{_commit(started.get('git'))}."


def _commit(git: Mapping[str, Any] | None) -> str:
    if not git or not git.get("commit"):
        return ""
    changes = ", with changes that were not committed" if git.get("clean") is False else ""
    return f", at git commit {escape(str(git['commit'])[:12])}{changes}"


def _altered(altered: Mapping[str, str]) -> str:
    shown = [f"{escape(name)} as {escape(other)}" for name, other in altered.items()]
    more = ", …" if len(shown) > _SHOWN_NAMES else "."
    return "MLflow does not allow some names; shown here are " + ", ".join(shown[:_SHOWN_NAMES]) + more


def _drift(changes: Sequence[str]) -> Iterator[str]:
    if changes:
        shown = "; ".join(escape(str(one), 200) for one in changes[:_SHOWN_NAMES])
        yield f"**Resumed where things had changed:** {shown}{'; …' if len(changes) > _SHOWN_NAMES else '.'}"


def _again(subject: Subject) -> Iterator[str]:
    started, ended = subject.started, subject.ended
    run, outcome = plain(started["run_id"]), ended["outcome"] if ended else "running"
    more = f" --epochs {2 * max(started.get('epochs') or 0, subject.epochs)}"
    further = [f"hornbook resume {run}{more if outcome in ('finished', 'unmet') else ''}"]
    ways = f", further from where it ended (where `runs/{run}/` is)"
    if outcome == "diverged":  # it would again
        further, ways = [], ""
    yield f"**Get it again:** the same once more{ways}, or anew"
    yield code(f"hornbook reproduce {run}", *further, "hornbook run recipe.yaml")
