"""`hornbook promote`: an alias such as `champion` for the model of a run, in MLflow's model registry."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hornbook.problem import HornbookError, Problem
from hornbook.runner.delivery.delivering import delivery, free_of_secrets
from hornbook.runner.journals.folder import RunFolder, find
from hornbook.runner.journals.journal import read
from hornbook_mlflow.store import foreign_credentials, sqlite_file, store_uri, version_page, without_secrets
from hornbook_mlflow.tracker import MLFLOW
from hornbook_mlflow.wishes import alias_fault, name_fault, registration

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import LoggedModel, Run
    from mlflow.entities.model_registry import ModelVersion

_MLFLOW_ID = re.compile(r"[0-9a-f]{32}")
_RUN_ID, _OUTCOME = "hornbook.run_id", "hornbook.outcome"
_AFTER = {
    "unmet": "its run did not come to what its recipe expects",
    "interrupted": "its run was interrupted, and can be resumed",
    "running": "its run goes on, and may end with a better one",
}
"""What to know of a model whose run did not simply finish, by the run's outcome."""


@dataclass(frozen=True, slots=True)
class Promoted:
    """What a promotion did.

    Args:
        version: The version that has the alias now.
        alias: The alias.
        before: The version that had it before; none where it is new.
        model_id: The logged model that the version is.
        store: The store, free of secrets.
        outcome: How the run ended, as its page says.
    """

    version: "ModelVersion"
    alias: str
    before: "ModelVersion | None"
    model_id: str
    store: str
    outcome: str

    @property
    def told(self) -> str:
        """It in a sentence."""
        name, number = self.version.name, self.version.version
        if self.before is None:
            return f"{name} version {number} has the alias {self.alias}, which is new"
        if str(self.before.version) == str(number):
            return f"{name} version {number} has the alias {self.alias} already"
        origin = self.before.tags.get(_RUN_ID)
        return (
            f"{name} version {number} has the alias {self.alias}, which was at version {self.before.version}"
            f"{f' of {origin}' if origin else ''}"
        )

    def as_data(self) -> dict[str, Any]:
        """It as `--json` prints it."""
        return {
            "schema_version": 1,
            "name": self.version.name,
            "version": str(self.version.version),
            "alias": self.alias,
            "previous_version": str(self.before.version) if self.before else None,
            "run_id": self.version.tags.get(_RUN_ID),
            "tracking": {"uri": self.store, "run_id": self.version.run_id},
            "model_id": self.model_id,
            "outcome": self.outcome or None,
        }


@click.command()
@click.argument("run")
@click.option("--alias", required=True, metavar="NAME", help="The alias, such as champion.")
@click.option("--name", default=None, metavar="NAME", help="The registered model; see above for the default.")
@click.option("--tracking-uri", default=None, metavar="URI", help="The store that has the run.")
@click.option(
    "--runs-dir",
    type=click.Path(path_type=Path),
    default=Path("runs"),
    show_default=True,
    metavar="DIR",
    help="The folder that holds all runs.",
)
@click.option("--json", "as_json", is_flag=True, default=False, help="Print JSON for programs.")
def promote(
    run: str, alias: str, name: str | None, tracking_uri: str | None, runs_dir: Path, as_json: bool
) -> None:
    """Point an alias at the model of RUN in MLflow's model registry; register the model if need be.

    RUN is a run's id, the beginning of one, `latest`, a run's folder, or MLflow's id of a run. The
    registered model is that of --name, else the one that the model is a version of already, else the one
    that the recipe names under `tracking.register`, else one named like the recipe.

    Example: hornbook promote latest --alias champion --name digits
    """
    faults = [alias_fault(alias), name_fault(name) if name is not None else ""]
    for fault in filter(None, faults):
        raise HornbookError(Problem(code="HB906", message=fault))
    promoted = _promoted(run, alias, name, tracking_uri, runs_dir)
    click.echo(json.dumps(promoted.as_data()) if as_json else _inert(promoted.told))
    if promoted.outcome not in ("finished", ""):
        click.echo(f"note: {_inert(_AFTER.get(promoted.outcome, promoted.outcome))}", err=True)
    if not as_json and promoted.store.startswith(("http://", "https://")):
        click.echo(version_page(promoted.store, promoted.version.name, str(promoted.version.version)))


