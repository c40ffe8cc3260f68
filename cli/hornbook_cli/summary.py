"""What came of a run, for people and for programs."""

import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path

from hornbook.recipes.recipe import Bound
from hornbook.reports import contents
from hornbook.runner.delivery.delivering import Delivery
from hornbook.runner.refusing import milder
from hornbook.runner.run import Run
from hornbook_cli.inert import inert
from hornbook_cli.table import table
from hornbook_cli.terminal import shortened, styled, width
from hornbook_cli.writing import count, duration, number

_COLORS = {"finished": "green", "interrupted": "yellow"}
_ERROR = 200
"""How much is shown of why a tracker could not be reached; HTTP clients say the same thing four times."""


def as_data(run: Run, deliveries: Sequence[Delivery]) -> dict[str, object]:
    """A run as `run --json` writes it."""
    state = next((one.state for one in deliveries if one.state), {})
    return {
        "run_id": run.id,
        "run_dir": str(run.folder.path),
        "outcome": run.outcome,
        "metrics": dict(run.metrics),
        "model": str(run.folder.model) if run.folder.model.is_file() else None,
        "tracking": {"uri": state.get("uri"), "run_id": state.get("run_id")},
        "seconds": run.seconds,
    }


def summary(
    run: Run,
    deliveries: Sequence[Delivery],
    commands: Sequence[str],
    runs_dir: Path,
    tracking_uri: str | None,
) -> Iterator[str]:
    """Lay out what came of a run.

    Args:
        run: The run.
        deliveries: How far every tracker has come; none where it is not tracked.
        commands: The commands that plugins add.
        runs_dir: The folder of runs, as it was named.
        tracking_uri: The tracking store, as it was named.

    Yields:
        Lines.
    """
    outcome = styled(run.outcome, fg=_COLORS.get(run.outcome, "red"), bold=True)
    epochs = len(next(iter(run.history.values()), ()))
    yield f"{outcome}: {inert(run.recipe.name)}, {count(epochs, 'epoch')} in {duration(run.seconds)}"
    if run.error:
        yield f"  {inert(run.error)}"
    yield from _metrics(run)
    yield ""
    yield from places(run, deliveries)
    yield ""
    where = f" --runs-dir {shlex.quote(str(runs_dir))}" if runs_dir != Path("runs") else ""
    store = f" --tracking-uri {_harmless(tracking_uri)}" if tracking_uri else ""
    for line in _next(run, deliveries, commands, where, store):
        yield f"  {styled(inert(line), fg='cyan')}"


def places(run: Run, deliveries: Sequence[Delivery]) -> Iterator[str]:
    """Say where everything of a run is.

    Args:
        run: The run.
        deliveries: How far every tracker has come; none where it is not tracked.

    Yields:
        Lines.
    """
    found = [("run", run.id), ("folder", _shown(run.folder.path))]
    if run.folder.model.is_file():
        found.append(("model", _shown(run.folder.model)))
    if run.folder.traceback.is_file():
        found.append(("traceback", _shown(run.folder.traceback)))
    if any(not one.reason for one in contents(run.folder)):
        found.append(("reports", _shown(run.folder.reports)))
    for one in deliveries:
        found.append(("tracking", _place(one)))
        found += [("", str(note)) for note in one.state.get("notes", ())]
    yield from table(found, width(), indent=2, wrap=True)


def _metrics(run: Run) -> Iterator[str]:
    expected = {bound.metric: bound for bound in run.recipe.expect}
    missed = {one["metric"] for one in run.unmet}
    names = [*run.metrics, *(name for name in expected if name in missed and name not in run.metrics)]
    longest = max(map(len, names), default=0)
    for name in names:
        value = number(run.metrics[name]) if name in run.metrics else "was not measured"
        bound = _bound(expected[name], name in missed) if name in expected else ""
        yield f"  {inert(name.ljust(longest))}  {value}{bound}"


def _bound(bound: Bound, missed: bool) -> str:
    limits = [("at least", bound.minimum), ("at most", bound.maximum)]
    asked = " and ".join(f"{word} {limit:g}" for word, limit in limits if limit is not None)
    word = styled("not met", fg="red", bold=True) if missed else styled("met", fg="green")
    return f"  {asked}: {word}"


def _place(delivery: Delivery) -> str:
    if delivery.owed:
        why = f": {shortened(delivery.error, _ERROR)}" if delivery.error else ": it was not done in time"
        return f"{count(delivery.owed, 'event')} still owed to {delivery.tracker}{why}"
    return delivery.url or str(delivery.state.get("uri", delivery.tracker))


def _harmless(uri: str) -> str:
    """The address of a store as it may be shown; not one that may hold a password."""
    return "URI" if set("@?") & set(uri) else shlex.quote(uri)


def _next(
    run: Run, deliveries: Sequence[Delivery], commands: Sequence[str], where: str, store: str
) -> Iterator[str]:
    """What one may want to type next."""
    if run.outcome == "diverged":
        yield milder(run.folder, run.recipe)
    if run.outcome in ("interrupted", "failed"):
        yield f"hornbook resume {run.id}{where}"
    if run.folder.model.is_file():
        yield f"hornbook evaluate {run.id}{where}"
        yield f"hornbook predict {run.id} --data FILE{where}"
    if any(one.owed for one in deliveries):
        yield f"hornbook sync {run.id}{where}{store}"
    elif deliveries and "ui" in commands:
        yield f"hornbook ui {run.folder.typed}"


def _shown(path: Path) -> str:
    """A path as short as it can be said from here."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
