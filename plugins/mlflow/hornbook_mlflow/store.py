"""Which MLflow store a run belongs to, and where that store keeps files. Imports no MLflow until it must.

The default is MLflow's own: `mlflow.db` in the working directory, and `mlruns/` beside it for artifacts,
so a plain `mlflow ui` started there shows the runs. Locations are given to MLflow as absolute paths,
because a later delivery need not be made from the same directory.
"""

import contextlib
import json
import os
import re
import sqlite3
import tempfile
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit, urlunsplit

import platformdirs

_SQLITE = "sqlite:///"
_LAYOUT = "?workflowType=machine_learning"
"""Without it MLflow shows its layout for generative AI."""

_REMOTE, _LOOPBACK = ("http", "https"), ("127.0.0.1", "localhost", "::1")
_CREDENTIALS = ("MLFLOW_TRACKING_TOKEN", "MLFLOW_TRACKING_USERNAME", "MLFLOW_TRACKING_PASSWORD")
_SECRET = re.compile(r"pass|pwd|token|secret|key|credential|signature|auth", re.IGNORECASE)


def store_uri(given: str | None, remembered: str | None = None) -> str:
    """Choose the store that a run is delivered to.

    Args:
        given: The store that the user asked for, if any.
        remembered: The store that the run is in already or was meant for, if any, free of secrets.

    Returns:
        The first there is of: `given`, `remembered`, `MLFLOW_TRACKING_URI`, and `mlflow.db` in the
        working directory. A SQLite file is named by its absolute path.
    """
    uri = given or _with_secrets(remembered) or os.environ.get("MLFLOW_TRACKING_URI")
    if not uri:
        return sqlite_uri(Path("mlflow.db"))
    database = sqlite_file(uri)
    return sqlite_uri(database) if database else uri


def _with_secrets(remembered: str | None) -> str | None:
    """A store that was remembered, with the user name and password that the environment gives for it."""
    ambient = os.environ.get("MLFLOW_TRACKING_URI")
    return ambient if ambient and remembered and without_secrets(ambient) == remembered else remembered


def foreign_credentials(store: str) -> str:
    """Why a store that nobody named must not be given what the environment knows to log in with; empty if it may.

    Where a run is meant to go is written in its folder, and folders come from anybody's disk.

    Args:
        store: The store's URI.
    """
    ambient = os.environ.get("MLFLOW_TRACKING_URI", "")
    here, there = urlsplit(_mended(ambient)), urlsplit(_mended(store))
    known = any(os.environ.get(name) for name in _CREDENTIALS)
    elsewhere = there.scheme in _REMOTE and there.hostname not in _LOOPBACK
    if not known or not elsewhere or here.netloc.rpartition("@")[2] == there.netloc.rpartition("@")[2]:
        return ""
    where = without_secrets(ambient) if here.scheme in _REMOTE else "a store that is not said"
    return (
        f"it is meant for {without_secrets(store)}, and what is in the environment to log in with is for {where}: "
        "name the store with --tracking-uri"
    )


def sqlite_uri(database: Path) -> str:
    """Name a SQLite file by a URI, as SQLAlchemy reads it: what is special in a URL is escaped."""
    return _SQLITE + database.absolute().as_posix().replace("%", "%25").replace("?", "%3F")


def sqlite_file(uri: str) -> Path | None:
    """Find the file of a SQLite URI, absolute; none for other stores."""
    path = unquote(uri.removeprefix(_SQLITE).partition("?")[0])
    return Path(path).absolute() if uri.startswith(_SQLITE) and path not in ("", ":memory:") else None


def without_secrets(uri: str) -> str:
    """Take user name, password, and query parameters that may be secret out of a URI.

    Example:
        >>> without_secrets("postgresql://ada:hush@db.example:5432/runs?sslmode=require&password=hush")
        'postgresql://db.example:5432/runs?sslmode=require'
    """
    if uri.startswith(_SQLITE):
        return uri
    parts = urlsplit(_mended(uri))
    items = (item for item in parts.query.split("&") if item)
    query = "&".join(item for item in items if not _SECRET.search(item.partition("=")[0]))
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, query, ""))


def scrubbed(text: str, uri: str) -> str:
    """Take out of a text all that `without_secrets` takes out of a URI, wherever it stands.

    Example:
        >>> scrubbed("no 'hush' at https://ada:hush@mlflow.example", "https://ada:hush@mlflow.example")
        "no '…' at https://…@mlflow.example"
    """
    if uri.startswith(_SQLITE):
        return text
    person = uri.partition("://")[2].rpartition("@")[0]
    query = urlsplit(uri).query.split("&")
    values = (value for name, _, value in (item.partition("=") for item in query) if _SECRET.search(name))
    pieces = {person, person.partition(":")[2], *values}
    for piece in sorted(pieces | {unquote(piece) for piece in pieces}, key=len, reverse=True):
        text = text.replace(piece, "…") if piece else text
    return text


