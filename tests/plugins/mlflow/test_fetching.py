"""What a store gives back of a run: what was delivered, as far as it is there."""

import json
import math
from contextlib import chdir
from pathlib import Path

import pytest

from hornbook.runner.journals.folder import RunFolder
from hornbook.runner.journals.journal import read
from hornbook.runner.journals.record import record
from hornbook_mlflow.tracker import MlflowTracker

RECIPE = """
recipe: 1
name: digits
metrics:
- {use: metrics/accuracy, name: accuracy}
- {use: metrics/top_k, name: 'top[5]'}
- {use: metrics/mean, name: nested/mean}
"""


@pytest.fixture
def fetched(tmp_path):
    """Fetches a run into a fresh folder: the folder, or nothing where the store has no such run."""
    count = 0

    def fetch(written, run, uri=None):
        nonlocal count
        count += 1
        folder = tmp_path / f"copy-{count}"
        folder.mkdir()
        with chdir(written.working_directory):
            found = MlflowTracker().fetch(run, folder, uri)
        return RunFolder(folder) if found else None

    return fetch


def test_what_was_delivered_comes_back(write, make, fetched):
    odd = {"top[5]": 0.5, "val_top[5]": 0.25, "nested/mean": 2.0, "val_nested/mean": 0.1 + 0.2}
    epochs = [make.epoch(1, **odd), make.epoch(2, loss="nan", val_loss="inf"), make.epoch(3)]
    final = {"val_loss": 0.07, "val_top[5]": 1 / 3, "test_nested/mean": 0.5, "val_accuracy": 0.98}
    written = write(make.started(), *epochs, make.ended(metrics=final))
    (written.folder / "recipe.yaml").write_text(RECIPE)
    (written.folder / "environment.json").write_text('{"python": "3.11.7"}')
    state = written.deliver()
    for run in (state["run_id"], written.events[0]["run_id"]):
        copy = fetched(written, run)
        assert copy.recipe.read_text() == RECIPE
        assert json.loads(copy.environment.read_text()) == {"python": "3.11.7"}
        found, wanted = record(copy), record(RunFolder(written.folder))
        assert (found.name, found.outcome, found.epochs) == ("digits", "finished", 3)
        assert found.metrics == wanted.metrics == final
        assert repr(found.history["loss"]) == repr(wanted.history["loss"])
        assert found.history["val_loss"][1] == math.inf and math.isnan(found.history["loss"][1])
        assert {name: found.history[name] for name in odd} == {name: wanted.history[name] for name in odd}
        assert found.history.keys() == wanted.history.keys()
        for name in ("run_id", "backend", "data"):
            assert found.details[name] == wanted.details[name]
        assert found.damage == ""


def test_a_run_that_is_on_has_no_end(write, make, fetched):
    written = write(make.started(), make.epoch(1))
    state = written.deliver()
    found = record(fetched(written, state["run_id"]))
    assert (found.outcome, found.epochs) == ("running", 1)


def test_a_run_that_was_given_more_epochs_says_so(write, make, fetched):
    parameters = {"training.epochs": 2}
    written = write(make.started(parameters=parameters), *map(make.epoch, (1, 2, 3)), make.ended())
    copy = fetched(written, written.deliver()["run_id"])
    assert [event["event"] for event in read(copy.journal)][:3] == ["started", "resumed", "epoch"]
    assert record(copy).resumptions[0]["epochs"] == 3


def test_what_is_not_there_is_not_found_and_nothing_is_made(write, fetched, tmp_path):
    written = write()
    assert fetched(written, "f" * 32) is None
    assert not Path(written.working_directory, "mlflow.db").exists()
    written.deliver()
    assert fetched(written, "f" * 32) is None
    assert fetched(written, "20261121-031500-digits-ffff") is None
    assert fetched(written, "' OR '1'='1") is None


def test_a_run_of_others_is_refused(write, fetched):
    from mlflow import MlflowClient

    written = write()
    written.deliver()
    client = MlflowClient(written.uri)
    run = client.create_run(client.search_experiments()[0].experiment_id)
    with pytest.raises(ValueError, match="was not made by Hornbook"):
        fetched(written, run.info.run_id)


def test_a_server_that_is_away_is_an_error(write, fetched):
    with pytest.raises(Exception, match=r"127\.0\.0\.1"):
        fetched(write(), "f" * 32, "http://127.0.0.1:9")