def _promoted(run: str, alias: str, name: str | None, uri: str | None, runs_dir: Path) -> Promoted:
    """Find the run, register its model where it is not, and move the alias."""
    mlflow_id, remembered = _where(run, runs_dir)
    store = store_uri(uri, remembered)
    if not uri and (fault := foreign_credentials(store)):
        again = f"hornbook promote {run} --alias {alias} --tracking-uri {without_secrets(store)}"
        hint = f"`{again}`, once you trust it."
        raise HornbookError(Problem(code="HB904", message=f"The run is not promoted: {fault}.", hint=hint))
    database = sqlite_file(store)
    if database and not database.exists():
        message = f"There is no store of runs at {database}."
        hint = "Name the store that has the run with --tracking-uri."
        raise HornbookError(Problem(code="HB901", message=message, hint=hint))

    from mlflow import MlflowClient
    from mlflow.exceptions import MlflowException

    from hornbook_mlflow.patience import giving_up_early
    from hornbook_mlflow.registration import give_alias, register

    try:
        with giving_up_early():
            client = MlflowClient(store)
            page = client.get_run(mlflow_id)
            model = _model(client, page)
            chosen = name or _default_name(client, page, model, run, runs_dir)
            version = register(client, chosen, model, page.data.tags.get(_RUN_ID, ""))
            before = give_alias(client, version, alias)
    except MlflowException as error:
        raise _refusal(store, error) from error
    outcome = page.data.tags.get(_OUTCOME, "")
    return Promoted(version, alias, before, str(model.model_id), without_secrets(store), outcome)


def _where(run: str, runs_dir: Path) -> tuple[str, str | None]:
    """MLflow's id of a run, and the store that it is in where that is known."""
    folder = _folder(run, runs_dir)
    if folder is None:
        return run, None
    known = delivery(folder, MLFLOW)
    state, owed = known.state, read(folder.journal)[known.delivered :]
    if not {"uri", "run_id"} <= state.keys() or any(
        event["event"] == "ended" and event.get("model") for event in owed
    ):
        message = f"{folder.id} was not delivered to MLflow yet."
        raise HornbookError(
            Problem(code="HB903", message=message, hint=f"`hornbook sync {folder.id}` delivers it.")
        )
    return str(state["run_id"]), str(state["uri"])


def _folder(run: str, runs_dir: Path) -> RunFolder | None:
    """The folder of a run; none where it is named by MLflow's id."""
    try:
        return find(run, runs_dir)
    except HornbookError:
        if _MLFLOW_ID.fullmatch(run):
            return None
        raise


def _model(client: "MlflowClient", page: "Run") -> "LoggedModel":
    """The model that a run ended with, its last where it was resumed."""
    ids = [output.model_id for output in (page.outputs.model_outputs if page.outputs else ())]
    models = [model for model in map(client.get_logged_model, ids) if str(model.status) == "READY"]
    if not models:
        run = page.data.tags.get(_RUN_ID, page.info.run_id)
        hint = f"`hornbook resume {run}` goes on with a run that broke off"
        raise HornbookError(Problem(code="HB907", message=f"The run {_inert(run)} has no model.", hint=hint))
    return max(models, key=lambda model: int(model.creation_timestamp))


def _default_name(client: "MlflowClient", page: "Run", model: "LoggedModel", run: str, runs_dir: Path) -> str:
    """The registered model that a model belongs to, by what is known of it."""
    from hornbook_mlflow.registration import versions_of

    known = versions_of(client, model)
    if known:
        return str(known[0].name)
    folder = _folder(run, runs_dir)
    events = read(folder.journal) if folder else []
    started = next((event for event in events if event["event"] == "started"), {})
    asked = registration(started.get("tracking"))
    name = asked.name if asked else page.data.tags.get("hornbook.recipe") or "model"
    return name if not name_fault(name) else re.sub(r"[/:]", "-", name)


def _refusal(store: str, error: Exception) -> HornbookError:
    words = free_of_secrets(" ".join(str(error).split()))[:500]
    message = f"MLflow at {without_secrets(store)} did not do it: {_inert(words)}"
    hint = "Try again once it can be reached, or name another store with --tracking-uri."
    return HornbookError(Problem(code="HB908", message=message, hint=hint), exit_code=1)


def _inert(text: str) -> str:
    """Text from a store, made harmless for a terminal."""
    return "".join(sign if sign.isprintable() else " " for sign in text)
