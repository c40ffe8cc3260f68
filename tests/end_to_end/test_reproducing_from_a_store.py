"""A run of which only the tracking store is left is fetched from there, and gives the same bits."""

import shutil
from pathlib import Path

import pytest

import hornbook


@pytest.mark.slow
def test_a_run_whose_folder_is_gone_is_reproduced_from_the_store(tmp_path):
    from mlflow import MlflowClient

    run = hornbook.run("iris", ["training.epochs=3", "~expect"])
    (delivery,) = run.deliveries
    assert delivery.owed == 0, delivery.error
    shutil.rmtree(tmp_path / "runs")

    done = hornbook.reproduce(delivery.state["run_id"])
    assert done.verdict == "identical"
    assert done.comparison.reproduces == run.id
    assert done.comparison.weights.verdict == "identical"
    assert {one.when for one in done.comparison.metrics} == {"epochs", "end"}
    assert (done.comparison.changes, done.comparison.remarks) == ((), ())

    client = MlflowClient(delivery.state["uri"])
    again = client.get_run(done.run.deliveries[0].state["run_id"])
    assert again.data.tags["hornbook.reproduces"] == run.id
    artifacts = {one.path for one in client.list_artifacts(again.info.run_id)}
    assert {"reproduction.json", "recipe.yaml", "environment.json"} <= artifacts
    assert len(list(Path("runs").iterdir())) == 1
    recipe = (done.run.folder.recipe).read_text()
    assert "name: iris" in recipe and str(Path("/tmp/hornbook-run-")) not in recipe