def _mended(uri: str) -> str:
    """Drop what was meant as user name and password although a `/` in it hides that."""
    scheme, separator, rest = uri.partition("://")
    host, _, path = rest.partition("/")
    hidden = "@" in path and "@" not in host and re.fullmatch(r"[^:]+:(?!\d+$).*", host)
    return f"{scheme}{separator}{rest.rpartition('@')[2]}" if hidden else uri


def artifact_location(uri: str, experiment: str) -> str | None:
    """Say where a new experiment keeps its artifacts: beside a SQLite file; elsewhere the store decides."""
    database = sqlite_file(uri)
    if database is None:
        return None
    name = quote(experiment, safe=" ")[:200].strip(". ") or "experiment"
    return (database.parent / "mlruns" / name).as_uri()


def run_page(server: str, experiment_id: str, run_id: str) -> str:
    """Give the address of a run's page, in MLflow's layout for model training."""
    return f"{_root(server)}/{run_link(experiment_id, run_id)}"


def artifact_page(experiment_id: str, run_id: str, path: str) -> str:
    """Give the address of an artifact, from within MLflow's pages."""
    return f"#/experiments/{quote(experiment_id)}/runs/{quote(run_id)}/artifacts/{quote(path)}{_LAYOUT}"


def run_link(experiment_id: str, run_id: str) -> str:
    """Give the address of a run's page, from within MLflow's pages."""
    return f"#/experiments/{quote(experiment_id)}/runs/{quote(run_id)}{_LAYOUT}"


def comparison_link(experiment_id: str, run_ids: Sequence[str]) -> str:
    """Give the address of the comparison of runs, from within MLflow's pages."""
    told = {"runs": list(run_ids), "experiments": [experiment_id]}
    query = "&".join(f"{key}={quote(json.dumps(ids, separators=(',', ':')))}" for key, ids in told.items())
    # MLflow looks for the runs right behind the question mark.
    return f"#/compare-runs?{query}&{_LAYOUT[1:]}"


def version_link(name: str, version: str) -> str:
    """Give the address of a version of a registered model, from within MLflow's pages."""
    return f"#/models/{quote(name, safe='')}/versions/{quote(version)}{_LAYOUT}"


def version_page(server: str, name: str, version: str) -> str:
    """Give the address of a version of a registered model, in MLflow's layout for model training."""
    return f"{_root(server)}/{version_link(name, version)}"


def front_page(server: str) -> str:
    """Give the address of the list of experiments, in MLflow's layout for model training."""
    return f"{_root(server)}/#/experiments{_LAYOUT}"


def _root(server: str) -> str:
    return without_secrets(server).partition("?")[0].rstrip("/")


def make_ready(uri: str) -> None:
    """Make a SQLite store that does not exist yet, from a copy that MLflow made earlier on this machine.

    MLflow takes more than a second to build an empty store, by replaying all its migrations. The empty
    store is therefore built once for each version of MLflow, kept in the user's cache directory, and
    copied. The copy appears whole or not at all, so runs that start together do not meet half a store.
    Where any of this fails nothing is done: MLflow then builds the store itself.

    Args:
        uri: The store's URI. Nothing happens unless it is a SQLite file that does not exist.
    """
    database = sqlite_file(uri)
    if database is None or database.exists():
        return
    with contextlib.suppress(Exception):
        template = _template()
        database.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".mlflow-", dir=database.parent) as scratch:
            copy = Path(scratch) / "copy.db"
            copy.write_bytes(template.read_bytes())
            with contextlib.closing(sqlite3.connect(copy)) as connection:
                healthy = connection.execute("PRAGMA quick_check").fetchone() == ("ok",)
            if not healthy:
                template.unlink()
                return
            # A link, unlike a rename, never replaces a store that another process has made meanwhile.
            os.link(copy, database)


def _template() -> Path:
    cache = platformdirs.user_cache_path("hornbook", appauthor=False)
    template = cache / f"mlflow-{version('mlflow')}.db"
    if not template.exists():
        from mlflow.db import upgrade

        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as scratch:
            fresh = Path(scratch) / "fresh.db"
            # What `mlflow db upgrade` does on an empty database, without a process of its own.
            upgrade.callback(sqlite_uri(fresh))
            fresh.replace(template)
    return template
