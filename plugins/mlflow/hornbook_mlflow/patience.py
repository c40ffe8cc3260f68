"""How long MLflow asks a server again. What fails is offered again later, so it gives up early.

MLflow takes these settings from the environment. Those that the user made stay as they are.
"""

import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

_RETRIES = "MLFLOW_HTTP_REQUEST_MAX_RETRIES"
_TIMEOUT = "MLFLOW_HTTP_REQUEST_TIMEOUT"
# A server that refuses is known within a second; one that stutters is asked twice more.
_IMPATIENT = {
    _RETRIES: "2",
    "MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR": "0",
    "MLFLOW_HTTP_REQUEST_BACKOFF_JITTER": "0.5",
    _TIMEOUT: "10",
}
_UPLOAD_TIMEOUT = "300"
# MLflow prints the address of a run that ends, password and all.
_SILENT = {"MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true"}


@contextmanager
def giving_up_early() -> Iterator[None]:
    """Let MLflow give up on a server within seconds, not minutes, and say so once, with its error, only."""
    logging.getLogger("urllib3.connectionpool").setLevel(logging.ERROR)  # It tells of every try.
    impatient = {name: value for name, value in _IMPATIENT.items() if name not in os.environ}
    with _set({**impatient, **_SILENT}):
        yield


@contextmanager
def asking_once() -> Iterator[None]:
    """Let MLflow ask once: an answer that was lost may be that something was made, and must not be made twice."""
    with _set({_RETRIES: "0"}):
        yield


@contextmanager
def uploading() -> Iterator[None]:
    """Give a server time to store a file."""
    wanted = os.environ.get(_TIMEOUT)
    with _set({_TIMEOUT: _UPLOAD_TIMEOUT} if wanted == _IMPATIENT[_TIMEOUT] else {}):
        yield


@contextmanager
def _set(settings: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in settings}
    os.environ.update(settings)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
