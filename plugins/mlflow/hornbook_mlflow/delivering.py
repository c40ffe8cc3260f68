"""Delivers journals to an MLflow store: that of a run, or that of a sweep."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

from hornbook.tracker import Event, State
from hornbook_mlflow.delivery import RunDelivery
from hornbook_mlflow.pages import Pages
from hornbook_mlflow.patience import giving_up_early
from hornbook_mlflow.store import foreign_credentials, make_ready, scrubbed, store_uri, without_secrets
from hornbook_mlflow.sweep import SweepDelivery, is_of_sweep

_RESPITE = 30.0
"""Seconds for which a server that did not answer is left alone: `sync` may have many runs for it."""

_silent: dict[str, float] = {}


def deliver(folder: Path, events: Sequence[Event], state: State, uri: str | None) -> State:
    """Deliver the next events of a run or a sweep; see `MlflowTracker.deliver`."""
    if not events:
        return state
    store = store_uri(uri, state.get("uri"))
    if not uri and (fault := foreign_credentials(store)):
        raise MlflowException(fault)
    make_ready(store)
    with giving_up_early(), _keeping_secrets(store), _unless_silent(store):
        pages = Pages(MlflowClient(store), store)
        delivery = SweepDelivery(folder, pages) if is_of_sweep(events) else RunDelivery(folder, pages)
        return delivery.deliver(events, state)


def prepare(uri: str | None) -> None:
    """Make a missing store and open it, so that the first delivery is quick; see `MlflowTracker.prepare`."""
    store = store_uri(uri)
    make_ready(store)
    with giving_up_early():
        MlflowClient(store).search_experiments(max_results=1)


@contextmanager
def _unless_silent(store: str) -> Iterator[None]:
    if time.monotonic() - _silent.get(store, -_RESPITE) < _RESPITE:
        raise MlflowException(f"{without_secrets(store)} did not answer a moment ago")
    try:
        yield
    except MlflowException as error:
        if "timed out" in str(error).lower():
            _silent[store] = time.monotonic()
        raise


@contextmanager
def _keeping_secrets(store: str) -> Iterator[None]:
    """Errors name addresses; what is secret in the store's must not be in what is written of them."""
    try:
        yield
    except Exception as error:
        told = scrubbed(str(error), store)
        if told == str(error):
            raise
        raise MlflowException(told) from None
