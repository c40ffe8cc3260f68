"""Nothing is lost: real runs and a real server that is killed, or that answers badly. `outage.py` does it at length."""

import importlib
import json
import sys
from contextlib import chdir
from pathlib import Path

import pytest

from hornbook.runner.delivery.delivering import deliver
from hornbook.runner.journals.folder import RunFolder
from hornbook_mlflow.tracker import MlflowTracker

sys.path.insert(0, str(Path(__file__).parent))
outage = importlib.import_module("outage")
faults = importlib.import_module("faults")
sys.path.pop(0)

SECRET = "hush-7f3a"
BEGAN = 1795230900000


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A real server that stays up."""
    with outage.Server(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture
def impatient(monkeypatch):
    """As the forwarding does, but with less patience for a server that does not answer."""
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_TIMEOUT", "1")
    monkeypatch.setattr("hornbook_mlflow.delivering._RESPITE", 0.0)


@pytest.fixture
def ended(tmp_path):
    """Makes the folder of a run that has ended, with 40 epochs in its journal and some files; not delivered yet."""

    def _ended(name):
        folder = tmp_path / "runs" / f"20261121-050000-outage-{name}"
        (folder / "artifacts" / "reports").mkdir(parents=True)
        (folder / "artifacts" / "reports" / "learning_curves.png").write_bytes(b"png" * 1000)
        (folder / "recipe.yaml").write_text("recipe: 1\n")
        (folder / "environment.json").write_text("{}\n")
        lines = (json.dumps(event) + "\n" for event in journal(folder.name))
        (folder / "journal.jsonl").write_text("".join(lines))
        return RunFolder(folder)

    return _ended


def journal(run_id):
    """The events of a run as the core writes them."""
    data = {"name": "iris", "digest": "sha256:00", "modality": "features", "task": "classification"}
    data |= {"shape": [4], "classes": 3, "splits": {"train": 120, "validation": 30}}
    yield {
        "event": "started",
        "time": BEGAN,
        "run_id": run_id,
        "name": "outage",
        "task": "classification",
        "seed": 1,
        "backend": "jax",
        "tracking": {"experiment": "outages"},
        "parameters": {f"parameter.{number}": number for number in range(120)},
        "data": data,
        "recipe": "recipe.yaml",
    }
    for epoch in range(1, 41):
        metrics = {"loss": 1 / epoch, "val_loss": 2 / epoch, "learning_rate": 0.01}
        speed = {"seconds": 0.1, "examples_per_second": 1200.0}
        yield {"event": "epoch", "time": BEGAN + 100 * epoch, "epoch": epoch, "metrics": metrics, **speed}
    yield {
        "event": "ended",
        "time": BEGAN + 5000,
        "outcome": "finished",
        "metrics": {"val_loss": 0.05},
        "seconds": 5.0,
    }


@pytest.mark.slow
@pytest.mark.parametrize("fault", faults.FAULTS)
def test_a_server_that_answers_badly_has_everything_once_in_the_end(
    server, ended, tmp_path, impatient, fault, monkeypatch
):
    from mlflow import MlflowClient

    folder = ended(fault)
    with faults.FaultyProxy(server.port, fault, seed=5, slow=0.05) as proxy:
        delivery = deliver(folder, MlflowTracker(), proxy.address)
        for _ in range(20):
            if not delivery.owed:
                break
            assert delivery.error
            delivery = deliver(folder, MlflowTracker())
        proxy.fault = ""
        delivery = deliver(folder, MlflowTracker())
        assert (delivery.owed, delivery.error) == (0, "")
        assert proxy.hits
    client = MlflowClient(server.address)
    experiment = client.get_experiment_by_name("outages").experiment_id
    (page,) = client.search_runs([experiment], f"tags.`hornbook.run_id` = '{folder.id}'")
    assert page.info.status == "FINISHED"
    assert len(page.data.params) == 121
    for name, values in outage._expected(list(journal(folder.id))).items():
        found = client.get_metric_history(page.info.run_id, name)
        assert sorted((one.step, one.value, one.timestamp) for one in found) == values
    files = client.list_artifacts(page.info.run_id, "reports")
    assert [(file.path, file.file_size) for file in files] == [("reports/learning_curves.png", 3000)]


@pytest.mark.slow
def test_runs_through_a_server_that_is_killed_have_everything_once_after_sync_and_tell_no_secret(tmp_path):
    with outage.Server(tmp_path) as server:
        uri = server.address.replace("//", f"//ada:{SECRET}@")
        with outage.Outages(server, seed=4):
            result = outage.carry_out(tmp_path, 2, 2, "jax", uri, epochs=200)
        outage.synchronize(tmp_path)
        outage.compare(tmp_path, server.address, result)
        assert server.kills
    assert (result.outcomes, result.wrong) == ({0: 2}, [])
    assert result.metrics > 2000
    assert leaks(tmp_path) == []  # neither the runs' folders nor the store, nor what the server logs


@pytest.mark.slow
def test_runs_at_once_into_one_sqlite_store_lose_nothing(tmp_path):
    store = f"sqlite:///{tmp_path}/mlflow.db"
    result = outage.carry_out(tmp_path, 3, 3, "jax", store, epochs=30)
    assert result.outcomes == {0: 3}
    outage.synchronize(tmp_path)
    outage.compare(tmp_path, store, result)
    assert result.wrong == []


ADDRESSES = {
    "refused": "http://ada:{secret}@127.0.0.1:9",
    "unknown host": "http://ada:{secret}@no-such-host.invalid",
    "a slash in the password": "http://ada:x/{secret}@127.0.0.1:9",
    "an at sign in the password": "http://ada:x@{secret}@127.0.0.1:9",
    "a token": "http://{secret}@127.0.0.1:9/path?token={secret}",
    "no such database": "postgresql://ada:{secret}@127.0.0.1:9/runs?password={secret}",
    "no scheme that is known": "nonsense://ada:{secret}@127.0.0.1",
}


@pytest.mark.parametrize("address", ADDRESSES.values(), ids=ADDRESSES)
def test_no_failure_writes_a_secret_down(ended, tmp_path, monkeypatch, address):
    uri = address.format(secret=SECRET)
    for number, given in enumerate([uri, None]):
        if given is None:
            monkeypatch.setenv("MLFLOW_TRACKING_URI", uri)
        with chdir(tmp_path):
            delivery = deliver(ended(f"secret-{number}"), MlflowTracker(), given)
        assert delivery.error
        assert delivery.owed == 42
        assert SECRET not in repr(delivery)
    assert leaks(tmp_path) == []


def leaks(folder):
    """The files below a folder that hold the secret."""
    return [
        str(file) for file in folder.rglob("*") if file.is_file() and SECRET.encode() in file.read_bytes()
    ]
