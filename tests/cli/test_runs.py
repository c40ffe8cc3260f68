"""`hornbook runs`, and what runs and resumptions say of damaged journals and of errors."""

import json

import pytest

from hornbook.runner.journals.folder import RunFolder

FAILING = """
recipe: 1
name: failing
data: {use: iris}
model:
  - {use: embedding, input_dim: 1, output_dim: 2}  # a flower's leaves are longer than that
  - flatten
  - {use: dense, units: 3, activation: softmax}
loss: categorical_crossentropy
training: {epochs: 1}
"""


@pytest.fixture
def torn(tmp_path):
    """A run that was killed while it wrote its second epoch."""
    folder = RunFolder(tmp_path / "runs" / "20260101-000000-torn-0000")
    folder.path.mkdir(parents=True)
    events = [{"event": "started", "name": "torn"}, {"event": "epoch", "epoch": 1, "metrics": {"loss": 1.0}}]
    folder.journal.write_text("".join(json.dumps(one) + "\n" for one in events) + '{"event": "epoch", "ep')
    return folder


def test_a_torn_line_is_said_to_be_left_out(invoke, torn):
    done = invoke("runs")
    assert done.code == 0
    assert f"the journal of {torn.id} is damaged: its last line is torn, and left out (22 bytes)" in done.err
    assert "1" in done.out and torn.id in done.out
    assert "is damaged" in invoke("runs", "--json").err
    (told,) = invoke("runs", "--json").json["runs"]
    assert told["damage"] == "its last line is torn, and left out (22 bytes)"


def test_where_a_run_failed_is_kept_and_named(hornbook, tmp_path):
    (tmp_path / "failing.yaml").write_text(FAILING)
    # Of the backends this one looks whether an index is too great; JAX takes nan for what it does not find.
    done = hornbook("run", "failing.yaml", "--no-tracking", "--backend", "tensorflow")
    assert done.code == 1
    assert done.out.startswith("failed: failing")
    run = next((tmp_path / "runs").iterdir())
    place = run / "artifacts" / "traceback.txt"
    assert f"traceback  {place.relative_to(tmp_path)}" in done.out
    text = place.read_text()
    assert text.startswith("Traceback (most recent call last)") and "indices" in text
    assert json.loads((run / "journal.jsonl").read_text().splitlines()[-1])["outcome"] == "failed"
