"""The model registry: a run's model as a version of a registered model, and the aliases that point at versions.

An alias is moved once for each version that asks for it: a version that has had its alias says so in a tag,
so a run that is delivered again does not take the alias back from a later one.
"""

from dataclasses import dataclass

from mlflow import MlflowClient
from mlflow.entities import LoggedModel
from mlflow.entities.model_registry import ModelVersion
from mlflow.exceptions import MlflowException

from hornbook.tracker import Event
from hornbook_mlflow.markdown import escape, link, plain
from hornbook_mlflow.patience import asking_once
from hornbook_mlflow.store import version_link
from hornbook_mlflow.wishes import Registration, alias_fault, name_fault, registration

_GIVEN = "hornbook.alias."
_RUN_ID = "hornbook.run_id"
_ABSENT = ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE")
_REFUSED = (*_ABSENT, "PERMISSION_DENIED", "FEATURE_DISABLED", "NOT_IMPLEMENTED", "BAD_REQUEST")
"""Error codes of what will be refused again; all others are worth another try."""


@dataclass(frozen=True, slots=True)
class Registered:
    """What came of it that a recipe asked for registration.

    Args:
        asked: What it asked for.
        version: The version that the model is; empty where it was not registered.
        reason: Why it was not.
    """

    asked: Registration
    version: str = ""
    reason: str = ""

    @property
    def told(self) -> str:
        """It in a line."""
        name, alias = plain(self.asked.name, 100), plain(self.asked.alias, 100)
        if not self.version:
            return f"not registered as {name}: {plain(self.reason)}"
        return f"registered as {name}, version {self.version}{f', alias {alias}' if alias else ''}"

    @property
    def described(self) -> str:
        """It in Markdown, with a link to the version."""
        name, alias = escape(self.asked.name, 100), escape(self.asked.alias, 100)
        if not self.version:
            return f"**Not registered** as {name} when it ended: {escape(self.reason, 400)}."
        page = link(f"{self.asked.name} version {self.version}", version_link(self.asked.name, self.version))
        return f"**Registered** as {page}{f', with the alias {alias}' if alias else ''}."


def register_run(
    client: MlflowClient, model_id: str | None, started: Event, ended: Event
) -> Registered | None:
    """Register the model of a run that has ended, if its recipe asks; once, however often it is called.

    Args:
        client: The store's client.
        model_id: The logged model; none where the run has none.
        started: The journal's event `started`.
        ended: The journal's event `ended`.

    Returns:
        What came of it; none where the recipe does not ask.

    Raises:
        MlflowException: The store could not be reached, or failed.
    """
    asked = registration(started.get("tracking"))
    if asked is None:
        return None
    of_many = (
        "trials of a sweep" if started.get("sweep") else "reproductions" if started.get("reproduces") else ""
    )
    if of_many:
        by_hand = f"hornbook promote {started['run_id']} --alias {asked.alias or 'candidate'}"
        return Registered(asked, reason=f"{of_many} are not by themselves; {by_hand} does it")
    if ended["outcome"] != "finished":
        return Registered(asked, reason=f"only a finished run is, and this one is {ended['outcome']}")
    if model_id is None:
        return Registered(asked, reason="the run has no model")
    fault = name_fault(asked.name) or (alias_fault(asked.alias) if asked.alias else "")
    if fault:
        return Registered(asked, reason=fault)
    try:
        version = register(client, asked.name, client.get_logged_model(model_id), str(started["run_id"]))
        if asked.alias and _GIVEN + asked.alias not in version.tags:
            give_alias(client, version, asked.alias)
    except MlflowException as error:
        if error.error_code not in _REFUSED:
            raise
        return Registered(asked, reason=f"MLflow refused: {error.message}")
    return Registered(asked, str(version.version))


def register(client: MlflowClient, name: str, model: LoggedModel, run_id: str) -> ModelVersion:
    """Make a logged model a version of a registered model, which is made where it is missing.

    Args:
        client: The store's client.
        name: The registered model's name.
        model: The logged model.
        run_id: Hornbook's id of the run.

    Returns:
        The version; the one there is where the model is one already.
    """
    versions = versions_of(client, model)
    known = next((version for version in versions if version.name == name), None)
    if known is not None:
        return known
    with asking_once():
        try:
            client.create_registered_model(name)
        except MlflowException as error:
            if error.error_code != "RESOURCE_ALREADY_EXISTS":
                raise
        # A server finds the files by itself. Without one, MLflow would look into its default store.
        served = client.tracking_uri.startswith(("http://", "https://"))
        source = _sources(model)[0 if served else 1]
        return client.create_model_version(
            name,
            source,
            model.source_run_id,
            tags={_RUN_ID: run_id},
            await_creation_for=0,
            model_id=model.model_id,
        )


def give_alias(client: MlflowClient, version: ModelVersion, alias: str) -> ModelVersion | None:
    """Point an alias at a version.

    Returns:
        The version that it pointed at before; none where there was no such alias.
    """
    before = holder(client, version.name, alias)
    if before is None or before.version != version.version:
        client.set_registered_model_alias(version.name, alias, str(version.version))
    client.set_model_version_tag(version.name, str(version.version), _GIVEN + alias, "given")
    return before


def holder(client: MlflowClient, name: str, alias: str) -> ModelVersion | None:
    """The version that an alias points at."""
    try:
        return client.get_model_version_by_alias(name, alias)
    except MlflowException as error:
        if error.error_code not in _ABSENT:
            raise
        return None


def versions_of(client: MlflowClient, model: LoggedModel) -> list[ModelVersion]:
    """The versions, of whatever registered models, that a logged model is; the first made first."""
    found = client.search_model_versions(f"run_id = '{model.source_run_id}'")
    # Not every store keeps the model's id with the version.
    same = (one for one in found if one.model_id == model.model_id or one.source in _sources(model))
    return sorted(same, key=lambda version: (version.creation_timestamp, int(version.version)))


def _sources(model: LoggedModel) -> tuple[str, str]:
    return f"models:/{model.model_id}", model.artifact_location
