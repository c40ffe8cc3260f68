"""`hornbook ui`: MLflow's web pages on the right store, in the layout for model training."""

import sys
import webbrowser

import click

from hornbook.problem import HornbookError, Problem
from hornbook.runner.delivery.delivering import delivery
from hornbook.sweeps.folder import find_run_or_sweep
from hornbook.tracker import State
from hornbook_mlflow.server import Server, free_port
from hornbook_mlflow.store import front_page, run_page, sqlite_file, store_uri, without_secrets
from hornbook_mlflow.tracker import MLFLOW

_PORT = 5000


@click.command()
@click.argument("run", required=False, default=None)
@click.option("--port", type=click.IntRange(1, 65535), default=None, help="[default: 5000, or the next free]")
@click.option("--tracking-uri", default=None, metavar="URI", help="The store to look at.")
@click.option("--no-open", is_flag=True, default=False, help="Only print the address.")
def ui(run: str | None, port: int | None, tracking_uri: str | None, no_open: bool) -> None:
    """Look at runs in MLflow's web pages; at RUN, where one is named. Ctrl-C ends it.

    RUN is the id of a run or a sweep, the beginning of one, `latest`, or the folder of one. The store is that of
    --tracking-uri, else that of RUN, else MLFLOW_TRACKING_URI, else mlflow.db in the working directory. The
    pages are served to this machine only.

    Example: hornbook ui latest
    """
    known = _known(run) if run else {}
    store = _store(run, known, tracking_uri)
    try:
        if store.startswith(("http://", "https://")):  # A server is running already.
            _show(store, known, no_open)
            return
        with Server(store, _port(port)) as server:
            server.wait_until_ready()
            _show(server.address, known, no_open)
            click.echo("Ctrl-C ends it.", err=True)
            server.wait()
    except KeyboardInterrupt:
        click.echo("\nEnded.", err=True)


def _known(run: str) -> State:
    """Look up where a run or a sweep is in MLflow."""
    folder = find_run_or_sweep(run)
    state = delivery(folder, MLFLOW).state
    if not {"uri", "run_id"} <= state.keys():
        message, hint = f"{folder.id} was not delivered to MLflow yet.", "`hornbook sync` delivers it."
        raise HornbookError(Problem(code="HB903", message=message, hint=hint))
    return state


def _store(run: str | None, known: State, given: str | None) -> str:
    """Choose the store to look at, which must be there, and have the run that was asked for."""
    store = store_uri(given, known.get("uri"))
    if known and without_secrets(store) != known["uri"]:
        message = f"{run} is not in {without_secrets(store)} but in {known['uri']}."
        raise HornbookError(Problem(code="HB904", message=message, hint="Leave --tracking-uri out."))
    database = sqlite_file(store)
    if database and not database.exists():
        message = f"There is no store of runs at {database}."
        hint = "Run a recipe in this folder first, or name another store with --tracking-uri."
        raise HornbookError(Problem(code="HB901", message=message, hint=hint))
    return store


def _port(wanted: int | None) -> int:
    """Choose the port to serve on: the one asked for, which must be free, or the first that is."""
    first = wanted or _PORT
    free = free_port(first)
    if free == first:
        return first
    if free and wanted is None:
        click.echo(f"Port {first} is taken; using {free}.", err=True)
        return free
    hint = f"Port {free} is free: --port {free}" if free else "Name another with --port."
    raise HornbookError(Problem(code="HB902", message=f"Port {first} is taken.", hint=hint))


def _show(server: str, known: State, no_open: bool) -> None:
    page = run_page(server, known["experiment_id"], known["run_id"]) if known else front_page(server)
    click.echo(page)
    if not no_open and sys.stdout.isatty():
        webbrowser.open(page)
