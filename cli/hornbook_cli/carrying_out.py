"""What `run` and `resume` share: options, progress, and the words and exit code at the end."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from hornbook.problem import HornbookError, Problem
from hornbook.runner.delivery.delivering import Delivery, delivery, trackers
from hornbook.runner.run import Options, Run
from hornbook.tracker import Event
from hornbook_cli.edge import FAILED, INTERRUPTED, UNAVAILABLE, UNDELIVERED
from hornbook_cli.group import plugin_commands
from hornbook_cli.inert import inert
from hornbook_cli.looking import installed
from hornbook_cli.native_chatter import Hushed
from hornbook_cli.options import json_option, runs_dir_option
from hornbook_cli.progress import Progress
from hornbook_cli.summary import as_data, summary
from hornbook_cli.terminal import err, out
from hornbook_cli.writing import print_json

Done = TypeVar("Done")


@dataclass(frozen=True, slots=True)
class Manner:
    """How a run is to be carried out and told of, as the options say."""

    runs_dir: Path
    tracking_uri: str | None
    no_tracking: bool
    require_tracking: bool
    quiet: bool
    as_json: bool

    def as_before(self, tracked: bool) -> "Manner":
        """Untracked where what is gone on with was, unless tracking is asked for now."""
        untracked = not (tracked or self.tracking_uri or self.require_tracking)
        return replace(self, no_tracking=self.no_tracking or untracked)


def manner_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--tracking-uri`, `--no-tracking`, `--require-tracking`, `--runs-dir`, `--quiet` and `--json`.

    The command gets them as one `manner`, once they are known not to contradict each other.
    """

    @wraps(command)
    def with_manner(**given: Any) -> Any:
        manner = Manner(**{field.name: given.pop(field.name) for field in fields(Manner)})
        refuse_contradictions(manner)
        return command(manner=manner, **given)

    for option in (
        json_option,
        click.option("--quiet", is_flag=True, default=False, help="Show neither progress nor a summary."),
        runs_dir_option,
        click.option(
            "--require-tracking",
            is_flag=True,
            default=False,
            help="Exit with 4 when the run cannot be delivered.",
        ),
        click.option("--no-tracking", is_flag=True, default=False, help="Deliver the run to no tracker."),
        click.option("--tracking-uri", default=None, metavar="URI", help="The tracking store to deliver to."),
    ):
        with_manner = option(with_manner)
    return with_manner


def refuse_contradictions(manner: Manner) -> None:
    """Refuse options that cannot go together, or that nothing installed can keep.

    Raises:
        click.UsageError: When tracking is both refused and asked for.
        HornbookError: When tracking is required and no tracker is installed.
    """
    if manner.no_tracking and (manner.require_tracking or manner.tracking_uri):
        raise click.UsageError("--no-tracking goes with neither --tracking-uri nor --require-tracking")
    trackable = any("hornbook_trackers" in plugin.hooks for plugin in installed().plugins)
    if manner.require_tracking and not trackable:
        message = "no tracker is installed, and tracking is required"
        raise HornbookError(
            Problem(code="HB603", message=message, hint="pip install hornbook-mlflow"), exit_code=UNAVAILABLE
        )


def carried_out(action: Callable[[Options], Run], manner: Manner, progress: Progress) -> None:
    """Carry a run out, tell what came of it, and exit.

    Args:
        action: Carries it out.
        manner: How it is told of.
        progress: Shows how far it has come.
    """
    run = watched(action, manner, progress)
    deliveries = deliveries_of(run, manner)
    if manner.as_json:
        print_json(as_data(run, deliveries))
    elif not manner.quiet:
        for line in summary(run, deliveries, list(plugin_commands()), manner.runs_dir, manner.tracking_uri):
            out(line)
    if manner.as_json or manner.quiet:
        tell_trouble(run, deliveries)
    click.get_current_context().exit(_exit_code(run.outcome, is_undelivered(deliveries, manner)))


def watched(action: Callable[[Options], Done], manner: Manner, progress: Progress) -> Done:
    """Do what makes runs, with progress shown, and a backend's chatter kept away until it has started."""
    debugging = bool(click.get_current_context().find_root().params.get("debug"))
    with Hushed(not debugging) as hushed:

        def listen(event: Event) -> None:
            hushed.end()  # The backend has started: what it says from now on matters.
            progress(event)

        try:
            return action(
                Options(manner.runs_dir, not manner.no_tracking, manner.tracking_uri, listen, _warn)
            )
        finally:
            progress.clear()


def deliveries_of(run: Run, manner: Manner) -> list[Delivery]:
    """How far every tracker has come, also one that never came to write anything down."""
    return [] if manner.no_tracking else [delivery(run.folder, tracker.name) for tracker in trackers()]


def is_undelivered(deliveries: list[Delivery], manner: Manner) -> bool:
    """Whether the run was to be delivered, and was not."""
    return manner.require_tracking and (not deliveries or any(one.owed for one in deliveries))


def tell_trouble(run: Run, deliveries: list[Delivery]) -> None:
    """What nobody would learn otherwise, where there is no summary."""
    if run.error:
        err(f"{run.outcome}: {inert(run.error)}")
    for missed in run.unmet:
        least = "at least" if missed["bound"] == "min" else "at most"
        err(f"not met: {inert(missed['metric'])} {least} {missed['limit']:g}; it is {missed['value']}")
    for one in deliveries:
        if one.owed:
            why = f"{run.id} is still owed to {one.tracker}: {inert(one.error)}"
            err(f"warning: {why}; `hornbook sync {run.folder.typed}`")


def _warn(line: str) -> None:
    err(f"warning: {inert(line)}")


def _exit_code(outcome: str, undelivered: bool) -> int:
    if outcome == "interrupted":
        return INTERRUPTED
    if outcome != "finished":
        return FAILED
    return UNDELIVERED if undelivered else 0
